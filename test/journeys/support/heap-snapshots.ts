import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** The heap of a program of Node, as it says itself when it is asked by signal; swept before. */
export class HeapSnapshots {
  readonly #folder: string
  #taken = 0

  /** They lie in a folder of their own below `dir`. */
  constructor(dir: string) {
    this.#folder = join(dir, 'snapshots')
    mkdirSync(this.#folder)
  }

  /** With what the program is to be started. */
  get env(): { readonly NODE_OPTIONS: string } {
    return { NODE_OPTIONS: `--heapsnapshot-signal=SIGUSR2 --diagnostic-dir=${this.#folder}` }
  }

  /** As it is now; `pid` must have been started with `env`. */
  async take(pid: number): Promise<string> {
    this.#taken += 1
    process.kill(pid, 'SIGUSR2')
    for (;;) {
      const names = readdirSync(this.#folder).sort()
      const name = names.length < this.#taken ? undefined : names.at(-1)
      const text = name === undefined ? '' : readFileSync(join(this.#folder, name), 'latin1')
      if (text.trimEnd().endsWith('}')) return text // It is written piece by piece.
      await wait(50)
    }
  }
}
