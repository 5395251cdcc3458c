import { resolve } from 'node:path'

import type { Client } from '@sotto/client-core'
import { UsageError } from '@sotto/protocol'
import { safeLine } from '@sotto/tui'

import { confirm } from '../confirm.js'
import { loadCore } from '../core.js'
import { openOptions } from '../open-options.js'
import { renderDeleted } from '../print/lines.js'
import { unlessAborted } from '../with-client.js'
import type { Command, Invocation } from './command.js'

export const command: Command = {
  path: ['account', 'delete'],
  group: 'Accounts',
  summary: 'delete an account for good, here and at its relay',
  arguments: [
    {
      usage: '[name]',
      summary: 'which; the one of --account, or the only one',
      complete: 'account',
    },
  ],
  flags: [
    {
      name: 'export',
      value: 'file',
      summary: 'first write contacts and messages out, unencrypted',
      complete: 'file',
    },
    { name: 'local', summary: 'only here: the relay keeps what it has, and nobody can use it' },
  ],
  details: [
    'Asks on a terminal; a script says --yes. Nothing is deleted before the export is on disk, nor while the relay cannot be reached, unless with --local. Interrupted, the same command finishes it.',
    'Contacts are not told: what they write is refused from then on. Nobody can make the account again; its username is free.',
  ],
  examples: ['sotto account delete alice.42 --export alice.ndjson'],
  object: { schema: 'deleted', many: false },
  exits: [66, 69, 74, 83, 86],
  run,
}

async function run(invocation: Invocation): Promise<number> {
  const { args, flags, globals, output, world } = invocation
  const local = flags.isOn('local')
  const name = args[0] ?? globals.account
  const out = flags.path('export')
  if (out === '-') {
    throw new UsageError('usage/invalid', 'an export before a deletion goes into a file', {
      fix: 'Give a file, or first: sotto export > FILE',
    })
  }
  const path = out === undefined ? undefined : resolve(world.workingDir, out)
  const { deleteAccount } = await loadCore()
  const deleting = deleteAccount({
    ...openOptions(invocation),
    ...(name === undefined ? {} : { account: name }),
    local,
    confirm: ({ username, id }) =>
      confirm(invocation, `Delete ${safeLine(username ?? id)} for good${local ? ', here' : ''}?`),
    ...(path === undefined ? {} : { before: (client) => writeOut(client, path, invocation) }),
  })
  const { account, atRelay } = await unlessAborted(world.signal, deleting)
  const deleted = { account, atRelay, export: path ?? null }
  output.result({ deleted }, (look) => renderDeleted(deleted, look))
  if (!atRelay) {
    output.note(
      'the relay still has the account: its username stays taken, and what others send waits there for 30 days; nobody can read or use it',
    )
  }
  return 0
}

async function writeOut(client: Client, path: string, invocation: Invocation): Promise<void> {
  const { globals, world } = invocation
  const { exportToFile } = await import('../export/export-file.js')
  await exportToFile({
    ...{ client, path, conversations: [], since: undefined, nowMs: world.nowMs },
    ...{ replace: globals.yes, signal: world.signal },
  })
}
