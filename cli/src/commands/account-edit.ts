import { UsageError } from '@sotto/protocol'

import { parseChoice } from '../flags/values.js'
import { renderOwnAccount } from '../print/lines.js'
import { typedProxy } from '../proxy.js'
import { withClient } from '../with-client.js'
import type { Command, Invocation } from './command.js'

export const command: Command = {
  path: ['account', 'edit'],
  group: 'Accounts',
  summary: 'change its username, name, status or privacy',
  arguments: [],
  flags: [
    { name: 'name', value: 'name', summary: 'what contacts see; "" for none' },
    { name: 'status', value: 'text', summary: 'a line about yourself, for contacts; "" for none' },
    { name: 'username', value: 'name.number', summary: 'how others find it; the old one is free' },
    { name: 'no-username', summary: 'others find it only by an invite or its id' },
    {
      ...{ name: 'read-receipts', value: 'on|off', complete: ['on', 'off'] },
      summary: 'whether others learn that you have read, and you that they have',
    },
    {
      ...{ name: 'typing', value: 'on|off', complete: ['on', 'off'] },
      summary: 'whether others learn that you are typing, and you that they are',
    },
  ],
  details: [
    'With --proxy the relay is reached through it from now on, with --proxy none directly.',
    'Name and status travel sealed, to contacts only; without the relay they go when it is back.',
    'With --read-receipts off none is sent from now on, and nobody’s is shown or kept: what is read stays delivered. Delivered receipts are always sent.',
    'With --typing off nobody is told that you type, and you are not told that others do.',
    'A username is changed at the relay first: where that fails, nothing is changed. Interrupted, the same command finishes it.',
  ],
  examples: [
    'sotto account edit --name "Alice" --status "at sea until Monday"',
    'sotto account edit --username alice.77',
    'sotto account edit --read-receipts off',
  ],
  object: { schema: 'account', many: false },
  exits: [69, 77],
  run,
}

async function run(invocation: Invocation): Promise<number> {
  const { flags, output } = invocation
  const noUsername = flags.isOn('no-username')
  const change = {
    name: flags.text('name'),
    status: flags.text('status'),
    username: flags.text('username')?.replace(/^@/, ''),
    proxy: typedProxy(invocation),
    readReceipts: onOrOff(flags.text('read-receipts')),
    typing: onOrOff(flags.text('typing')),
  }
  if (!noUsername && Object.values(change).every((each) => each === undefined)) {
    throw new UsageError('usage/invalid', 'nothing to change', {
      fix: 'Give --name, --status, --username, --no-username, --read-receipts, --typing or --proxy.',
    })
  }
  if (noUsername && change.username !== undefined) {
    throw new UsageError('usage/invalid', 'either a username or none', {
      fix: 'Leave out --username or --no-username.',
    })
  }
  return withClient(
    invocation,
    async (client) => {
      const account = await client.call('account.edit', { ...change, noUsername })
      output.result({ account }, (look) => renderOwnAccount(account, look))
      return 0
    },
    { receipts: true }, // Contacts hear of it now, where they can.
  )
}

function onOrOff(typed: string | undefined): boolean | undefined {
  return typed === undefined ? undefined : parseChoice(typed, ['on', 'off'], 'switch') === 'on'
}
