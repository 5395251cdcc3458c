import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A certificate for localhost that vouches for itself. Needs `openssl`. */
export function writeCertificate(folder: string, { days = 2, serial = 1 } = {}) {
  const [cert, key] = [join(folder, 'tls.pem'), join(folder, 'tls.key')]
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
      ...['-days', String(days), '-set_serial', String(serial), '-subj', '/CN=localhost'],
      ...['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', key, '-out', cert],
    ],
    { stdio: 'ignore' },
  )
  return { cert, key, authority: readFileSync(cert) }
}
