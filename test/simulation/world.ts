import { hex, type MessageId } from '@sotto/protocol'
import type { MemoryDisk } from '@sotto/client-core/simulation'
import { DEFAULT_LIMITS, type MemoryDisk as RelayDisk, type RelayKeys } from '@sotto/relay'
import { ClientHost } from './client-host.js'
import { Changes } from './changes.js'
import type { DiskMark, Finding, Heard, History, Sending } from './history.js'
import type { Incarnation } from './incarnation.js'
import { Liar } from './liar.js'
import { Prng } from './prng.js'
import { probe } from './prober.js'
import { RelayHost, type StoreRecord } from './relay-host.js'
import { Scheduler } from './scheduler.js'
import { DAY_MS } from './spans.js'
import type { Place } from './visitor.js'

const PREKEY_STOCK = 6
const NAMES = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi']
const MINUTE_MS = 60_000
/** How long everything may take once nothing is wrong any more. */
const WAKING_MS = 2 * MINUTE_MS
const HEALING_ROUNDS_MAX = 60
const PAGE = 1000
/** After so long nobody keeps a connection for what they asked before. */
const IDLE_MS = 11 * MINUTE_MS
/** After a day a session in which nobody has answered is begun anew; clocks were a day ahead at most. */
const UNANSWERED_MS = 50 * 60 * MINUTE_MS
/** After so long whoever could not open something has asked for it, however often that happened before. */
const RESET_MS = 65 * MINUTE_MS
/** `--id` makes repeating safe for 30 days. */
const REPEATED_MS_MAX = 29 * 24 * 60 * MINUTE_MS
/** How every text ends. */
const TAIL = 'unlike any other'
/**
 * All people of a world together take thirteen permits in half of the worlds, and hardly ever forty in
 * all its days; drawing the eighty of everybody else would be a seventh of what a world computes. With
 * twelve somebody runs out of them now and then, and what they wrote waits for another day.
 */
const PERMITS_A_DAY = 24
/** How often somebody begins to make an account, and something breaks. */
const FAULTY_BEGINNINGS = 4

/** In the worlds of so many seeds one relay may lie; in the others invariants are held to the letter. */
const SEEDS_PER_LIAR = 10
const LIAR_REMAINDER = 7

/** Whether the relay of a seed's world may lie. */
export function isLying(seed: number): boolean {
  return seed % SEEDS_PER_LIAR === LIAR_REMAINDER
}

/** The disks that a world begins with, and what it is on everybody's calendar then. */
export interface Ground {
  readonly keys: RelayKeys
  readonly epochMs: number
  readonly relay: RelayDisk
  readonly records: readonly StoreRecord[]
  readonly clients: readonly MemoryDisk[]
  /** Everybody has an account. */
  readonly registered: boolean
}

/** A relay, its clients, the network between them, and what they remember. */
export class World {
  readonly scheduler: Scheduler
  readonly relay: RelayHost
  readonly clients: readonly ClientHost[]
  /** Undefined: the relay is honest. */
  readonly liar: Liar | undefined
  readonly sendings: Sending[] = []
  readonly changes: Changes
  readonly marks: DiskMark[] = []
  readonly heard: Heard[] = []
  readonly blocks = new Set<string>()
  readonly bugs: string[] = []
  readonly #afterwards: Sending[] = []
  #timersBefore = 0
  #isAtPeaceNow = false
  readonly #seed: number
  #notes = 0

  constructor(seed: number, ground: Ground) {
    const { epochMs } = ground
    this.#seed = seed
    this.scheduler = new Scheduler(() => this.clients.some(({ isBusy }) => isBusy))
    this.changes = new Changes(this, TAIL)
    const { scheduler } = this
    this.relay = new RelayHost({
      scheduler,
      random: new Prng(seed, 'relay'),
      ...{ keys: ground.keys, disk: ground.relay, records: ground.records, epochMs },
      limits: {
        ...DEFAULT_LIMITS,
        mailboxEnvelopes: 60,
        strangerEnvelopes: 20,
        permitBatch: PERMITS_A_DAY,
      },
      broke: (what) => this.bugs.push(what),
      lost: () => {
        for (const { link } of this.clients) link.lose('relay', false)
      },
    })
    this.liar = isLying(seed) ? new Liar(scheduler, this.relay) : undefined
    this.clients = ground.clients.map(
      (disk, index) =>
        new ClientHost({
          ...{ name: nameOf(index), scheduler, site: this.liar ?? this.relay, epochMs, disk },
          registered: ground.registered,
          random: new Prng(seed, nameOf(index)),
          prekeyStock: PREKEY_STOCK,
          identitySeed: new Prng(seed, `${nameOf(index)}’s identity`).bytes(32),
          broke: (what) => this.bugs.push(what),
          heard: (event) => this.heard.push({ name: nameOf(index), atMs: scheduler.nowMs, event }),
        }),
    )
  }

