import type { Log } from '../log.js'
import type { Clock } from '../ports.js'
import { PRESSURE_CALM, PRESSURE_PAUSE_MS } from './bounds.js'
import type { Limits } from './limits.js'

/** How the machine is just now. */
export interface Readings {
  /** What the relay can still write: free on its disk, and free inside its database. */
  readonly diskFreeBytes: number
  /** All of that disk. */
  readonly diskBytes: number
  readonly memoryBytes: number
  /** By how much the event loop came late, on average, since the last reading. */
  readonly loopDelayMs: number
}

/** What the relay runs on. */
export interface Machine {
  read(): Promise<Readings>
  stop(): void
}

export interface Readiness {
  readonly isReady: boolean
  readonly text: string
}

export type Resource = 'disk' | 'memory' | 'loop'

/** What may be refused. Acknowledgements and deliveries may not: they make room. */
export type Work =
  'ephemeral' | 'account' | 'stranger' | 'anonymous' | 'change' | 'submission' | 'identified'

/** 0: nothing is refused. */
export type Level = 0 | 1 | 2 | 3

/** The level from which on each work is refused; docs/decisions/0026. */
const REFUSED_FROM: Readonly<Record<Work, Level>> = {
  ephemeral: 1,
  account: 1,
  stranger: 1,
  anonymous: 2,
  change: 3,
  submission: 3,
  identified: 3,
}

/** At most this share of a small disk is kept free. */
const DISK_SHARE = 0.2

/**
 * Watches disk, memory and event loop, and says what to refuse while one of them runs short. A level
 * is taken at once and left only when its resource is clearly better, so that nobody is let in and
 * turned away in turn.
 */
export class Pressure {
  readonly #clock: Clock
  readonly #log: Log
  readonly #limits: Limits
  readonly #machine: Machine | undefined
  #onDiskShort: () => void = () => undefined
  #levels: Readonly<Record<Resource, Level>> = { disk: 0, memory: 0, loop: 0 }
  #cancel: () => void = () => undefined
  #stopped = false

  constructor(options: {
    readonly clock: Clock
    readonly log: Log
    readonly limits: Limits
    /** Without it nothing is ever refused. */
    readonly machine: Machine | undefined
  }) {
    this.#clock = options.clock
    this.#log = options.log
    this.#limits = options.limits
    this.#machine = options.machine
  }

  /** Begins to look. `onDiskShort` is called whenever the disk has reached another level. */
  start(onDiskShort: () => void): void {
    this.#onDiskShort = onDiskShort
    this.#readLater()
  }

  /** The highest level of any resource. */
  get level(): Level {
    const { disk, memory, loop } = this.#levels
    return Math.max(disk, memory, loop) as Level
  }

  /** For who asks whether to send clients here, and why not; a number behind each is its level. */
  get readiness(): Readiness {
    const names = ['disk', 'memory', 'loop'] as const
    const short = names.filter((each) => this.#levels[each] > 0)
    const why = short.map((each) => `, ${each} ${this.#levels[each]}`).join('')
    return {
      isReady: !this.refuses('anonymous'),
      text: `${this.level < 2 ? 'ready' : 'busy'}${why}`,
    }
  }

  /**
   * Whether to refuse work of this kind now. Whoever logs in comes to fetch what is stored, which
   * makes room on the disk; and to refuse them takes as long as to let them in, and they come again:
   * memory alone keeps a device out.
   */
  refuses(work: Work): boolean {
    const level = work === 'identified' ? this.#levels.memory : this.level
    return level >= REFUSED_FROM[work]
  }

  stop(): void {
    this.#stopped = true
    this.#cancel()
    this.#machine?.stop()
  }

  #readLater(): void {
    if (this.#machine === undefined || this.#stopped) return
    this.#cancel = this.#clock.after(PRESSURE_PAUSE_MS, () => void this.#look())
  }

  async #look(): Promise<void> {
    try {
      const readings = await this.#machine?.read()
      if (readings !== undefined && !this.#stopped) this.#judge(readings)
    } catch {
      // A disk that cannot be asked says more when it is written to; what was known stays.
    }
    this.#readLater()
  }

  #judge(readings: Readings): void {
    const before = this.level
    const diskBefore = this.#levels.disk
    const strains = strainsOf(readings, this.#limits)
    this.#levels = {
      disk: nextLevel(this.#levels.disk, strains.disk),
      memory: nextLevel(this.#levels.memory, strains.memory),
      loop: nextLevel(this.#levels.loop, strains.loop),
    }
    if (this.#levels.disk > diskBefore) this.#onDiskShort()
    if (this.level === before) return
    const diskFreeMiB = Math.floor(readings.diskFreeBytes / 2 ** 20)
    const memoryMiB = Math.ceil(readings.memoryBytes / 2 ** 20)
    const loopDelayMs = Math.round(readings.loopDelayMs)
    const fields = { from: before, to: this.level, diskFreeMiB, memoryMiB, loopDelayMs }
    if (this.level > before) this.#log.warn('pressure.changed', fields)
    else this.#log.info('pressure.changed', fields)
  }
}

/** Each from 1 at the first level to 3 at the third, in even steps. */
function strainsOf(readings: Readings, limits: Limits): Readonly<Record<Resource, number>> {
  const reserve = Math.min(limits.diskReserveBytes, readings.diskBytes * DISK_SHARE)
  const missing = reserve - readings.diskFreeBytes
  return {
    // All of the reserve is left, five eighths, a quarter.
    disk: reserve === 0 ? 0 : 1 + missing / (reserve * (3 / 8)),
    // Four fifths of the limit, nine tenths, all of it.
    memory: 1 + (readings.memoryBytes / limits.memoryBytes - 0.8) / 0.1,
    // Once the limit, twice, three times.
    loop: readings.loopDelayMs / limits.loopDelayMs,
  }
}

function nextLevel(now: Level, strain: number): Level {
  const reached = levelOf(strain)
  // What is only just below a level has not left it.
  return reached >= now ? reached : (Math.min(now, levelOf(strain + PRESSURE_CALM)) as Level)
}

function levelOf(strain: number): Level {
  if (strain >= 3) return 3
  if (strain >= 2) return 2
  return strain >= 1 ? 1 : 0
}
