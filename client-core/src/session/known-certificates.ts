import type { PublicKey, SenderCertificate } from '@signalapp/libsignal-client'

/** A contact's device has a new one every day; more than this and the oldest is checked again. */
const KNOWN_MAX = 256

/**
 * Sender certificates whose signatures were checked in this process. A device seals all it sends in
 * a day under one, so that most need only be looked at for their end.
 */
export class KnownCertificates {
  readonly #root: PublicKey
  /** By their bytes, a character each. */
  readonly #endsMs = new Map<string, number>()

  constructor(root: PublicKey) {
    this.#root = root
  }

  /** Whether the certificate stands under the root and was valid at that time. */
  isValid(certificate: SenderCertificate, atMs: number): boolean {
    const name = Buffer.from(certificate.serialize()).toString('latin1')
    const endsMs = this.#endsMs.get(name)
    if (endsMs !== undefined && atMs < endsMs) return true
    if (!certificate.validate(this.#root, atMs)) return false
    const [oldest] = this.#endsMs.keys()
    if (oldest !== undefined && this.#endsMs.size >= KNOWN_MAX) this.#endsMs.delete(oldest)
    this.#endsMs.set(name, certificate.expiration())
    return true
  }
}
