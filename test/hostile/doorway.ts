import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'

import type { Scope } from '../harness/index.js'

/** What stands behind a doorway. */
export interface Host {
  request(request: IncomingMessage, response: ServerResponse): void
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void
}

/**
 * An address on loopback that stays the same as long as its scope, whichever relay stands behind it:
 * accounts remember where their relay is.
 */
export class Doorway {
  readonly url: string
  readonly #http: ReturnType<typeof createServer>

  private constructor(http: ReturnType<typeof createServer>) {
    const { port } = http.address() as AddressInfo // It listens on TCP.
    this.url = `http://127.0.0.1:${String(port)}`
    this.#http = http
  }

  static async open(scope: Scope): Promise<Doorway> {
    const http = createServer()
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    scope.teardown(() => new Promise((resolve) => http.close(resolve)))
    return new Doorway(http)
  }

  /** Until the scope ends `host` answers; then every connection is closed. One at a time. */
  lead(scope: Scope, host: Host): void {
    const request = host.request.bind(host)
    const upgrade = host.upgrade.bind(host)
    this.#http.on('request', request).on('upgrade', upgrade)
    scope.teardown(() => {
      this.#http.off('request', request).off('upgrade', upgrade)
      this.#http.closeAllConnections()
    })
  }
}
