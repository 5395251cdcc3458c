/** Turns of the real event loop in a row in which nothing moved: then nothing will. */
const QUIET_TURNS = 2
/** Beyond this the parts wait for each other: an error of the simulation, or of what it runs. */
const TURNS_MAX = 100_000

interface Due {
  readonly atMs: number
  readonly order: number
  readonly run: () => void
  cancelled: boolean
}

/**
 * Time as the simulation has it: nothing happens but what was scheduled, one thing after the other,
 * and whatever follows from one has come to rest before the next. Between two things no time passes.
 */
export class Scheduler {
  #nowMs = 0
  #order = 0
  /** A heap: the soonest first, of the same time the first asked for. */
  readonly #due: Due[] = []
  readonly #isBusy: () => boolean
  #moves = 0

  /** `isBusy`: something goes on that no promise of the simulation waits for. */
  constructor(isBusy: () => boolean) {
    this.#isBusy = isBusy
  }

  /** Since the world began. */
  get nowMs(): number {
    return this.#nowMs
  }

  /** Something happened that more may follow from. */
  move(): void {
    this.#moves++
  }

  /** Runs `run` in `delayMs`; the answer cancels. */
  after(delayMs: number, run: () => void): () => void {
    const atMs = this.#nowMs + Math.max(0, delayMs)
    const due: Due = { atMs, order: this.#order++, run, cancelled: false }
    this.#push(due)
    return () => {
      due.cancelled = true
    }
  }

  /** Everything that is due in the next `forMs`, in order. */
  async pass(forMs: number): Promise<void> {
    const untilMs = this.#nowMs + forMs
    await this.rest()
    for (let next = this.#soonest(); next !== undefined && next.atMs <= untilMs;) {
      this.#pop()
      this.#nowMs = Math.max(this.#nowMs, next.atMs)
      if (!next.cancelled) {
        next.run()
        await this.rest()
      }
      next = this.#soonest()
    }
    this.#nowMs = untilMs
  }

  /** Time in which nobody is awake: afterwards everything that became due is late. */
  leap(byMs: number): void {
    this.#nowMs += byMs
  }

  /** Resolves when whatever began has come to rest. */
  async rest(): Promise<void> {
    for (let quiet = 0, turns = 0; quiet < QUIET_TURNS; turns++) {
      if (turns > TURNS_MAX) throw new Error('the simulated world does not come to rest')
      const before = this.#moves
      await new Promise((resolve) => setImmediate(resolve))
      quiet = this.#isBusy() || this.#moves !== before ? 0 : quiet + 1
    }
  }

  #soonest(): Due | undefined {
    return this.#due[0]
  }

  #push(due: Due): void {
    const heap = this.#due
    let index = heap.push(due) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!isBefore(due, heap[parent])) break
      heap[index] = heap[parent] as Due
      index = parent
    }
    heap[index] = due
  }

  #pop(): void {
    const heap = this.#due
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let index = 0
    for (;;) {
      const left = 2 * index + 1
      if (left >= heap.length) break
      const child = isBefore(heap[left + 1], heap[left]) ? left + 1 : left
      if (!isBefore(heap[child], last)) break
      heap[index] = heap[child] as Due
      index = child
    }
    heap[index] = last
  }
}

function isBefore(a: Due | undefined, b: Due | undefined): boolean {
  if (a === undefined) return false
  if (b === undefined) return true
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)
}
