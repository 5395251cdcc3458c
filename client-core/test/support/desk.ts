import { asSottoError, type MessageId, type Reference, type SottoError } from '@sotto/protocol'
import type { Test } from 'tap'
import { acceptContact, addContact } from '../../src/conversation/contacts.js'
import { directConversation } from '../../src/conversation/conversation-id.js'
import { eventOf } from '../../src/conversation/journal-events.js'
import { markRead } from '../../src/inbox/receipts.js'
import type { Typist } from '../../src/inbox/passing.js'
import { Inbox } from '../../src/inbox/receive.js'
import type { EventObject } from '../../src/objects.js'
import { compose, draft } from '../../src/outbox/compose.js'
import { OutboxWorker } from '../../src/outbox/worker.js'
import { Signal } from '../../src/signal.js'
import type { StoredMessage } from '../../src/store/tables/messages.js'
import { ManualClock } from '../net/manual-clock.js'
import { Network, type Letter } from './network.js'
import { Authority, NOW_MS, Person, type PersonOptions } from './world.js'

/** Waits until what was begun has come about. */
export async function until(condition: () => boolean, what = 'it'): Promise<void> {
  const giveUpMs = Date.now() + 60_000 // Only so that what never comes is told.
  while (!condition()) {
    if (Date.now() > giveUpMs) throw new Error(`waited too long for ${what}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Lets everything that can go on without the clock go on. */
export async function quiet(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/** A person at work: their outbox and their inbox at one network. */
export class Desk {
  readonly person: Person
  readonly network: Network
  readonly worker: OutboxWorker
  readonly changed = new Signal()
  readonly inbox: Inbox
  readonly faults: SottoError[] = []
  /** Seqs as they were acknowledged. */
  readonly acknowledged: number[] = []
  /** Called just before each acknowledgement. */
  onAcknowledge: (seq: number) => void = () => undefined
  /** Somebody was heard writing. */
  onTyping: (typist: Typist) => void = () => undefined
  epoch = 1
  caughtUp = 0
  /** As if the relay had more in stock. */
  isCatchingUp = false
  #attempts = 0

  constructor(person: Person, network: Network) {
    const { core } = person
    const fatal = (thrown: unknown): void => {
      this.faults.push(asSottoError(thrown))
    }
    const { changed } = this
    this.person = person
    this.network = network
    this.inbox = new Inbox({
      core,
      fatal,
      caughtUp: () => {
        this.caughtUp += 1
      },
      committed: () => undefined, // Tests say themselves when the worker looks.
      typing: (typist) => this.onTyping(typist),
    })
    this.worker = new OutboxWorker({
      core,
      doors: { anonymous: network.door, certificate: async () => this.#certificate() },
      changed,
      isCatchingUp: () => this.isCatchingUp,
      fatal,
    })
    network.join(person)
  }

  #certificate() {
    this.#attempts += 1
    return this.person.certificate
  }

  /** Attempts to empty a row of the outbox so far. */
  get attempts(): number {
    return this.#attempts
  }

  get read() {
    return this.person.core.store.read
  }

  /** Adds a contact by username, as `contact add` does. */
  async add(peer: Desk): Promise<void> {
    const to = `@${peer.person.core.account.username ?? ''}`
    await addContact(this.person.core, this.network.door, { to, alias: undefined })
  }

  async accept(peer: Desk): Promise<void> {
    await acceptContact(this.person.core, this.network.door, `acct:${peer.person.id}`)
  }

  /** tx1 of a send. */
  compose(peer: Desk, body: string, replyTo?: Reference): MessageId {
    const { core } = this.person
    const recipient = peer.person.id
    const text = draft(core, { recipient, body, replyTo, silent: false })
    core.store.transact((tx) => compose(tx, core, text))
    return text.message
  }

  /** Composes and sends; resolves when the message has left or failed for now. */
  async write(peer: Desk, body: string, replyTo?: Reference): Promise<MessageId> {
    const message = this.compose(peer, body, replyTo)
    await this.send()
    return message
  }

  /** Tries what is due until nothing more can be done without the clock. */
  async send(): Promise<void> {
    await until(() => {
      this.worker.kick() // A timer of 0 ms does not fire by itself on a clock that is moved by hand.
      return this.#rests()
    }, 'the outbox to rest')
  }

  #rests(): boolean {
    const { outbox } = this.read
    if (this.faults.length > 0) return true
    const nowMs = this.person.core.ports.clock.nowMs()
    return outbox.recipients().every((recipient) => {
      const row = outbox.oldestOf(recipient)
      return row === undefined || row.nextMs > nowMs
    })
  }

  /** The person has seen everything of `peer`. */
  markRead(peer: Desk): void {
    const { core } = this.person
    core.store.transact((tx) => {
      markRead(tx, core, directConversation(this.person.id, peer.person.id).id)
    })
  }

  /** Everything in the mailbox that is not acknowledged comes over a new connection. */
  async catchUp(): Promise<void> {
    const acknowledged = Math.max(0, ...this.acknowledged)
    const letters = this.network.mailbox(this.person.id).filter(({ seq }) => seq > acknowledged)
    await this.deliver(letters)
  }

  async deliver(letters: readonly Letter[]): Promise<void> {
    const before = this.caughtUp
    for (const letter of letters) this.inbox.deliver(this.#place(letter))
    this.inbox.queueEmpty()
    await until(() => this.caughtUp > before || this.faults.length > 0, 'the inbox to rest')
  }

  async deliverGap(gap: {
    readonly seq: number
    readonly count: number
    readonly reason: 'quota' | 'expired'
  }): Promise<void> {
    const before = this.caughtUp
    const letter = { seq: gap.seq, arrivalMs: NOW_MS, body: new Uint8Array(0), stranger: false }
    this.inbox.gap({ ...this.#place(letter), count: gap.count, reason: gap.reason })
    this.inbox.queueEmpty()
    await until(() => this.caughtUp > before || this.faults.length > 0, 'the inbox to rest')
  }

  #place(letter: Letter) {
    return {
      ...letter,
      epoch: this.epoch,
      acknowledge: () => {
        this.onAcknowledge(letter.seq)
        this.acknowledged.push(letter.seq)
      },
    }
  }

  /** Own and others' messages with `peer`, in order. */
  conversation(peer: Desk): readonly StoredMessage[] {
    const conversation = this.read.contacts.conversationWith(peer.person.id)
    if (conversation === undefined) return []
    return this.read.messages.page({ conversation: conversation.id, limit: 1000 })
  }

  texts(peer: Desk): readonly (string | null)[] {
    return this.conversation(peer).map(({ body }) => body)
  }

  events(): readonly EventObject[] {
    return this.read.journal
      .after(0, 10_000)
      .map((row) => eventOf(this.person.core, row))
      .filter((event) => event !== undefined)
  }

  eventTypes(): readonly string[] {
    return this.events().map(({ type }) => type)
  }

  status(message: MessageId): string | undefined {
    return this.read.messages.get(this.person.id, message)?.status
  }
}

export interface Office {
  readonly clock: ManualClock
  readonly authority: Authority
  readonly network: Network
  readonly alice: Desk
  readonly bob: Desk
  /** Somebody else at the same relay. */
  readonly hire: (name: string, options?: PersonOptions) => Desk
}

/** Alice and Bob, who do not know each other yet. */
export function strangers(t: Test, options: PersonOptions = {}): Office {
  const clock = new ManualClock(NOW_MS)
  const authority = new Authority()
  const network = new Network()
  const hire = (name: string, more: PersonOptions = {}): Desk => {
    const ports = { clock, ...options.ports, ...more.ports }
    return new Desk(new Person(t, authority, name, { ...options, ...more, ports }), network)
  }
  return { clock, authority, network, alice: hire('alice'), bob: hire('bob'), hire }
}

/** Alice and Bob as contacts that have each other's access key, with nothing left to be sent. */
export async function friends(t: Test, options: PersonOptions = {}): Promise<Office> {
  const office = strangers(t, options)
  await befriend(office, office.alice, office.bob)
  return office
}

export async function befriend(office: Office, one: Desk, other: Desk): Promise<void> {
  await one.add(other)
  await one.write(other, 'hello')
  await other.catchUp()
  await other.accept(one)
  await other.write(one, 'hi')
  await one.catchUp()
  office.clock.advance(60_000) // Receipts fall due.
  await one.send()
  await other.send()
  await one.catchUp()
  await other.catchUp()
  office.network.submissions.length = 0
  office.network.bundlesAsked.length = 0
}
