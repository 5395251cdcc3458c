import { CERTIFICATE_PAUSE_MS } from '../limits/bounds.js'
import type { Log } from '../log.js'
import type { Clock } from '../ports.js'
import { DAY_MS } from '../ports.js'
import { fileMark, readCertificate, type Certificate, type TlsFiles } from './certificate.js'

/**
 * Reads a certificate anew when its files change, as whoever renews it leaves them. One that is
 * broken, or of another key, changes nothing: the one before goes on until the next change.
 */
export class CertificateWatch {
  readonly #files: TlsFiles
  readonly #clock: Clock
  readonly #log: Log
  #certificate: Certificate
  #mark: string
  #changed: (certificate: Certificate) => void = () => undefined
  #cancel: () => void = () => undefined

  /** Throws a ConfigError where there is no certificate to begin with. */
  constructor(files: TlsFiles, { clock, log }: { readonly clock: Clock; readonly log: Log }) {
    this.#files = files
    this.#clock = clock
    this.#log = log
    this.#mark = fileMark(files)
    this.#certificate = readCertificate(files)
    if (this.#isExpired(this.#certificate)) log.error('tls.expired', {})
  }

  get certificate(): Certificate {
    return this.#certificate
  }

  /** Begins to look at the files; `changed` gets each new certificate. */
  start(changed: (certificate: Certificate) => void): void {
    this.#changed = changed
    this.#lookLater()
  }

  /** Reads the files now, whether they look changed or not. */
  reload(): void {
    this.#mark = fileMark(this.#files)
    try {
      const certificate = readCertificate(this.#files)
      if (this.#isExpired(certificate)) throw new Error('it has expired')
      this.#certificate = certificate
      this.#changed(certificate)
      const days = Math.floor((certificate.expiresMs - this.#clock.nowMs()) / DAY_MS)
      this.#log.info('tls.reloaded', { days })
    } catch {
      this.#log.error('tls.reload-failed', {}) // The reason holds paths: doctor tells it.
    }
  }

  stop(): void {
    this.#cancel()
  }

  #isExpired({ expiresMs }: Certificate): boolean {
    return expiresMs <= this.#clock.nowMs()
  }

  #lookLater(): void {
    this.#cancel = this.#clock.after(CERTIFICATE_PAUSE_MS, () => {
      if (fileMark(this.#files) !== this.#mark) this.reload()
      this.#lookLater()
    })
  }
}
