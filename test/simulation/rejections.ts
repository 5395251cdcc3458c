import { Died } from './incarnation.js'

/**
 * Calls `found` with each rejection that nobody caught, but those of dead processes: what they
 * waited for is rejected, and nobody is left to catch it.
 */
export function watchRejections(found: (reason: string) => void): void {
  process.on('unhandledRejection', (thrown) => {
    if (!isDeath(thrown)) found(`no bug: unhandled rejection: ${textOf(thrown)}`)
  })
}

export function textOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
}

function isDeath(thrown: unknown): boolean {
  if (thrown instanceof Died) return true
  return thrown instanceof Error && thrown.cause !== undefined && isDeath(thrown.cause)
}
