import { createHash } from 'node:crypto'
import {
  DonationPermit,
  DonationPermitDerivedKeyPair,
  DonationPermitRequest,
} from '@signalapp/libsignal-client/dist/zkgroup/DonationPermit.js'
import ServerSecretParams from '@signalapp/libsignal-client/dist/zkgroup/ServerSecretParams.js'
import {
  BusyError,
  encode,
  encodeParameters,
  hex,
  ownBytes,
  parametersSigningBytes,
  permitExpiryMs,
  wire,
} from '@sotto/protocol'
import type { PermitDoor } from '../../src/account/draw-permits.js'
import { nodePorts } from '../../src/node-ports.js'
import type { Clock, Ports, Transport } from '../../src/ports.js'
import type { Authority } from './world.js'

/** The relay's side of permits: publishes what they are drawn under, and issues them once a day. */
export class PermitOffice implements PermitDoor {
  secret = ServerSecretParams.generate()
  batch = 4
  /** When what is issued expires; default: when everybody's does. */
  expiryMs: (nowMs: number) => number = permitExpiryMs
  /** Digests of the requests, as they came. */
  readonly requests: string[] = []
  drawnToday = false
  readonly #authority: Authority
  readonly #clock: Clock

  constructor(authority: Authority, clock: Clock) {
    this.#authority = authority
    this.#clock = clock
  }

  /** A network on which there is nothing but what this office publishes. */
  get ports(): Partial<Ports> {
    const { transport } = nodePorts()
    const exchange: Transport['exchange'] = async () => ({ status: 200, body: this.#published() })
    return { clock: this.#clock, transport: { open: transport.open, exchange } }
  }

  async drawPermits(request: Uint8Array): Promise<wire.Permits> {
    this.requests.push(hex(createHash('sha256').update(request).digest()))
    if (this.drawnToday) throw new BusyError('relay/rate-limited', 'drawn already')
    const expires = new Date(this.expiryMs(this.#clock.nowMs()))
    const pair = DonationPermitDerivedKeyPair.forExpiration(expires, this.secret)
    const response = new DonationPermitRequest(ownBytes(request)).issue(pair).serialize()
    return { $typeName: 'sotto.v1.Permits', response }
  }

  /** The nullifier of a permit that is good. Throws for any other. */
  check(permit: Uint8Array): string {
    const shown = new DonationPermit(ownBytes(permit))
    const pair = DonationPermitDerivedKeyPair.forExpiration(shown.expiration, this.secret)
    shown.verify(pair, new Date(this.#clock.nowMs()))
    return hex(shown.spendId)
  }

  #published() {
    const { root, certificateRoot } = this.#authority
    const parameters = encodeParameters({
      ...{ version: 1, registration: 'open', permitBatch: this.batch },
      certificateRoot: certificateRoot.getPublicKey().serialize(),
      permitParameters: this.secret.getPublicParams().serialize(),
    })
    return encode(wire.SignedParametersSchema, {
      parameters,
      signature: root.sign(parametersSigningBytes(parameters)),
      rootKey: root.getPublicKey().serialize(),
    })
  }
}
