import { createPublicKey, verify as verifyEd25519, type KeyObject } from 'node:crypto'
import {
  CHALLENGE_NONCE_BYTES,
  WIRE_VERSION_MAX,
  WIRE_VERSION_MIN,
  accountIdFromBytes,
  base64url,
  challengeSigningBytes,
  ownBytes,
  parseDeviceId,
  wire,
  type Bytes,
} from '@sotto/protocol'
import { setAccessKey } from '../accounts/access-key.js'
import { drawCertificate } from '../accounts/certificate.js'
import { deleteAccount } from '../accounts/delete.js'
import { isAccountId, publishManifest } from '../accounts/manifest.js'
import { setUsername } from '../accounts/username.js'
import { INVALID, PRESSED, rateLimited, type Answer } from '../answers.js'
import type { Context, Session } from '../context.js'
import type { Ring } from '../doorbell/local.js'
import { submitOwn } from '../mailbox/submit.js'
import { drawPermits } from '../permits/draw.js'
import { publishInvites } from '../permits/invites.js'
import type { DeviceKey } from '../store/port.js'
import { publishPrekeys } from '../prekeys/stock.js'
import { CLOSE } from './close-codes.js'
import type { Connection } from './connection.js'
import { Delivery } from './delivery.js'
import { Ephemerals } from './ephemerals.js'
import { helloFrame } from './hello.js'
import { pongFrame, prekeysFrame, readyFrame } from './frames.js'
import type { Turns } from './turns.js'
import type { ClientFrame } from './client-frame.js'

type State =
  | { readonly name: 'greeted'; readonly nonce: Bytes; readonly timeMs: number }
  | { readonly name: 'authenticating' }
  | {
      readonly name: 'ready'
      readonly session: Session
      readonly delivery: Delivery
      readonly ephemerals: Ephemerals
    }
  | { readonly name: 'over' }

interface IdentifiedDoorOptions {
  /** Names under which this relay is known; a challenge is good for these only. */
  readonly hosts: readonly string[]
  /** Of all doors. */
  readonly logins: Turns
}

/** The identified door: one device, which proves itself, receives, and looks after its account. */
export class IdentifiedDoor {
  readonly #context: Context
  readonly #connection: Connection
  readonly #hosts: readonly string[]
  readonly #logins: Turns
  readonly #cancelHandshake: () => void
  readonly #onRing = (ring: Ring): void => this.#hear(ring)
  #state: State

