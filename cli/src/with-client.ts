import type { PassphraseSource } from '@sotto/client-core'

import type { Invocation } from './commands/command.js'
import { findClient } from './find-client.js'
import { LastingClient } from './lasting-client.js'
import type { Output } from './print/output.js'

/** Receipts wait a random while by design (10 s at most); a command that is done waits for them. */
const FLUSH_MS_MAX = 10_000

export interface WithClientOptions {
  /** Let due receipts go out before closing, where this process owns the account. */
  readonly receipts?: boolean
  /** Others on the account count on this command from its beginning. */
  readonly serveAtOnce?: boolean
  /** Asked instead of whoever runs the command. */
  readonly passphrase?: PassphraseSource
}

/**
 * Finds the account at the process that owns it, or opens it; works, and closes it. The first signal
 * ends the work; what was queued by then is on disk, since nothing the client answers is not.
 */
export async function withClient(
  invocation: Invocation,
  work: (client: LastingClient) => Promise<number>,
  { receipts = false, serveAtOnce = false, passphrase }: WithClientOptions = {},
): Promise<number> {
  const { output, world } = invocation
  world.signal.throwIfAborted()
  const asked = passphrase === undefined ? {} : { passphrase }
  const client = await unlessAborted(
    world.signal,
    LastingClient.open((again) => findClient(invocation, { again, serveAtOnce, ...asked })),
  )
  const warned = warn(output, client.warnings)
  try {
    const exitCode = await unlessAborted(world.signal, Promise.race([work(client), client.lost]))
    if (receipts && !client.remote && !client.isShut) {
      await output.flush()
      await unlessAborted(world.signal, client.call('relay.flush', { timeoutMs: FLUSH_MS_MAX }))
    }
    return exitCode
  } finally {
    warn(output, client.warnings.slice(warned))
    await client.close({ exiting: true })
  }
}

/** Answers how many there were: one may come later, as that nobody can be served. */
function warn(output: Output, warnings: readonly string[]): number {
  for (const warning of warnings) output.note(warning.replace(/^warning: /, ''))
  return warnings.length
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
