import type { ContactObject } from '@sotto/client-core'

import { loadCore } from '../core.js'
import { DYNAMIC_KINDS, type DynamicKind } from '../flags/flag.js'
import { parseChoice } from '../flags/values.js'
import { Output } from '../print/output.js'
import { withClient } from '../with-client.js'
import type { Command, Invocation } from './command.js'

export const command: Command = {
  path: ['__complete'],
  group: 'About sotto',
  summary: 'print what a shell may offer, one a line',
  arguments: [
    { usage: '<kind>', summary: 'recipient, account or message', complete: DYNAMIC_KINDS },
    { usage: '[prefix]', summary: 'only what begins like this' },
  ],
  flags: [],
  details: [],
  examples: ['sotto __complete recipient @b'],
  exits: [],
  hidden: true,
  run,
}

/** Somebody waits with a finger on the key: with the time to start, 300 ms. */
const ANSWER_MS_MAX = 250

/** What a shell takes as it is; other names can be typed, and are not offered. */
const PLAIN = /^[\p{L}\p{N}@#:_.+-]+$/u

/** Prints nothing at all rather than an error, a question or an answer that comes too late. */
async function run(invocation: Invocation): Promise<number> {
  const { args, globals, world } = invocation
  const [kind = '', prefix = ''] = args
  const { stdout, stderr, nowMs } = world
  const output = new Output({ stdout, stderr, nowMs, json: false, quiet: true, color: false })
  const quiet = { ...invocation, output, globals: { ...globals, input: false } }
  const late = new Promise<readonly string[]>((resolve) => {
    setTimeout(() => resolve([]), globals.timeoutMs ?? ANSWER_MS_MAX).unref()
  })
  const offers = await Promise.race([late, offersOf(kind, quiet).catch(() => [])])
  const fitting = offers.filter((each) => each.startsWith(prefix) && PLAIN.test(each))
  for (const offer of [...new Set(fitting)].sort()) output.text(offer)
  return 0
}

async function offersOf(kind: string, invocation: Invocation): Promise<readonly string[]> {
  switch (parseChoice<DynamicKind>(kind, DYNAMIC_KINDS, 'kind')) {
    case 'account':
      return accountNames(invocation)
    case 'recipient':
      return recipients(invocation)
    case 'message':
      return ['@last', ...(await recipients(invocation)).map((each) => `@last:${each}`)]
  }
}

async function accountNames({ globals }: Invocation): Promise<readonly string[]> {
  const { listAccounts } = await loadCore()
  const { accounts } = await listAccounts({ home: { dataDir: globals.dataDir } })
  return accounts.map(({ id, username }) => username ?? id)
}

async function recipients(invocation: Invocation): Promise<readonly string[]> {
  const names: string[] = ['me']
  await withClient(invocation, async (client) => {
    for (const contact of await client.call('contact.list', {})) names.push(...namesOf(contact))
    return 0
  })
  return names
}

function namesOf({ id, alias, handle, claimedHandle }: ContactObject): readonly string[] {
  const names = [alias, handle ?? claimedHandle].flatMap((name) => name ?? [])
  return names.length === 0 ? [`acct:${id}`] : names
}