  /**
   * Everybody has an account and is online; nobody knows anybody. Whoever has none yet makes it
   * under faults, again and again.
   */
  async begin(): Promise<void> {
    const random = new Prng(this.#seed, 'begin')
    await this.relay.start()
    for (const client of this.clients) {
      for (let round = 0; round < FAULTY_BEGINNINGS && !client.isRegistered; round++)
        await this.#beginFaultily(client, random)
      client.life?.disarm()
    }
    this.relay.life?.disarm()
    await this.startAll()
    for (let round = 0; round < 20 && !this.isSettledIn(); round++) await this.scheduler.pass(1000)
    if (!this.isSettledIn()) throw new Error('the simulated accounts were not made')
    await this.scheduler.pass(MINUTE_MS)
    this.#timersBefore = this.#timers()
  }

  /** Nothing of it goes on. */
  end(): void {
    for (const client of this.clients) client.kill(true)
    this.relay.kill()
  }

  async #beginFaultily(client: ClientHost, random: Prng): Promise<void> {
    await this.relay.start()
    this.relay.life?.dieAfter(random.below(8))
    if (random.chance(0.3)) this.relay.life?.failAfter(0, 'SQLITE_FULL')
    void client.start((life) => {
      if (random.chance(0.5)) life.dieAfter(random.below(12))
      else life.failAfter(random.below(3), 'SQLITE_IOERR_FSYNC')
    })
    await this.scheduler.pass(random.below(2000))
    client.kill(random.chance(0.5))
  }

  isSettledIn(): boolean {
    return this.clients.every(({ isUp }) => isUp)
  }

  /** For whoever has no link of their own. */
  get place(): Place {
    return { site: this.relay, scheduler: this.scheduler }
  }

  clientNamed(name: string): ClientHost {
    const found = this.clients.find((client) => client.name === name)
    if (found === undefined) throw new RangeError(`nobody is called ${name}`)
    return found
  }

  /** Writes a text, and asks again for what was not answered. */
  write(from: ClientHost, to: ClientHost): Sending {
    const number = this.sendings.length + 1
    const text = `text ${String(number)} from ${from.name} to ${to.name}, ${TAIL}`
    const sending: Sending = {
      ...{ number, text, from: from.name, to: to.name },
      id: `send-${String(number)}`,
      ...{ state: 'asked', askedMs: this.scheduler.nowMs },
    }
    this.sendings.push(sending)
    void this.ask(sending)
    return sending
  }

  /** A note, which nobody else ever sees. */
  note(client: ClientHost): void {
    this.#notes++
    const text = `note ${String(this.#notes)} of ${client.name}, ${TAIL}`
    void client.call('message.send', { to: ['me'], text, wait: 'queued' })
  }

  /** A person repeats what their machine has not answered. */
  repeatUnanswered(): void {
    for (const sending of this.sendings) if (sending.state === 'asked') void this.ask(sending)
    this.changes.repeatUnanswered()
  }

  backUp(): void {
    this.marks.push({ kind: 'backup', records: this.relay.records.length })
    this.relay.backUp()
  }

  async restore(arm?: (life: Incarnation) => void): Promise<void> {
    if (!this.relay.hasBackup) return
    this.marks.push({ kind: 'restore', records: this.relay.records.length })
    await this.relay.restore(arm)
  }

  /** Whoever is down comes back: after this nobody is down but by a fault that is still armed. */
  async startAll(): Promise<void> {
    await this.relay.start()
    for (const client of this.clients) await client.start()
  }

  /** No fault any more: everybody comes back, accepts who asks, and what is under way arrives. */
  async heal(): Promise<void> {
    for (const client of this.clients) {
      client.setAheadBy(0)
      client.link.slowBy(0)
      client.link.turn('fair')
    }
    this.relay.setAheadBy(0)
    this.liar?.stop()
    await this.#settle()
    if (!this.#isAtPeaceNow && this.#mayWaitForPermits) {
      await this.#idle(DAY_MS)
      await this.#settle()
    }
    if (this.liar === undefined || this.liar.told.length === 0) return
    this.scheduler.leap(UNANSWERED_MS)
    await this.#settle()
    for (const from of this.clients)
      for (const to of this.clients) if (from !== to) this.#afterwards.push(this.write(from, to))
    await this.#settle()
    await this.#idle(RESET_MS)
    await this.#settle()
  }

