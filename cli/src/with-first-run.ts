import { asSottoError } from '@sotto/protocol'

import type { Invocation } from './commands/command.js'
import { withChatClient, type ChatPlace } from './with-chat-client.js'

/** An account that is open, and whether it was made a moment ago. */
export interface FirstPlace extends ChatPlace {
  readonly isFirst: boolean
  /** Who was met by the link that somebody new had. */
  readonly met: Met | undefined
}

/** How the core answers whom it has made a contact. */
type Met = Awaited<ReturnType<typeof meet>>

/** Whoever left before there was an account, as with Ctrl-C. */
const INTERRUPTED = 130

/**
 * A chat over the account there is; where there is none and somebody can answer, over the one that a
 * first run leads to.
 */
export async function withFirstRun(
  invocation: Invocation,
  work: (place: FirstPlace) => Promise<number>,
): Promise<number> {
  try {
    return await withChatClient(invocation, (place) =>
      work({ ...place, isFirst: false, met: undefined }),
    )
  } catch (thrown) {
    if (!isNew(invocation, thrown)) throw thrown
  }
  const { firstRun } = await import('./first-run.js')
  const led = await firstRun(invocation)
  if (led === undefined) return INTERRUPTED
  return withChatClient(
    invocation,
    async (place) => {
      const met = led.invite === undefined ? undefined : await meet(place, led.invite)
      return work({ ...place, isFirst: met === undefined, met })
    },
    led.passphrase === undefined ? {} : { passphrase: led.passphrase },
  )
}

function meet({ client }: ChatPlace, invite: string) {
  return client.call('contact.add', { to: invite })
}

/** There is no account, and none was asked for by name. */
function isNew({ globals, world }: Invocation, thrown: unknown): boolean {
  const canAnswer = globals.input && world.stdin.isTTY === true && world.stdout.isTTY === true
  return canAnswer && globals.account === undefined && asSottoError(thrown).code === 'account/none'
}
