import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

/** Files in PEM. */
export interface Certificate {
  readonly key: string
  /** Signed by itself: it is its own authority, as in NODE_EXTRA_CA_CERTS. */
  readonly certificate: string
}

/** Makes one for a host of that name, good for two days. Needs `openssl`. */
export function makeCertificate(folder: string, host: string): Certificate {
  const [key, certificate] = [join(folder, 'tls.key'), join(folder, 'tls.pem')]
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
      ...['-days', '2', '-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`],
      ...['-keyout', key, '-out', certificate],
    ],
    { stdio: 'ignore' },
  )
  return { key, certificate }
}
