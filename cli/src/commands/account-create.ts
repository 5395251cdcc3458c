import { UsageError } from '@sotto/protocol'

import { createWorking } from '../create-working.js'
import { newPassphrase } from '../passphrase/source.js'
import { relayWait } from '../open-options.js'
import { renderAccount } from '../print/lines.js'
import { proxySettings, typedProxy } from '../proxy.js'
import type { Command, Invocation } from './command.js'

export const command: Command = {
  path: ['account', 'create'],
  group: 'Accounts',
  summary: 'make an account on a relay',
  arguments: [],
  flags: [
    { name: 'relay', value: 'url', summary: 'https://host[:port][#root=KEY]; required' },
    { name: 'username', value: 'name.number', summary: 'how others find it: alice.42' },
    { name: 'name', value: 'name', summary: 'what contacts see; only they do' },
    {
      name: 'passphrase',
      summary: 'lock the store under a passphrase; --passphrase-file and the like imply it',
    },
    { name: 'status', value: 'text', summary: 'a line about yourself, for contacts' },
    {
      name: 'insecure',
      summary: 'permit http:// to a relay elsewhere: who is on the way sees times and sizes',
    },
    { name: 'code', value: 'code', summary: 'a sign-up code, where the relay wants one' },
  ],
  details: [
    'A relay may want some seconds of this computer’s work for an account. Ctrl-C gives it up, and so does --timeout; nothing has been made then.',
    'With --proxy the relay is reached through it from now on, not this once only. A relay without TLS is refused unless it is on this machine.',
  ],
  examples: ['sotto account create --relay https://relay.example --username alice.42'],
  object: { schema: 'account', many: false },
  exits: [69, 77, 82, 86],
  run,
}

async function run(invocation: Invocation): Promise<number> {
  const { flags, globals, output } = invocation
  const relay = flags.text('relay')
  if (relay === undefined) {
    throw new UsageError('usage/invalid', 'which relay?', {
      fix: 'sotto account create --relay https://relay.example --username alice.42',
    })
  }
  const passphrase =
    flags.isOn('passphrase') || globals.passphrase !== undefined
      ? { passphrase: await newPassphrase(invocation, globals.passphrase) }
      : {}
  const created = await createWorking(invocation, {
    home: { dataDir: globals.dataDir },
    relay,
    ...named('username', flags.text('username')),
    ...named('name', flags.text('name')),
    ...named('status', flags.text('status')),
    ...named('code', flags.text('code')),
    ...passphrase,
    insecure: flags.isOn('insecure'),
    proxy: proxySettings(invocation),
    ...relayWait(invocation),
    ...named('ownProxy', typedProxy(invocation)),
  })
  output.result({ account: created.account }, (look) => renderAccount(created.account, look))
  if (created.pinnedRoot !== undefined) {
    output.note(`the relay’s root key is now pinned: #root=${created.pinnedRoot}`)
  }
  if (relay.startsWith('http:') && flags.isOn('insecure')) {
    output.note('this relay is reached without TLS: who is on the way sees that, when and how much')
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