  /** Most of it asleep, so that nobody's clock ticks through it; then a moment to wake up. */
  async #idle(forMs: number): Promise<void> {
    this.scheduler.leap(forMs - WAKING_MS)
    await this.scheduler.pass(WAKING_MS)
  }

  /** Until nothing is left to do, or everybody has run out of patience. */
  async #settle(): Promise<void> {
    for (let round = 0; round < HEALING_ROUNDS_MAX; round++) {
      for (const { life } of [...this.clients, this.relay]) life?.disarm()
      await this.startAll()
      this.repeatUnanswered()
      await this.scheduler.pass(MINUTE_MS)
      for (const client of this.clients) await this.#acceptAll(client)
      this.#isAtPeaceNow = round > 2 && (await this.#isAtPeace())
      if (this.#isAtPeaceNow) return
    }
  }

  async #acceptAll(client: ClientHost): Promise<void> {
    const contacts = await client.call('contact.list', {})
    if (contacts.kind !== 'answered') return
    for (const { id, trust, blocked } of contacts.result)
      if (trust === 'request' && !blocked) void client.call('contact.accept', { to: `acct:${id}` })
  }

  async history(): Promise<History> {
    await this.#idle(IDLE_MS)
    const findings: Finding[] = []
    for (const client of this.clients) findings.push(await this.#find(client))
    const { sendings, marks, heard, blocks, bugs } = this
    const timers = { before: this.#timersBefore, after: this.#timers() }
    const relayRows = this.relay.disk.backUp()
    return {
      ...{ changeables: this.changes.all },
      ...{ sendings, marks, heard, blocks, bugs, findings, relayRows, timers },
      lies: this.liar?.told ?? [],
      swapped: this.#swapped(),
      afterwards: this.#afterwards,
      records: this.relay.records,
      isAtPeace: this.#isAtPeaceNow,
      relayWasAhead: this.relay.wasAhead,
      markers: [TAIL, ...this.clients.map(({ name }) => `${name}.42`)],
      refusals: await probe(this.place, relayRows),
    }
  }

  /** `one as other`, by name. */
  #swapped(): ReadonlySet<string> {
    const nameOfAccount = (hex: string): string =>
      this.clients.find(({ account }) => account?.replaceAll('-', '') === hex)?.name ?? hex
    const pairs = this.liar?.swapped ?? []
    return new Set(pairs.map((pair) => pair.map(nameOfAccount).join(' as ')))
  }

  #timers(): number {
    const lives = [...this.clients, this.relay].map(({ life }) => life?.timers ?? 0)
    return lives.reduce((sum, timers) => sum + timers, 0)
  }

  /** Asks its author's machine; answers what it says. */
  async ask(sending: Sending): Promise<MessageId | undefined> {
    if (this.scheduler.nowMs - sending.askedMs > REPEATED_MS_MAX) {
      sending.state = 'given up'
      return undefined
    }
    const { to, text, id } = sending
    const from = this.clientNamed(sending.from)
    const outcome = await from.call('message.send', {
      to: [this.clientNamed(to).handle],
      ...{ text, id, wait: 'queued' },
    })
    if (outcome.kind === 'answered') sending.state = 'sent'
    else if (outcome.kind === 'failed' && !outcome.error.retryable && sending.state === 'asked')
      sending.state = 'refused'
    return outcome.kind === 'answered' ? outcome.result.result.id : undefined
  }

  async #isAtPeace(): Promise<boolean> {
    if (this.sendings.some(({ state }) => state === 'asked')) return false
    for (const client of this.clients) {
      const stats = await client.call('store.stats', {})
      if (stats.kind !== 'answered' || stats.result.queued > 0) return false
    }
    return this.relay.disk.count('envelope') === 0
  }

  /** Somebody may have used up what the relay gives in a day, and goes on with the next day's. */
  get #mayWaitForPermits(): boolean {
    const shown = this.relay.records.flatMap(({ operation }) =>
      operation.name === 'spend-permit' ? [hex(operation.input.nullifier)] : [],
    )
    return new Set(shown).size >= PERMITS_A_DAY
  }

  get #wasRestored(): boolean {
    return this.marks.some(({ kind }) => kind === 'restore')
  }

  /** How many one-time prekeys it has; that it is not whole is a bug. */
  async #checkStore(client: ClientHost): Promise<number> {
    const found = outcome(await client.call('store.check', {}))
    for (const fault of found.fileFaults) this.bugs.push(`${client.name}’s store: ${fault}`)
    if (!found.searchIsWhole) this.bugs.push(`${client.name}’s search index is not whole`)
    return found.oneTimePrekeys
  }

  async #find(client: ClientHost): Promise<Finding> {
    const conversations = new Map()
    for (const other of this.clients) {
      const page = await client.call('conversation.history', {
        conversation: other === client ? 'me' : `acct:${other.account ?? ''}`,
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
    const oneTimePrekeys = this.#wasRestored ? await this.#checkStore(client) : 0
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

function nameOf(index: number): string {
  return NAMES[index] ?? `client ${String(index)}`
}
