import type { Client } from '@sotto/client-core'
import { UsageError } from '@sotto/protocol'
import type { Locking } from '@sotto/tui/screen'

import type { Invocation } from './commands/command.js'
import { lockingOf } from './locking.js'
import { withClient, type WithClientOptions } from './with-client.js'
import type { World } from './world.js'

/** What a chat works over: the account, or a made-up world with a clock that may stand still. */
export interface ChatPlace {
  readonly client: Pick<Client, 'account' | 'call' | 'subscribe'>
  readonly nowMs: () => number
  /** What closes the account while its screen is locked; a made-up one stays open. */
  readonly locking?: Locking
}

/** The account as for every command; with `--demo` people who are made up, and nothing on disk. */
export async function withChatClient(
  invocation: Invocation,
  work: (place: ChatPlace) => Promise<number>,
  options: Pick<WithClientOptions, 'passphrase'> = {},
): Promise<number> {
  const { globals, world } = invocation
  if (!globals.demo)
    return withClient(
      invocation,
      (client) => work({ client, nowMs: world.nowMs, locking: lockingOf(invocation, client) }),
      { ...options, receipts: true },
    )
  const { DemoClient } = await import('@sotto/tui/demo')
  const nowMs = demoClock(world)
  const client = new DemoClient(nowMs)
  try {
    return await work({ client, nowMs })
  } finally {
    client.close()
  }
}

/** `SOTTO_DEMO_CLOCK`, an RFC 3339 time, stops the clock there: the same picture each time. */
function demoClock({ env, nowMs }: World): () => number {
  const written = env['SOTTO_DEMO_CLOCK']
  if (written === undefined || written === '') return nowMs
  const stoppedMs = Date.parse(written)
  if (!Number.isNaN(stoppedMs)) return () => stoppedMs
  throw new UsageError('usage/invalid', `SOTTO_DEMO_CLOCK is no time: ${written}`, {
    fix: 'As in 2026-10-31T14:05:00Z',
  })
}
