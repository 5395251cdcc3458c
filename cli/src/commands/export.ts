import { resolve } from 'node:path'

import { safeJson, safeLine } from '@sotto/tui'

import { exportAccount } from '../export/export.js'
import { parseTime } from '../flags/times.js'
import { requireRecipient } from '../recipients.js'
import { withClient } from '../with-client.js'
import type { Command, Invocation } from './command.js'

export const command: Command = {
  path: ['export'],
  group: 'Accounts',
  summary: 'write contacts and messages out, unencrypted',
  arguments: [],
  flags: [
    {
      name: 'conversation',
      value: 'to',
      repeat: true,
      summary: 'only these; default all',
      complete: 'recipient',
    },
    {
      name: 'out',
      value: 'file',
      summary: 'a new file only you can read; default - (stdout)',
      complete: 'file',
    },
    { name: 'since', value: 'time', summary: 'only what was said from then on' },
  ],
  details: [
    'Prints JSON whether or not --json is given: first a line that tells what follows, then a line a contact, then the messages of each conversation, oldest first. Requests that were not accepted are left out.',
    'A file is there when it is whole, and not before; one that is there is replaced only with --yes.',
  ],
  examples: [
    'sotto export --out messages.ndjson',
    'sotto export --conversation @bob.42 --since 2026-10-01 | jq -r .message.text',
  ],
  object: { schema: 'export', many: true },
  exits: [66, 67],
  run,
}

async function run(invocation: Invocation): Promise<number> {
  const { flags, world } = invocation
  const conversations = flags.list('conversation').map(requireRecipient)
  const since = flags.read('since', (text) => parseTime(text, world.nowMs()))
  const out = flags.path('out') ?? '-'
  const request = { conversations, since, nowMs: world.nowMs }
  return out === '-' ? print(invocation, request) : write(invocation, request, out)
}

type Request = Omit<Parameters<typeof exportAccount>[0], 'client'>

async function print(invocation: Invocation, request: Request): Promise<number> {
  const { output } = invocation
  return withClient(invocation, async (client) => {
    for await (const lines of exportAccount({ client, ...request })) {
      for (const line of lines) output.result(line, () => safeJson({ v: 1, ...line }))
      await output.flush() // A slow reader is waited for.
    }
    return 0
  })
}

async function write(invocation: Invocation, request: Request, out: string): Promise<number> {
  const { globals, output, world } = invocation
  const { exportToFile } = await import('../export/export-file.js')
  const path = resolve(world.workingDir, out)
  return withClient(invocation, async (client) => {
    const summary = await exportToFile({
      ...{ client, ...request, path },
      ...{ replace: globals.yes, signal: world.signal },
    })
    const { messages, conversations } = summary
    output.result(
      { export: { ...summary, path } },
      () =>
        `${counted(messages, 'message')} of ${counted(conversations, 'conversation')}: ${safeLine(path)}`,
    )
    return 0
  })
}

function counted(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`
}
