import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Answer } from '../answers.js'
import type { LogEvent, LogEvents } from '../log.js'
import type { DoorName } from '../socket/door-name.js'
import { ANSWER_OUTCOMES, outcomeOf, type AnswerOutcome, type Meters } from './meters.js'

/** Fixed, so that relays can be added up; seconds, as Prometheus wants them. */
const SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5]
const ENVELOPES = [0, 1, 10, 50, 100, 500, 1_000, 2_000, 5_000]
const OPERATIONS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000]
/** How often it is looked how late the event loop is. */
const LOOP_PAUSE_MS = 100
const PREFIX = 'sotto_relay_'

/** What is asked for when somebody reads the metrics. */
export interface State {
  readonly draining: boolean
  readonly pressureLevel: number
  readonly databaseBytes: number
  readonly logBytes: number
  readonly diskFreeBytes: number
  readonly openFiles: number
  /** Unix milliseconds; undefined: there is no TLS. */
  readonly tlsExpiresMs: number | undefined
}

/** The meters of a relay as Prometheus reads them (text format 0.0.4). */
export class Prometheus implements Meters {
  readonly #registry = new Registry()
  readonly #sockets = this.#gauge('sockets', 'open sockets', ['door'])
  readonly #opened = this.#counter('sockets_opened_total', 'sockets that were let in', ['door'])
  readonly #refused = this.#counter('clients_refused_total', 'clients turned away', ['kind'])
  readonly #answers = this.#counter('answers_total', 'answers to requests', ['outcome'])
  readonly #events = this.#counter('log_events_total', 'lines of the log', ['event'])
  readonly #accepted = this.#counter('envelopes_accepted_total', 'envelopes on disk')
  readonly #acceptedBytes = this.#counter('envelopes_accepted_bytes_total', 'bytes of them')
  readonly #delivered = this.#counter('rows_delivered_total', 'envelopes and gaps sent to devices')
  readonly #deliveredBytes = this.#counter('rows_delivered_bytes_total', 'bytes of them')
  readonly #expired = this.#counter('envelopes_expired_total', 'envelopes nobody fetched in time')
  readonly #commits = this.#counter('commits_total', 'transactions')
  readonly #answerSeconds = this.#histogram('answer_seconds', 'from request to answer', SECONDS)
  readonly #commitSeconds = this.#histogram('commit_seconds', 'of one transaction', SECONDS)
  readonly #commitSize = this.#histogram('commit_operations', 'in one transaction', OPERATIONS)
  readonly #waiting = this.#histogram('mailbox_waiting', 'envelopes found at a login', ENVELOPES)
  readonly #loop = this.#histogram('event_loop_delay_seconds', 'how late a timer is', SECONDS)
  readonly #draining = this.#gauge('draining', '1 while clients are sent away')
  readonly #pressure = this.#gauge('pressure_level', 'what is refused: 0 nothing, 3 nearly all')
  readonly #database = this.#gauge('database_bytes', 'of the database file')
  readonly #log = this.#gauge('write_ahead_log_bytes', 'of the log beside it')
  readonly #disk = this.#gauge('disk_free_bytes', 'free for this user')
  readonly #memory = this.#gauge('memory_bytes', 'resident')
  readonly #processor = this.#gauge('processor_seconds', 'used since the start')
  readonly #files = this.#gauge('open_files', 'descriptors in use')
  readonly #started = this.#gauge('started_timestamp_seconds', 'when it started')
  readonly #backup = this.#gauge('backup_timestamp_seconds', 'when it was backed up; 0: not since')
  readonly #tls = this.#gauge('tls_expiry_timestamp_seconds', 'of the certificate; 0: no TLS')
  readonly #byDoor: Readonly<
    Record<DoorName, { opened: Counter.Internal; sockets: Gauge.Internal<string> }>
  >
  readonly #byOutcome: ReadonlyMap<AnswerOutcome, Counter.Internal>
  readonly #timer: NodeJS.Timeout

  constructor(startedMs: number) {
    this.#started.set(startedMs / 1000)
    const ofDoor = (door: DoorName) => ({
      opened: this.#opened.labels(door),
      sockets: this.#sockets.labels(door),
    })
    this.#byDoor = { identified: ofDoor('identified'), anonymous: ofDoor('anonymous') }
    this.#byOutcome = new Map(
      ANSWER_OUTCOMES.map((outcome) => [outcome, this.#answers.labels(outcome)]),
    )
    let expectedMs = this.nowMs() + LOOP_PAUSE_MS
    this.#timer = setInterval(() => {
      const nowMs = this.nowMs()
      this.#loop.observe(Math.max(0, nowMs - expectedMs) / 1000)
      expectedMs = nowMs + LOOP_PAUSE_MS
    }, LOOP_PAUSE_MS).unref()
  }

  nowMs(): number {
    return performance.now()
  }

  opened(door: DoorName): void {
    this.#byDoor[door].opened.inc()
    this.#byDoor[door].sockets.inc()
  }

  closed(door: DoorName): void {
    this.#byDoor[door].sockets.dec()
  }

  answered(answer: Answer, tookMs: number): void {
    this.#byOutcome.get(outcomeOf(answer))?.inc()
    this.#answerSeconds.observe(tookMs / 1000)
  }

  accepted(envelopes: number, bytes: number): void {
    this.#accepted.inc(envelopes)
    this.#acceptedBytes.inc(bytes)
  }

  delivered(bytes: number): void {
    this.#delivered.inc()
    this.#deliveredBytes.inc(bytes)
  }

  foundWaiting(envelopes: number): void {
    this.#waiting.observe(envelopes)
  }

  committed(operations: number, tookMs: number): void {
    this.#commits.inc()
    this.#commitSize.observe(operations)
    this.#commitSeconds.observe(tookMs / 1000)
  }

  /** What the log says is counted too; of its fields only these. */
  logged<Event extends LogEvent>(event: Event, fields: LogEvents[Event]): void {
    this.#events.inc({ event })
    const numbers: Readonly<Record<string, number>> = fields
    if (event === 'store.swept') this.#expired.inc(numbers['expired'] ?? 0)
    if (event === 'backup.made') this.#backup.set((numbers['madeMs'] ?? 0) / 1000)
    if (event === 'clients.refused') {
      for (const [kind, count] of Object.entries(numbers)) this.#refused.inc({ kind }, count)
    }
  }

  text(state: State): Promise<string> {
    this.#draining.set(Number(state.draining))
    this.#pressure.set(state.pressureLevel)
    this.#database.set(state.databaseBytes)
    this.#log.set(state.logBytes)
    this.#disk.set(state.diskFreeBytes)
    this.#files.set(state.openFiles)
    this.#tls.set((state.tlsExpiresMs ?? 0) / 1000)
    this.#memory.set(process.memoryUsage.rss())
    const { user, system } = process.cpuUsage()
    this.#processor.set((user + system) / 1e6)
    return this.#registry.metrics()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #counter(name: string, help: string, labelNames: readonly string[] = []): Counter {
    return new Counter({ name: PREFIX + name, help, labelNames, registers: [this.#registry] })
  }

  #gauge(name: string, help: string, labelNames: readonly string[] = []): Gauge {
    return new Gauge({ name: PREFIX + name, help, labelNames, registers: [this.#registry] })
  }

  #histogram(name: string, help: string, buckets: number[]): Histogram {
    return new Histogram({ name: PREFIX + name, help, buckets, registers: [this.#registry] })
  }
}
