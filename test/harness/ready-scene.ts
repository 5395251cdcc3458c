import { cpSync, mkdirSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'

import { holdPort, tryHoldPort } from './port.js'
import { withScope } from './scope.js'
import { type Scope, tempDir } from './temp-dir.js'

/** Where a scene plays. */
export interface Place {
  readonly dir: string
  /** Of its relay: accounts remember where their relay is. */
  readonly port: number
}

/** The environment variable by which test files that run together name the folder of their scenes. */
const SHELF = 'SOTTO_TEST_SCENES'

/**
 * How tests begin. What people do before a test does anything is most of what many cost, so it is
 * done once, by the programs as built, and every test begins with a copy of the disks as they were
 * then. Tests that run at the same time have scenes of their own, since each has its port.
 */
export class ReadyScene {
  readonly #name: string
  readonly #live: (scope: Scope, place: Place) => Promise<void>
  readonly #file: Scope

  /** `live`: what was done by then, everything that it started ended with its scope. `file`: all tests of this process. */
  constructor(file: Scope, name: string, live: (scope: Scope, place: Place) => Promise<void>) {
    this.#file = file
    this.#name = name
    this.#live = live
  }

  /** A copy that the scope has for itself. */
  async begin(scope: Scope): Promise<Place> {
    const shelf = join(this.#shelves(), this.#name)
    mkdirSync(shelf, { recursive: true })
    const port = (await takeOne(scope, shelf)) ?? (await this.#make(scope, shelf))
    const dir = tempDir(scope)
    cpSync(join(shelf, String(port)), dir, { recursive: true })
    return { dir, port }
  }

  async #make(scope: Scope, shelf: string): Promise<number> {
    const port = await holdPort(scope)
    const making = tempDir(scope)
    await withScope((made) => this.#live(made, { dir: making, port }))
    renameSync(making, join(shelf, String(port)))
    return port
  }

  #shelves(): string {
    return (shelves ??= process.env[SHELF] ?? tempDir(this.#file))
  }
}

let shelves: string | undefined

/** The port of a scene that nobody plays just now; undefined where there is none. */
async function takeOne(scope: Scope, shelf: string): Promise<number | undefined> {
  for (const name of readdirSync(shelf)) {
    if (await tryHoldPort(scope, Number(name))) return Number(name)
  }
  return undefined
}
