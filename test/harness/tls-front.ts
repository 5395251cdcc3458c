import { readFileSync } from 'node:fs'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { createServer } from 'node:tls'

import { makeCertificate } from './certificate.js'
import type { Scope } from './temp-dir.js'

/** TLS in front of a relay, under a certificate for `name` that `authority` vouches for. */
export interface TlsFront {
  readonly port: number
  /** A file for NODE_EXTRA_CA_CERTS. */
  readonly authority: string
}

/** Needs `openssl`. */
export async function startTls(
  scope: Scope,
  { dir, name, to }: { readonly dir: string; readonly name: string; readonly to: number },
): Promise<TlsFront> {
  const { key, certificate: authority } = makeCertificate(dir, name)
  const sockets = new Set<Socket>()
  const server = createServer(
    { key: readFileSync(key), cert: readFileSync(authority) },
    (client) => {
      const relay = connect(to, '127.0.0.1')
      for (const [from, into] of [
        [client, relay],
        [relay, client],
      ] as const) {
        sockets.add(from)
        from.on('error', () => into.destroy())
        from.on('close', () => into.destroy())
        from.pipe(into)
      }
    },
  )
  server.on('tlsClientError', () => undefined)
  scope.teardown(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { port: (server.address() as AddressInfo).port, authority }
}
