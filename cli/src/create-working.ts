import type { CreateAccountOptions, CreatedAccount, WorkProgress } from '@sotto/client-core'

import type { Invocation } from './commands/command.js'
import { loadCore } from './core.js'
import { unlessAborted } from './with-client.js'
import type { OutputStream } from './world.js'

/**
 * Makes an account, and tells whoever looks of the work that the relay may want for one. The first
 * signal ends it; where that is in the middle of the work, once what was begun is gone again.
 */
export async function createWorking(
  { globals, world }: Pick<Invocation, 'globals' | 'world'>,
  options: Omit<CreateAccountOptions, 'signal' | 'working'>,
): Promise<CreatedAccount> {
  const { createAccount } = await loadCore()
  const isTold = world.stderr.isTTY === true && !globals.quiet && !globals.json
  const line = isTold ? new WorkLine(world.stderr, world.nowMs) : undefined
  const work = { isUnderWay: false }
  const creating = createAccount({
    ...options,
    signal: world.signal,
    working: (progress) => {
      work.isUnderWay = true
      line?.tell(progress)
    },
  })
  try {
    return await unlessAborted(world.signal, creating)
  } catch (thrown) {
    // What it throws then is why it was stopped: that is being thrown already.
    if (work.isUnderWay) await creating.catch(() => undefined)
    throw thrown
  } finally {
    line?.end()
  }
}

/** Told only of what takes longer. */
const QUIET_MS = 500
const ERASE_LINE = '\r\u001B[K'

/** One line on a terminal that is written over and over, and gone in the end. */
class WorkLine {
  readonly #stream: OutputStream
  readonly #nowMs: () => number
  #begunMs: number | undefined
  #isShown = false

  constructor(stream: OutputStream, nowMs: () => number) {
    this.#stream = stream
    this.#nowMs = nowMs
  }

  tell({ tried, expected }: WorkProgress): void {
    this.#begunMs ??= this.#nowMs()
    if (this.#nowMs() - this.#begunMs < QUIET_MS) return
    this.#isShown = true
    const text = `the relay wants some work for an account: try ${String(tried)}, it takes about ${String(expected)}`
    this.#stream.write(`${ERASE_LINE}${text.slice(0, (this.#stream.columns ?? 80) - 1)}`)
  }

  end(): void {
    if (this.#isShown) this.#stream.write(ERASE_LINE)
    this.#isShown = false
  }
}
