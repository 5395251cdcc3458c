import { asSottoError } from '@sotto/protocol'
import type { ScreenOptions } from '@sotto/tui/screen'

import { withChatClient, type ChatPlace } from '../with-chat-client.js'
import type { Command, Invocation } from './command.js'

/** `sotto` without a command, where somebody can answer. It stands in no table: it has no name. */
export const command: Command = {
  ...{ path: [], group: 'Talking', summary: 'open the chat screen', arguments: [], flags: [] },
  ...{ details: [], examples: ['sotto'], exits: [83], run },
}

const STDOUT = 1

async function run(invocation: Invocation): Promise<number> {
  try {
    return await withChatClient(invocation, (place) => open(invocation, place))
  } catch (thrown) {
    if (!isFirst(invocation, thrown)) throw thrown
    const { firstRun } = await import('../first-run.js')
    const answers = await firstRun(invocation)
    if (answers === undefined) throw thrown
    return withChatClient(invocation, async (place) => {
      if (answers.invite === undefined) return open(invocation, place)
      const { conversation } = await place.client.call('contact.add', { to: answers.invite })
      return open(invocation, { ...place, conversation: conversation.id })
    })
  }
}

/** There is no account, and none was asked for by name. */
function isFirst({ globals }: Invocation, thrown: unknown): boolean {
  return globals.account === undefined && asSottoError(thrown).code === 'account/none'
}

async function open(
  { globals, world }: Invocation,
  place: ChatPlace & Pick<ScreenOptions, 'conversation'>,
): Promise<number> {
  const { openScreen, colorDepth } = await import('@sotto/tui/screen')
  const { themeFolder } = await import('../config/themes.js')
  await openScreen({
    ...{ ...place, signal: world.signal, themes: themeFolder(globals.config, world) },
    terminal: { input: world.stdin, output: world.stdout, outputFd: STDOUT },
    colors: globals.color ? colorDepth(world.env) : 'none',
  })
  return 0
}
