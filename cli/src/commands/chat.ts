import type { Client, ContactObject, ConversationObject } from '@sotto/client-core'
import { NotFoundError, UsageError } from '@sotto/protocol'
import { safeLine, type ChatConversation } from '@sotto/tui'

import { requireRecipient } from '../recipients.js'
import { unlessAborted, withClient } from '../with-client.js'
import type { Command, Invocation } from './command.js'

export const command: Command = {
  path: ['chat'],
  group: 'Talking',
  summary: 'talk in the terminal',
  arguments: [{ usage: '[to]', summary: 'with whom; asked when left out', complete: 'recipient' }],
  flags: [],
  details: ['A line prompt: what you type is sent, what comes is shown. /help tells the rest.'],
  examples: ['sotto chat @bob.42'],
  exits: [67, 83],
  run,
}

const INTERRUPTED = 130

async function run(invocation: Invocation): Promise<number> {
  const { args, output, world } = invocation
  const to = args[0] === undefined ? undefined : requireRecipient(args[0])
  if (world.stdin.isTTY !== true || world.stdout.isTTY !== true) {
    throw new UsageError('usage/invalid', 'chat needs a terminal', {
      fix: 'In scripts: sotto send, sotto receive --follow',
    })
  }
  return withClient(
    invocation,
    async (client) => {
      const conversation =
        to === undefined ? await choose(client, invocation) : await find(client, to)
      const { openLineChat } = await import('@sotto/tui')
      const how = await openLineChat({
        ...{ client, conversation, input: world.stdin, output: world.stdout, terminal: true },
        ...{ paint: output.look.paint, nowMs: world.nowMs, signal: world.signal },
      })
      return how === 'interrupted' ? INTERRUPTED : 0
    },
    { receipts: true, lasting: true },
  )
}

/** Somebody known, or somebody to look up. */
async function find(client: Client, to: string): Promise<ChatConversation> {
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

/** The only one there is; of several, the one that is picked. */
async function choose(client: Client, { globals, world }: Invocation): Promise<ChatConversation> {
  const contacts = await client.call('contact.list', {})
  const [only] = contacts
  if (only === undefined) {
    throw new NotFoundError('recipient/unknown', 'there is nobody to talk to yet', {
      fix: 'sotto chat @bob.42\nsotto contact add @bob.42 --as bob',
    })
  }
  if (contacts.length === 1) return chatWith(only)
  const names = contacts.map(({ conversation }) => nameOf(conversation))
  const rows = names.map((name, index) => `  ${String(index + 1)}  ${name}`)
  if (!globals.input) {
    throw new UsageError('usage/invalid', 'with whom?', { fix: rows.join('\n') })
  }
  const { createInterface } = await import('node:readline/promises')
  const prompt = createInterface({ input: world.stdin, output: world.stdout })
  try {
    const question = `${rows.join('\n')}\nwith whom? (number) `
    const answer = await unlessAborted(world.signal, prompt.question(question))
    const chosen = contacts[Number(answer) - 1]
    if (chosen !== undefined) return chatWith(chosen)
    throw new UsageError('usage/invalid', `no such number: ${answer}`, { fix: 'sotto chat @bob' })
  } finally {
    prompt.close()
  }
}

function nameOf({ name }: ConversationObject): string {
  return safeLine(name)
}
