import { SottoError } from '@sotto/protocol'

/** Waits, in real time, until something has come over a real socket. */
export async function until(condition: () => boolean, what = 'the condition'): Promise<void> {
  const deadline = Date.now() + 5_000
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited 5 s for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

/** Long enough for what is on the way over loopback to arrive, where a test shows that nothing is. */
export async function quiet(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 50))
}

/** What `work` was refused with. */
export async function refusalOf(work: Promise<unknown>): Promise<SottoError> {
  const thrown: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(thrown instanceof SottoError)) throw new Error(`expected a SottoError: ${String(thrown)}`)
  return thrown
}
