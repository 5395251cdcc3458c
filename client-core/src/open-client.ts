import { AccountError, assert, type SottoError } from '@sotto/protocol'
import { safetyNumber } from './account/safety-number.js'
import type {
  Client,
  ConnectOptions,
  HistoryPage,
  OpenOptions,
  SendOptions,
  SendOutcome,
  SendRequest,
} from './client.js'
import { Connection, interrupted } from './connection.js'
import { acceptAllRequests, acceptContact, addContact } from './conversation/contacts.js'
import { conversationId, unknownConversation } from './conversation/conversation-named.js'
import {
  readContacts,
  readConversations,
  readHistory,
  readJournal,
  readOutbox,
} from './conversation/reading.js'
import { parseRecipient, resolve } from './conversation/recipient.js'
import { Views } from './conversation/views.js'
import type { Core } from './core.js'
import { EventStream } from './event-stream.js'
import { homeWarnings, storePath } from './home/home.js'
import { acquireOwner, type Owner } from './home/owner-lock.js'
import { resolveAccount } from './home/resolve-account.js'
import { markRead } from './inbox/receipts.js'
import { Inbox } from './inbox/receive.js'
import { AnonymousDoor } from './net/anonymous-door.js'
import { RelayClock } from './net/relay-clock.js'
import { nodePorts } from './node-ports.js'
import type {
  AccountObject,
  ContactObject,
  ConversationObject,
  EventObject,
  HistoryObject,
  OutboxObject,
  VerifyObject,
} from './objects.js'
import { send } from './outbox/send.js'
import { fetchBundle } from './outbox/submit-sealed.js'
import { OutboxWorker } from './outbox/worker.js'
import type { Ports } from './ports.js'
import { Lane } from './session/lane.js'
import { loadOwnDevice } from './session/own-device.js'
import { Signal } from './signal.js'
import { Store } from './store/store.js'

/** What is being tried when an account is closed may take this long; then it is cut short, safely. */
const CLOSE_GRACE_MS = 2_000

/**
 * Opens an account and owns it until `close`. Throws `account/busy` while another process owns it,
 * `account/none`, `account/ambiguous`, `store/locked`.
 */
export async function openClient(options: OpenOptions): Promise<Client> {
  const ports: Ports = { ...nodePorts(), ...options.ports }
  const local = await resolveAccount(options.home, options.account)
  const owner = acquireOwner(local.folder, {
    command: options.command ?? 'sotto',
    pid: process.pid,
  })
  try {
    const store = Store.open({ path: storePath(local.folder), key: local.key, clock: ports.clock })
    const warnings = [
      ...(local.warning === undefined ? [] : [local.warning]),
      ...homeWarnings(options.home),
    ]
    return new OpenedClient(store, owner, {
      ports,
      acceptEveryone: options.acceptEveryone ?? false,
      warnings,
    })
  } catch (thrown) {
    owner.release()
    throw thrown
  }
}

class OpenedClient implements Client {
  readonly account: AccountObject
  readonly warnings: readonly string[]
  readonly #core: Core
  readonly #owner: Owner
  readonly #anonymous: AnonymousDoor
  readonly #connection: Connection
  readonly #inbox: Inbox
  readonly #worker: OutboxWorker
  readonly #changed = new Signal()
  readonly #events: EventStream
  #caughtUp = false
  #fault: SottoError | undefined
  #closed: Promise<void> | undefined