  constructor(connection: Connection, options: IdentifiedDoorOptions) {
    this.#context = connection.context
    this.#connection = connection
    this.#hosts = options.hosts
    this.#logins = options.logins
    const nonce = this.#context.random(CHALLENGE_NONCE_BYTES)
    const timeMs = this.#context.clock.nowMs()
    this.#state = { name: 'greeted', nonce, timeMs }
    this.#cancelHandshake = this.#context.clock.after(this.#context.limits.handshakeMs, () => {
      setImmediate(() => this.#giveUp()) // Late as we may be: what has come is read before.
    })
    connection.listen((frame) => this.#receive(frame))
    connection.onClose(() => this.#end())
    connection.send(helloFrame(this.#context, { nonce, timeMs }))
  }

  #receive(frame: ClientFrame): void {
    const state = this.#state
    if (state.name === 'greeted' && frame.kind === 'authenticate') {
      this.#state = { name: 'authenticating' }
      this.#cancelHandshake() // It was in time. How long it takes from here on is ours.
      this.#logins.add(() => void this.#authenticate(frame.authenticate, state))
    } else if (state.name === 'ready') {
      this.#serve(frame, state)
    } else {
      this.#connection.refuse(wire.ErrorCode.UNAUTHENTICATED, CLOSE.unauthenticated)
    }
  }

  #serve(frame: ClientFrame, { session, delivery }: Extract<State, { name: 'ready' }>): void {
    switch (frame.kind) {
      case 'acknowledge':
        if (!delivery.acknowledge(frame)) this.#connection.refuse(wire.ErrorCode.INVALID)
        return
      case 'ping':
        this.#connection.send(pongFrame(frame.id, this.#context.clock.nowMs()))
        return
      case 'submit-own': {
        const from = { ...session, origin: this.#connection.origin }
        const { id, envelopes } = frame
        this.#connection.answer(id, () => submitOwn(this.#context, from, envelopes))
        return
      }
      case 'request':
        this.#connection.answerWith(frame.id, () => this.#answer(session, frame.method))
        return
      case 'submit':
        this.#connection.answerWith(frame.id, async () => INVALID)
        return
      case 'authenticate':
      case 'unknown':
        this.#connection.refuse(wire.ErrorCode.INVALID)
    }
  }

  async #answer(session: Session, method: wire.Request['method']): Promise<Answer> {
    // Whatever else is refused: who leaves makes room.
    if (method.case === 'deleteAccount') return deleteAccount(this.#context, session)
    if (this.#context.pressure.refuses('change')) return PRESSED
    const permission = this.#context.gates.change(this.#connection.origin, session.account)
    if (!permission.granted) return rateLimited(permission.retryAfterMs)
    switch (method.case) {
      case 'publishPrekeys':
        return publishPrekeys(this.#context, session, method.value)
      case 'drawCertificate':
        return { case: 'certificate', value: drawCertificate(this.#context, session) }
      case 'publishManifest':
        return publishManifest(this.#context, session, method.value.manifest)
      case 'setUsername':
        return setUsername(this.#context, session, method.value)
      case 'setAccessKey':
        return setAccessKey(this.#context, session, method.value)
      case 'drawPermits':
        return drawPermits(this.#context, session, method.value.request)
      case 'publishInvites':
        return publishInvites(this.#context, session, method.value)
      case 'lookupUsername':
      case 'checkUsername':
      case 'fetchBundle':
      case 'submit':
      case 'submitOwn':
      case undefined:
        return INVALID // Of the other door, or unknown.
    }
  }

  async #authenticate(
    given: wire.Authenticate,
    challenge: { readonly nonce: Bytes; readonly timeMs: number },
  ): Promise<void> {
    if (!this.#connection.isOpen) return
    if (given.version < WIRE_VERSION_MIN || given.version > WIRE_VERSION_MAX) {
      this.#connection.refuse(wire.ErrorCode.VERSION)
      return
    }
    try {
      const session = await this.#prove(given, challenge)
      if (session === undefined) {
        this.#connection.refuse(wire.ErrorCode.UNAUTHENTICATED, CLOSE.unauthenticated)
      } else {
        await this.#begin(session)
      }
    } catch {
      this.#connection.refuse(wire.ErrorCode.UNAVAILABLE, CLOSE.tryAgain)
    }
  }

  /** The device, when it exists and this is its signature over this challenge. */
  async #prove(
    given: wire.Authenticate,
    { nonce, timeMs }: { readonly nonce: Bytes; readonly timeMs: number },
  ): Promise<Session | undefined> {
    const account = ownBytes(given.account)
    if (!isAccountId(account) || given.device < 1 || given.device > 127) return undefined
    const record = await this.#context.store.findDevice({ account, device: given.device })
    const isProven = this.#hosts.some((host) =>
      isSigned(
        challengeSigningBytes({
          nonce,
          timeMs,
          relayRoot: this.#context.keys.rootKey,
          host,
          account: accountIdFromBytes(account),
          device: parseDeviceId(given.device),
        }),
        given.signature,
        record?.deviceKey ?? NOBODYS_KEY,
      ),
    )
    if (record === undefined || !isProven) return undefined
    if (record.idleDays > 0) this.#see({ account, device: given.device })
    const { device, mailbox, identityKey } = record
    return { account, device, mailbox, identityKey }
  }

  /** Once a day, and nobody waits for it. */
  #see(device: DeviceKey): void {
    const seen = this.#context.commits.change('see-devices', { devices: [device] })
    seen.catch(() => undefined) // It is seen at its next login, or by the next sweep.
  }

  async #begin(session: Session): Promise<void> {
    const { store, doorbell, epoch } = this.#context
    const counts = await store.countPrekeys(session)
    const mailbox = await store.findMailbox(session.mailbox)
    if (mailbox === undefined || !this.#connection.isOpen) return
    this.#context.meters.foundWaiting(mailbox.head - mailbox.acknowledged)
    const delivery = new Delivery({
      context: this.#context,
      connection: this.#connection,
      mailbox: session.mailbox,
      state: mailbox,
    })
    const ephemerals = new Ephemerals(this.#context, this.#connection)
    this.#state = { name: 'ready', session, delivery, ephemerals }
    this.#connection.send(readyFrame(epoch, counts))
    this.#connection.onDrain(() => {
      delivery.resume()
      ephemerals.flush()
    })
    doorbell.listen(session.mailbox, this.#onRing)
    delivery.ring(undefined)
  }

  #hear(ring: Ring): void {
    if (this.#state.name !== 'ready') return
    switch (ring.kind) {
      case 'waiting':
        this.#state.delivery.ring(ring.row)
        return
      case 'ephemeral':
        this.#state.ephemerals.add(ring)
        return
      case 'prekeys-low':
        void this.#tellPrekeys(this.#state.session)
        return
      case 'replaced':
        this.#connection.refuse(wire.ErrorCode.REPLACED, CLOSE.replaced)
        return
      case 'closed':
        this.#connection.refuse(wire.ErrorCode.UNAUTHENTICATED, CLOSE.unauthenticated)
    }
  }

  async #tellPrekeys(session: Session): Promise<void> {
    try {
      this.#connection.send(prekeysFrame(await this.#context.store.countPrekeys(session)))
    } catch {
      // The device asks when it connects; this was only the faster way.
    }
  }

  /** Of a slow network nothing follows about the device: it may try again. */
  #giveUp(): void {
    if (this.#state.name !== 'greeted') return
    this.#connection.refuse(wire.ErrorCode.UNAVAILABLE, CLOSE.handshakeTimeout)
  }

  #end(): void {
    this.#cancelHandshake()
    if (this.#state.name === 'ready') {
      this.#context.doorbell.leave(this.#state.session.mailbox, this.#onRing)
    }
    this.#state = { name: 'over' }
  }
}

/** Checked for devices that do not exist, so that these take as long. */
const NOBODYS_KEY: Bytes = Uint8Array.from({ length: 32 }, (_, index) => (index === 0 ? 9 : 0))
function isSigned(message: Bytes, signature: Uint8Array, publicKey: Bytes): boolean {
  return verifyEd25519(null, message, ed25519Key(publicKey), signature)
}

/** As a JWK (RFC 8037): OpenSSL takes ten times as long to find out what is in a DER. */
function ed25519Key(publicKey: Bytes): KeyObject {
  const key = { kty: 'OKP', crv: 'Ed25519', x: base64url(publicKey) }
  return createPublicKey({ key, format: 'jwk' })
}
