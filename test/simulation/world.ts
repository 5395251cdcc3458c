import { DEFAULT_LIMITS, passingKeys } from '@sotto/relay'
import { ClientHost } from './client-host.js'
import type { DiskMark, Finding, Heard, History, Sending } from './history.js'
import { Prng } from './prng.js'
import { probe } from './prober.js'
import { RelayHost } from './relay-host.js'
import { Scheduler } from './scheduler.js'

/** One for all worlds of a process: what a relay's keys are decides nothing. */
const KEYS = passingKeys()

const EPOCH_MS = Date.UTC(2026, 0, 5, 9)
const PREKEY_STOCK = 6
const NAMES = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi']
const MINUTE_MS = 60_000
/** How long everything may take once nothing is wrong any more. */
const HEALING_ROUNDS_MAX = 60
const PAGE = 1000
/** After so long nobody keeps a connection for what they asked before. */
const IDLE_MS = 11 * MINUTE_MS
/** How every text ends. */
const TAIL = 'unlike any other'

/** A relay, its clients, the network between them, and what they remember. */
export class World {
  readonly scheduler: Scheduler
  readonly relay: RelayHost
  readonly clients: readonly ClientHost[]
  readonly sendings: Sending[] = []
  readonly marks: DiskMark[] = []
  readonly heard: Heard[] = []
  readonly blocks = new Set<string>()
  readonly bugs: string[] = []
  #timersBefore = 0
  #isAtPeaceNow = false

  constructor(options: { readonly seed: number; readonly clients: number }) {
    const { seed } = options
    this.scheduler = new Scheduler(() => this.clients.some(({ isBusy }) => isBusy))
    const { scheduler } = this
    this.relay = new RelayHost({
      scheduler,
      random: new Prng(seed, 'relay'),
      keys: KEYS,
      epochMs: EPOCH_MS,
      limits: { ...DEFAULT_LIMITS, mailboxEnvelopes: 60, strangerEnvelopes: 20 },
      broke: (what) => this.bugs.push(what),
      lost: () => {
        for (const { link } of this.clients) link.lose('relay', false)
      },
    })
    this.clients = NAMES.slice(0, options.clients).map(
      (name) =>
        new ClientHost({
          ...{ name, scheduler, site: this.relay, epochMs: EPOCH_MS },
          random: new Prng(seed, name),
          prekeyStock: PREKEY_STOCK,
          broke: (what) => this.bugs.push(what),
          heard: (event) => this.heard.push({ name, atMs: scheduler.nowMs, event }),
        }),
    )
  }

  /** Everybody has an account and is online; nobody knows anybody. */
  async begin(): Promise<void> {
    await this.relay.start()
    for (const client of this.clients) await client.start()
    for (let round = 0; round < 20 && !this.isSettledIn(); round++) await this.scheduler.pass(1000)
    if (!this.isSettledIn()) throw new Error('the simulated accounts were not made')
    await this.scheduler.pass(MINUTE_MS)
    this.#timersBefore = this.#timers()
  }

  isSettledIn(): boolean {
    return this.clients.every(({ isUp }) => isUp)
  }

  clientNamed(name: string): ClientHost {
    const found = this.clients.find((client) => client.name === name)
    if (found === undefined) throw new RangeError(`nobody is called ${name}`)
    return found
  }

  /** Writes a text, and asks again for what was not answered. */
  write(from: ClientHost, to: ClientHost): void {
    const number = this.sendings.length + 1
    const text = `text ${String(number)} from ${from.name} to ${to.name}, ${TAIL}`
    const sending: Sending = {
      ...{ number, text, from: from.name, to: to.name },
      id: `send-${String(number)}`,
      state: 'asked',
    }
    this.sendings.push(sending)
    void this.#ask(sending)
  }

  /** A person repeats what their machine has not answered. */
  repeatUnanswered(): void {
    for (const sending of this.sendings) if (sending.state === 'asked') void this.#ask(sending)
  }

  backUp(): void {
    this.marks.push({ kind: 'backup', records: this.relay.records.length })
    this.relay.backUp()
  }