  constructor(
    store: Store,
    owner: Owner,
    options: {
      readonly ports: Ports
      readonly acceptEveryone: boolean
      readonly warnings: readonly string[]
    },
  ) {
    const { ports, acceptEveryone } = options
    const account = store.read.account.own()
    if (account === undefined)
      throw new AccountError('account/none', 'the account was never finished')
    const relayClock = new RelayClock(ports.clock)
    const fatal = (error: SottoError): void => {
      this.#fail(error)
    }
    this.#owner = owner
    this.warnings = options.warnings
    this.#core = {
      store,
      account,
      own: loadOwnDevice(account),
      lane: new Lane(),
      ports,
      views: new Views(store.read, account),
      acceptEveryone,
      relayNowMs: () => relayClock.nowMs(),
    }
    this.account = {
      id: account.account,
      username: account.username,
      device: account.device,
      relay: account.relay,
    }
    this.#events = new EventStream(this.#core)
    this.#anonymous = new AnonymousDoor({
      origin: account.relay,
      transport: ports.transport,
      clock: ports.clock,
    })
    this.#inbox = new Inbox({ core: this.#core, fatal, caughtUp: () => this.#backlogDone() })
    this.#connection = new Connection({
      core: this.#core,
      relayClock,
      inbox: this.#inbox,
      online: () => this.#worker.hasten(),
      stateChanged: (state, retryAfterMs) => {
        if (this.#closed === undefined) this.#events.connectionState(state, retryAfterMs)
      },
      fatal,
    })
    this.#worker = new OutboxWorker({
      core: this.#core,
      doors: { anonymous: this.#anonymous, certificate: () => this.#connection.certificate() },
      changed: this.#changed,
      fatal,
    })
    store.transact((tx) => {
      // What an earlier process put off is not put off for this one.
      tx.outbox.hasten()
      if (acceptEveryone) acceptAllRequests(tx, this.#core)
    })
    store.onJournal((seqs) => this.#journalled(seqs))
  }

  async addContact(to: string, options: { readonly alias?: string } = {}): Promise<ContactObject> {
    const contact = await addContact(this.#core, this.#anonymous, { to, alias: options.alias })
    return this.#core.views.contact(contact)
  }

  async acceptContact(to: string): Promise<ContactObject> {
    const contact = await acceptContact(this.#core, this.#anonymous, to)
    this.#worker.kick()
    return this.#core.views.contact(contact)
  }

  listContacts(): readonly ContactObject[] {
    return readContacts(this.#core)
  }

  async safetyNumber(to: string): Promise<VerifyObject> {
    const core = this.#core
    const resolved = resolve(core.store.read, parseRecipient(to))
    if (resolved.kind !== 'contact') throw unknownConversation(to)
    const { account } = resolved.contact
    if (core.store.read.peers.peer(account) === undefined) {
      await fetchBundle(core, { anonymous: this.#anonymous }, account)
    }
    const peer = core.store.read.peers.peer(account)
    assert(peer !== undefined, 'a fetched bundle leaves a peer')
    return {
      handle: core.views.nameOf(account),
      safetyNumber: safetyNumber(
        { account: core.own.account, identity: core.own.identity.publicKey },
        { account, identityKey: peer.identityKey },
      ),
      verified: peer.verified,
    }
  }

  async send(request: SendRequest, options: SendOptions = {}): Promise<SendOutcome> {
    this.#check()
    const outcome = await send(
      {
        core: this.#core,
        worker: this.#worker,
        door: this.#anonymous,
        changed: this.#changed,
        listen: () => this.#connection.start(),
      },
      request,
      options,
    )
    this.#check()
    return outcome
  }

  listOutbox(): readonly OutboxObject[] {
    return readOutbox(this.#core)
  }

  history(conversation: string, page: HistoryPage = {}): readonly HistoryObject[] {
    return readHistory(this.#core, conversation, page)
  }

  listConversations(): readonly ConversationObject[] {
    return readConversations(this.#core)
  }

  markRead(conversation: string): void {
    const id = conversationId(this.#core, conversation)
    this.#core.store.transact((tx) => {
      markRead(tx, this.#core, id)
    })
    this.#worker.kick()
  }

  async connect(options: ConnectOptions): Promise<void> {
    this.#check()
    await this.#connection.whenOnline(options.timeoutMs)
  }

  async caughtUp(): Promise<void> {
    this.#connection.start()
    for (;;) {
      this.#check()
      if (this.#caughtUp) return
      await this.#changed.next()
    }
  }

  journal(afterSeq: number, limit?: number): readonly EventObject[] {
    return readJournal(this.#core, afterSeq, limit)
  }

  cursor(consumer: string): number {
    return this.#core.store.read.journal.cursor(consumer)
  }

  moveCursor(consumer: string, seq: number): void {
    this.#core.store.transact((tx) => {
      tx.journal.moveCursor(consumer, seq)
    })
  }

  subscribe(listener: (event: EventObject) => void): () => void {
    return this.#events.subscribe(listener)
  }

  async flush(options: { readonly timeoutMs: number }): Promise<void> {
    const { clock } = this.#core.ports
    const untilMs = clock.monotonicMs() + options.timeoutMs
    this.#worker.kick()
    while (!this.#worker.isSettled() && this.#fault === undefined) {
      const leftMs = untilMs - clock.monotonicMs()
      if (leftMs <= 0) return
      await this.#changed.nextWithin(leftMs, clock)
    }
  }

  async close(): Promise<void> {
    this.#closed ??= this.#shutDown()
    await this.#closed
  }

  async #shutDown(): Promise<void> {
    const { clock } = this.#core.ports
    const cut = clock.after(CLOSE_GRACE_MS, () => {
      this.#anonymous.close()
      void this.#connection.stop()
    })
    await Promise.all([this.#worker.stop(), this.#connection.upkept()])
    cut()
    this.#anonymous.close()
    await this.#connection.stop()
    await this.#inbox.stop()
    await this.#core.lane.idle()
    this.#fault ??= interrupted()
    this.#changed.fire()
    this.#core.store.close()
    this.#owner.release()
  }

  #journalled(seqs: readonly number[]): void {
    const [first] = seqs
    if (first !== undefined && this.#events.isHeard)
      for (const event of this.journal(first - 1, seqs.length)) this.#events.publish(event)
    this.#worker.kick()
    this.#changed.fire()
  }

  #backlogDone(): void {
    this.#caughtUp = true
    this.#events.backlogDone()
    this.#changed.fire()
  }

  #fail(error: SottoError): void {
    this.#fault ??= error
    this.#changed.fire()
  }

  #check(): void {
    if (this.#fault !== undefined) throw this.#fault
  }
}
