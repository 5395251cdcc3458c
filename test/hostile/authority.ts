import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  PrivateKey,
  SenderCertificate,
  ServerCertificate,
  type PublicKey,
} from '@signalapp/libsignal-client'
import { fromBase64url, type AccountId, type Bytes } from '@sotto/protocol'

import type { HostileRelay } from './hostile-relay.js'

const DAY_MS = 24 * 60 * 60_000

/** What a certificate says, true or not. */
export interface Claim {
  readonly account: AccountId
  readonly device: number
  readonly identity: PublicKey
  readonly expiresMs?: number
}

/** The keys by which a relay signs certificates: its own, read off its disk, or made up. */
export class Authority {
  readonly #key: PrivateKey
  readonly #certificate: ServerCertificate

  private constructor(key: PrivateKey, certificate: ServerCertificate) {
    this.#key = key
    this.#certificate = certificate
  }

  static ofRelay(relay: HostileRelay): Authority {
    const file = join(relay.dataDir, 'keys', 'relay.json')
    const stored = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
    const bytes = (name: string): Bytes => {
      const value = fromBase64url(stored[name] ?? '')
      if (value === undefined) throw new Error(`the relay keeps no ${name}`)
      return value
    }
    return new Authority(
      PrivateKey.deserialize(bytes('serverKey')),
      ServerCertificate.deserialize(bytes('serverCertificate')),
    )
  }

  static madeUp(): Authority {
    const key = PrivateKey.generate()
    return new Authority(key, ServerCertificate.new(1, key.getPublicKey(), PrivateKey.generate()))
  }

  certify({ account, device, identity, expiresMs = Date.now() + DAY_MS }: Claim) {
    return SenderCertificate.new(
      account,
      null,
      device,
      identity,
      expiresMs,
      this.#certificate,
      this.#key,
    )
  }
}
