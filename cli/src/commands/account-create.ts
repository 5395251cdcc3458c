import { UsageError } from '@sotto/protocol'

import { loadCore } from '../core.js'
import { renderAccount } from '../print/lines.js'
import { unlessAborted } from '../with-client.js'
import type { Invocation } from './command.js'

export async function run({ flags, globals, output, world }: Invocation): Promise<number> {
  const relay = flags.text('relay')
  if (relay === undefined) {
    throw new UsageError('usage/invalid', 'which relay?', {
      fix: 'sotto account create --relay https://relay.example --username alice.42',
    })
  }
  const { createAccount } = await loadCore()
  const created = await unlessAborted(
    world.signal,
    createAccount({
      home: { dataDir: globals.dataDir },
      relay,
      ...named('username', flags.text('username')),
      ...named('name', flags.text('name')),
      ...named('code', flags.text('code')),
    }),
  )
  output.result({ account: created.account }, (look) => renderAccount(created.account, look))
  if (created.pinnedRoot !== undefined) {
    output.note(`the relay’s root key is now pinned: #root=${created.pinnedRoot}`)
  }
  if (created.keyWarning !== undefined) output.note(created.keyWarning.replace(/^warning: /, ''))
  return 0
}

function named<Name extends string>(
  name: Name,
  value: string | undefined,
): Partial<Record<Name, string>> {
  return value === undefined ? {} : ({ [name]: value } as Record<Name, string>)
}
