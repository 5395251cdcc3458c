import { asSottoError, type MessageId, type SottoError } from '@sotto/protocol'
import { Permits } from './account/permits.js'
import type { Client, CloseOptions, OpenOptions } from './client.js'
import { readAgain } from './changes/read-again.js'
import { Connection, interrupted } from './connection.js'
import { ClaimLookups } from './conversation/claim-lookups.js'
import { acceptAllRequests } from './conversation/contacts.js'
import { readJournal } from './conversation/journal-events.js'
import { currentAccount, makeCore, type Core } from './core.js'
import type { Asker } from './daemon/served.js'
import { Serving } from './daemon/serving.js'
import { EventStream } from './event-stream.js'
import { isFull } from './home/files.js'
import type { AccountFolder } from './home/home.js'
import type { LabelProfile } from './home/label.js'
import type { Owner } from './home/owner-lock.js'
import { Inbox } from './inbox/receive.js'
import { runMethod } from './methods/run.js'
import type { MethodName, MethodParams, MethodResult } from './methods/table.js'
import { AnonymousDoor } from './net/anonymous-door.js'
import { chooseProxy, type ProxySettings } from './net/proxy-choice.js'
import { RelayClock } from './net/relay-clock.js'
import { transportThrough } from './net/transport.js'
import type { AccountObject, EventObject } from './objects.js'
import type { OpenAccount } from './open-account.js'
import { Turns } from './outbox/turns.js'
import { OutboxWorker } from './outbox/worker.js'
import type { Ports, Transport } from './ports.js'
import { Signal } from './signal.js'
import type { Store } from './store/store.js'
import { Typing } from './typing/typing.js'

/** What is being tried when an account is closed may take this long; then it is cut short, safely. */
const CLOSE_GRACE_MS = 2_000

/** An account that is open in this process. */
export class OpenedClient implements Client, OpenAccount {
  readonly account: AccountObject
  readonly warnings: string[]
  readonly remote = false
  readonly core: Core
  readonly anonymous: AnonymousDoor
  readonly claims: ClaimLookups
  readonly connection: Connection
  readonly worker: OutboxWorker
  readonly events: EventStream
  readonly changed = new Signal()
  readonly turns = new Turns()
  readonly typing: Typing
  readonly #owner: Owner
  readonly #keepLabel: (profile: LabelProfile) => void
  readonly #inbox: Inbox
  readonly #serving: Serving
  #online = false
  #caughtUp = false
  #fault: SottoError | undefined
  #closed: Promise<void> | undefined

