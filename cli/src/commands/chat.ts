import type { ContactObject } from '@sotto/client-core'
import { UsageError } from '@sotto/protocol'
import type { ChatConversation } from '@sotto/tui'

import { unreadable } from '../input-stream.js'
import { requireRecipient } from '../recipients.js'
import { reviveRelay } from '../revive-relay.js'
import { withChatClient, type ChatPlace } from '../with-chat-client.js'
import { withFirstRun, type FirstPlace } from '../with-first-run.js'
import type { Command, Invocation } from './command.js'

export const command: Command = {
  path: ['chat'],
  group: 'Talking',
  summary: 'talk in the terminal',
  arguments: [
    { usage: '[to]', summary: 'with whom; chosen in it when left out', complete: 'recipient' },
  ],
  flags: [],
  details: [
    'A line prompt: what you type is sent, what comes is shown. /help tells the rest.',
    'With --plain each line is printed once and nothing is ever redrawn: for screen readers, logs and terminals that can no more. sotto alone does the same there (TERM=dumb, INK_SCREEN_READER=true).',
  ],
  examples: ['sotto chat @bob.42', 'sotto --plain'],
  exits: [67, 83],
  run,
}

const INTERRUPTED = 130

async function run(invocation: Invocation): Promise<number> {
  const { args, globals, output, world } = invocation
  const to = args[0] === undefined ? undefined : requireRecipient(args[0])
  const isTerminal = world.stdin.isTTY === true && world.stdout.isTTY === true
  if (!isTerminal && !globals.plain) {
    throw new UsageError('usage/invalid', 'chat needs a terminal, or --plain', {
      fix: 'In scripts: sotto send, sotto receive --follow',
    })
  }
  return withPlace(invocation, async ({ client, nowMs, met }) => {
    if (!globals.demo) reviveRelay(globals.dataDir, client.account.relay)
    const conversation = to === undefined ? met && chatWith(met) : await find(client, to)
    const { openLineChat } = await import('@sotto/tui')
    const { personFiles } = await import('../export/person-files.js')
    const chat = openLineChat({
      ...{ client, conversation, input: world.stdin, output: world.stdout },
      // Plain: what is printed stays as it is, for whoever has it read aloud.
      terminal: isTerminal && !globals.plain,
      ...{ paint: output.look.paint, nowMs, signal: world.signal },
      files: personFiles(client, world),
    })
    const how = await chat.catch((thrown: unknown) => {
      throw unreadable('stdin', thrown)
    })
    return how === 'interrupted' ? INTERRUPTED : 0
  })
}

/** `sotto` alone asks who has no account yet what one needs; `sotto chat` says how to make one. */
function withPlace(
  invocation: Invocation,
  work: (place: FirstPlace) => Promise<number>,
): Promise<number> {
  if (invocation.spec.path.length === 0) return withFirstRun(invocation, work)
  return withChatClient(invocation, (place) => work({ ...place, isFirst: false, met: undefined }))
}

/** Somebody known, or somebody to look up. */
async function find(client: ChatPlace['client'], to: string): Promise<ChatConversation> {
  if (to === 'me') return { to, name: 'me', kind: 'self' }
  const contacts = await client.call('contact.list', {})
  const known = contacts.find((contact) => namesOf(contact).includes(to.toLowerCase()))
  return chatWith(known ?? (await client.call('contact.add', { to })))
}

function namesOf({ id, handle, alias, conversation }: ContactObject): readonly string[] {
  const names = [`acct:${id}`, `id:${conversation.id}`, handle, alias]
  return names.flatMap((name) => name?.toLowerCase() ?? [])
}

function chatWith({ id, conversation }: ContactObject): ChatConversation {
  return { to: `acct:${id}`, name: conversation.name, kind: 'direct' }
}
