import type { Client } from '@sotto/client-core'

import type { Invocation } from './commands/command.js'
import { loadCore } from './core.js'
import { openOptions } from './open-options.js'

/** Receipts wait a random while by design (10 s at most); a command that is done waits for them. */
const FLUSH_MS_MAX = 10_000

export interface WithClientOptions {
  /** Let due receipts go out before closing: for commands that received something. */
  readonly receipts?: boolean
}

/**
 * Opens the account, works, closes it. The first signal ends the work; what was queued by then is
 * on disk, since nothing the client answers is not.
 */
export async function withClient(
  invocation: Invocation,
  work: (client: Client) => Promise<number>,
  { receipts = false }: WithClientOptions = {},
): Promise<number> {
  const { output, world } = invocation
  const { openClient } = await loadCore()
  world.signal.throwIfAborted()
  const client = await openClient(openOptions(invocation))
  try {
    const exitCode = await unlessAborted(world.signal, work(client))
    if (receipts) {
      await output.flush()
      await unlessAborted(world.signal, client.call('relay.flush', { timeoutMs: FLUSH_MS_MAX }))
    }
    return exitCode
  } finally {
    await client.close()
  }
}

/** Rejects with the signal's reason when it aborts first. */
export function unlessAborted<Value>(signal: AbortSignal, work: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason as Error)
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