  constructor(
    store: Store,
    owner: Owner,
    options: {
      readonly ports: Ports
      /** In place of this machine's network. */
      readonly transport: Transport | undefined
      readonly proxy: ProxySettings
      readonly relayWaitMs: number | undefined
      readonly prekeyStock: number
      /** Has what the owner may change where it is found without opening the store. */
      readonly keepLabel: (profile: LabelProfile) => void
      readonly acceptEveryone: boolean
      readonly warnings: readonly string[]
    },
  ) {
    const { proxy, acceptEveryone } = options
    const throughProxy = transportThrough(() => {
      const { relay, proxy: stored } = this.core.account
      return chooseProxy(relay, stored, proxy)
    }, options.relayWaitMs)
    const ports: Ports = { ...options.ports, transport: options.transport ?? throughProxy }
    const relayClock = new RelayClock(ports.clock)
    const fatal = (error: SottoError): void => {
      this.#fail(error)
    }
    this.#owner = owner
    this.#keepLabel = options.keepLabel
    this.warnings = [...options.warnings]
    this.core = makeCore({
      store,
      ports,
      acceptEveryone,
      prekeyStock: options.prekeyStock,
      relayNowMs: () => relayClock.nowMs(),
      knowsRelayTime: () => relayClock.isSet,
    })
    this.account = currentAccount(this.core)
    ifRoom(() => this.relabel()) // Whoever changed the account may have died before this.
    this.events = new EventStream(this.core)
    this.anonymous = new AnonymousDoor({
      origin: this.account.relay,
      transport: ports.transport,
      clock: ports.clock,
      relayClock,
      permits: new Permits({ core: this.core, draw: () => this.connection.drawPermits() }),
    })
    this.claims = new ClaimLookups({
      core: this.core,
      door: { lookupUsername: (hash) => this.anonymous.lookupUsername(hash, 'spare') },
      changed: this.changed,
      fatal,
    })
    this.#inbox = new Inbox({
      core: this.core,
      fatal,
      caughtUp: () => this.#backlogDone(),
      committed: (wentBack) => {
        this.worker.kick()
        if (wentBack) this.connection.replacePrekeys()
      },
      typing: (typist) => this.typing.hear(typist),
    })
    this.connection = new Connection({
      core: this.core,
      relayClock,
      inbox: this.#inbox,
      online: () => {
        this.worker.hasten()
        this.claims.start()
      },
      woke: () => {
        this.anonymous.retire()
        this.#orFail(() => this.worker.hasten())
      },
      stateChanged: (state, retryAfterMs) => {
        this.#online = state === 'online'
        if (state === 'offline') this.#caughtUp = false
        if (this.#closed === undefined) this.events.connectionState(state, retryAfterMs)
        if (state === 'offline') this.worker.kick() // Receipts that gathered may go.
      },
      fatal,
    })
    this.worker = new OutboxWorker({
      core: this.core,
      doors: { anonymous: this.anonymous, certificate: () => this.connection.certificate() },
      changed: this.changed,
      isCatchingUp: () => this.#online && !this.#caughtUp,
      fatal,
    })
    const { core, anonymous, connection, events } = this
    this.typing = new Typing({ core, anonymous, connection, events })
    this.#serving = new Serving({
      client: this,
      owner,
      ask: (name, params, asker) => this.#run(name, params, this.#openFor(asker)),
      fatal,
    })
    ifRoom(() => {
      store.transact((tx) => {
        // What an earlier process put off is not put off for this one.
        tx.outbox.hasten()
        readAgain(tx, this.core)
        if (acceptEveryone) acceptAllRequests(tx, this.core)
      })
    })
    store.onJournal((seqs, messages) => this.#journalled(seqs, messages))
  }

  async call<Name extends MethodName>(
    name: Name,
    params: MethodParams<Name>,
  ): Promise<MethodResult<Name>> {
    return (await this.#run(name, params, this)) as MethodResult<Name>
  }

  /** Answers other processes from here on, where a socket can be; else `warnings` says so. */
  async serve(options: OpenOptions, folder: AccountFolder): Promise<void> {
    await this.#serving.start(options, folder)
  }

  subscribe(listener: (event: EventObject) => void): () => void {
    return this.events.subscribe(listener)
  }

  isAccepted(): boolean {
    return false
  }

  isCaughtUp(): boolean {
    return this.#caughtUp
  }

  check(): void {
    if (this.#fault !== undefined) throw this.#fault
  }

  relabel(): void {
    this.#keepLabel(this.core.account)
  }

  /** Nothing is being sealed or opened. */
  get isIdle(): boolean {
    return this.core.lane.isIdle
  }

  async close({ exiting = false }: CloseOptions = {}): Promise<void> {
    this.#closed ??= this.#shutDown(exiting)
    await this.#closed
  }

  async #run(name: MethodName, params: unknown, open: OpenAccount): Promise<unknown> {
    this.check()
    this.worker.recordAccepted()
    return runMethod(open, name, params)
  }

  /** The account for somebody who may leave: then nothing waits any longer on their behalf. */
  #openFor(asker: Asker): OpenAccount {
    const { core, anonymous, claims, connection, worker, events, changed, turns, typing } = this
    return {
      ...{ core, anonymous, claims, connection, worker, events, changed, turns, typing },
      relabel: () => this.relabel(),
      isAccepted: (message) => worker.isAccepted(message),
      isCaughtUp: () => this.isCaughtUp(),
      check: () => {
        this.check()
        if (asker.left) throw interrupted()
      },
    }
  }

  async #shutDown(exiting: boolean): Promise<void> {
    const { clock } = this.core.ports
    await this.#serving.stop()
    this.typing.stop()
    const cut = clock.after(CLOSE_GRACE_MS, () => {
      this.anonymous.close()
      void this.connection.stop()
    })
    await Promise.all([this.worker.stop(), this.claims.stop(), this.connection.upkept()])
    cut()
    if (!exiting) this.anonymous.close() // Else with the process: nothing is asked there any more.
    await this.connection.stop()
    await this.#inbox.stop()
    await this.core.composing.settled()
    await this.core.lane.idle()
    this.#fault ??= interrupted()
    this.changed.fire()
    if (exiting) this.core.store.leave()
    else this.core.store.close()
    this.#owner.release()
  }

  #journalled(seqs: readonly number[], messages: readonly MessageId[] | undefined): void {
    const [first] = seqs
    if (first !== undefined && (this.events.isHeard || this.typing.isTelling))
      for (const event of readJournal(this.core, first - 1, seqs.length).events) {
        this.typing.journalled(event)
        this.events.publish(event)
      }
    this.worker.kick()
    this.claims.kick()
    this.changed.fire(messages)
  }

  #backlogDone(): void {
    this.#caughtUp = true
    this.events.backlogDone()
    this.changed.fire()
    // Receipts that gathered may go, once whoever waits has been told.
    this.core.ports.clock.after(0, () => {
      this.worker.kick()
    })
  }

  /** For what a timer begins: nobody else hears what it throws. */
  #orFail(work: () => void): void {
    try {
      work()
    } catch (thrown) {
      this.#fail(asSottoError(thrown))
    }
  }

  #fail(error: SottoError): void {
    this.#fault ??= error
    this.changed.fire()
  }
}

/** On a full disk left to the next who opens the account: what is stored can be read nevertheless. */
function ifRoom(work: () => void): void {
  try {
    work()
  } catch (thrown) {
    if (!isFull(thrown)) throw thrown
  }
}