  async restore(): Promise<void> {
    if (!this.relay.hasBackup) return
    this.marks.push({ kind: 'restore', records: this.relay.records.length })
    await this.relay.restore()
  }

  /** Whoever is down comes back: after this nobody is down but by a fault that is still armed. */
  async startAll(): Promise<void> {
    await this.relay.start()
    for (const client of this.clients) await client.start()
  }

  /** No fault any more: everybody comes back, and what is under way arrives. */
  async heal(): Promise<void> {
    for (const client of this.clients) {
      client.setAheadBy(0)
      client.link.turn('fair')
    }
    this.relay.setAheadBy(0)
    for (let round = 0; round < HEALING_ROUNDS_MAX; round++) {
      for (const { life } of [...this.clients, this.relay]) life?.disarm()
      await this.startAll()
      this.repeatUnanswered()
      await this.scheduler.pass(MINUTE_MS)
      this.#isAtPeaceNow = round > 2 && (await this.#isAtPeace())
      if (this.#isAtPeaceNow) return
    }
  }

  async history(): Promise<History> {
    await this.scheduler.pass(IDLE_MS)
    const findings: Finding[] = []
    for (const client of this.clients) findings.push(await this.#find(client))
    const { sendings, marks, heard, blocks, bugs } = this
    const timers = { before: this.#timersBefore, after: this.#timers() }
    const relayRows = this.relay.disk.backUp()
    return {
      ...{ sendings, marks, heard, blocks, bugs, findings, relayRows, timers },
      records: this.relay.records,
      isAtPeace: this.#isAtPeaceNow,
      relayWasAhead: this.relay.wasAhead,
      markers: [TAIL, ...this.clients.map(({ name }) => `${name}.42`)],
      refusals: await probe(this.relay, { rows: relayRows, scheduler: this.scheduler }),
    }
  }

  #timers(): number {
    const lives = [...this.clients, this.relay].map(({ life }) => life?.timers ?? 0)
    return lives.reduce((sum, timers) => sum + timers, 0)
  }

  async #ask(sending: Sending): Promise<void> {
    const { to, text, id } = sending
    const from = this.clientNamed(sending.from)
    const outcome = await from.call('message.send', {
      to: [this.clientNamed(to).handle],
      ...{ text, id, wait: 'queued' },
    })
    if (outcome.kind === 'answered') sending.state = 'sent'
    else if (outcome.kind === 'failed' && !outcome.error.retryable && sending.state === 'asked')
      sending.state = 'refused'
  }

  async #isAtPeace(): Promise<boolean> {
    if (this.sendings.some(({ state }) => state === 'asked')) return false
    for (const client of this.clients) {
      const stats = await client.call('store.stats', {})
      if (stats.kind !== 'answered' || stats.result.queued > 0) return false
    }
    return this.relay.disk.backUp().get('envelope')?.length === 0
  }

  async #find(client: ClientHost): Promise<Finding> {
    const conversations = new Map()
    for (const other of this.clients) {
      const page = await client.call('conversation.history', {
        conversation: other === client ? 'me' : other.handle,
        limit: PAGE,
      })
      conversations.set(other.name, page.kind === 'answered' ? page.result : [])
    }
    const journal = []
    for (let after = 0; ;) {
      const { events, through } = outcome(await client.call('events.list', { after, limit: PAGE }))
      journal.push(...events)
      if (through === after) break
      after = through
    }
    const outbox = outcome(await client.call('outbox.list', {}))
    const { oneTimePrekeys } = outcome(await client.call('store.check', {}))
    const { name, account = '' } = client
    return { name, account, journal, conversations, outbox, oneTimePrekeys }
  }
}

function outcome<Result>(
  called:
    | { readonly kind: 'answered'; readonly result: Result }
    | { readonly kind: 'failed'; readonly error: Error }
    | { readonly kind: 'died' },
): Result {
  if (called.kind === 'answered') return called.result
  throw called.kind === 'failed' ? called.error : new Error('nobody answers in the end')
}
