import { type SottoError } from '@sotto/protocol'
import type { Client, OpenOptions } from './client.js'
import { Connection, interrupted } from './connection.js'
import { acceptAllRequests } from './conversation/contacts.js'
import { readJournal } from './conversation/reading.js'
import { currentAccount, makeCore, type Core } from './core.js'
import { EventStream } from './event-stream.js'
import { homeWarnings, storePath } from './home/home.js'
import { labelWriter, type AccountLabel } from './home/label.js'
import { acquireOwner, type Owner } from './home/owner-lock.js'
import { resolveAccount } from './home/resolve-account.js'
import { Inbox } from './inbox/receive.js'
import { parseParams, type Fields, type Method } from './methods/method.js'
import { METHODS, type MethodName, type MethodParams, type MethodResult } from './methods/table.js'
import { AnonymousDoor } from './net/anonymous-door.js'
import { RelayClock } from './net/relay-clock.js'
import { nodePorts } from './node-ports.js'
import type { AccountObject, EventObject } from './objects.js'
import type { OpenAccount } from './open-account.js'
import { OutboxWorker } from './outbox/worker.js'
import type { Ports } from './ports.js'
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
  const { passphrase } = options
  const local = await resolveAccount(
    options.home,
    options.account,
    passphrase === undefined ? {} : { passphrase },
  )
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
      label: local.label,
      writeLabel: labelWriter(local.folder, local.key),
      acceptEveryone: options.acceptEveryone ?? false,
      warnings,
    })
  } catch (thrown) {
    owner.release()
    throw thrown
  } finally {
    local.key.wipe()
  }
}

class OpenedClient implements Client, OpenAccount {
  readonly account: AccountObject
  readonly warnings: readonly string[]
  readonly remote = false
  readonly core: Core
  readonly anonymous: AnonymousDoor
  readonly connection: Connection
  readonly worker: OutboxWorker
  readonly events: EventStream
  readonly changed = new Signal()
  readonly #owner: Owner
  readonly #writeLabel: (label: AccountLabel) => void
  #label: AccountLabel
  readonly #inbox: Inbox
  #caughtUp = false
  #fault: SottoError | undefined
  #closed: Promise<void> | undefined

  constructor(
    store: Store,
    owner: Owner,
    options: {
      readonly ports: Ports
      /** As it stands in the folder. */
      readonly label: AccountLabel
      readonly writeLabel: (label: AccountLabel) => void
      readonly acceptEveryone: boolean
      readonly warnings: readonly string[]
    },
  ) {
    const { ports, acceptEveryone } = options
    const relayClock = new RelayClock(ports.clock)
    const fatal = (error: SottoError): void => {
      this.#fail(error)
    }
    this.#owner = owner
    this.#label = options.label
    this.#writeLabel = options.writeLabel
    this.warnings = options.warnings
    this.core = makeCore({ store, ports, acceptEveryone, relayNowMs: () => relayClock.nowMs() })
    this.account = currentAccount(this.core)
    this.relabel() // Whoever changed the username may have died before this.
    this.events = new EventStream(this.core)
    this.anonymous = new AnonymousDoor({
      origin: this.account.relay,
      transport: ports.transport,
      clock: ports.clock,
    })
    this.#inbox = new Inbox({ core: this.core, fatal, caughtUp: () => this.#backlogDone() })
    this.connection = new Connection({
      core: this.core,
      relayClock,
      inbox: this.#inbox,
      online: () => this.worker.hasten(),
      stateChanged: (state, retryAfterMs) => {
        if (this.#closed === undefined) this.events.connectionState(state, retryAfterMs)
      },
      fatal,
    })
    this.worker = new OutboxWorker({
      core: this.core,
      doors: { anonymous: this.anonymous, certificate: () => this.connection.certificate() },
      changed: this.changed,
      fatal,
    })
    store.transact((tx) => {
      // What an earlier process put off is not put off for this one.
      tx.outbox.hasten()
      if (acceptEveryone) acceptAllRequests(tx, this.core)
    })
    store.onJournal((seqs) => this.#journalled(seqs))
  }

  async call<Name extends MethodName>(
    name: Name,
    params: MethodParams<Name>,
  ): Promise<MethodResult<Name>> {
    this.check()
    const { fields, run } = METHODS[name] as AnyMethod
    return (await run(this, parseParams(fields, params))) as MethodResult<Name>
  }

  subscribe(listener: (event: EventObject) => void): () => void {
    return this.events.subscribe(listener)
  }

  isCaughtUp(): boolean {
    return this.#caughtUp
  }

  check(): void {
    if (this.#fault !== undefined) throw this.#fault
  }

  relabel(): void {
    const { username } = this.core.account
    if (this.#label.username === username) return
    this.#label = { ...this.#label, username }
    this.#writeLabel(this.#label)
  }

  async close(): Promise<void> {
    this.#closed ??= this.#shutDown()
    await this.#closed
  }

  async #shutDown(): Promise<void> {
    const { clock } = this.core.ports
    const cut = clock.after(CLOSE_GRACE_MS, () => {
      this.anonymous.close()
      void this.connection.stop()
    })
    await Promise.all([this.worker.stop(), this.connection.upkept()])
    cut()
    this.anonymous.close()
    await this.connection.stop()
    await this.#inbox.stop()
    await this.core.lane.idle()
    this.#fault ??= interrupted()
    this.changed.fire()
    this.core.store.close()
    this.#owner.release()
  }

  #journalled(seqs: readonly number[]): void {
    const [first] = seqs
    if (first !== undefined && this.events.isHeard)
      for (const event of readJournal(this.core, first - 1, seqs.length).events)
        this.events.publish(event)
    this.worker.kick()
    this.changed.fire()
  }

  #backlogDone(): void {
    this.#caughtUp = true
    this.events.backlogDone()
    this.changed.fire()
  }

  #fail(error: SottoError): void {
    this.#fault ??= error
    this.changed.fire()
  }
}

type AnyMethod = Method<Fields, unknown>
