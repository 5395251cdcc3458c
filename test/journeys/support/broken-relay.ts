import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { encode, wire } from '@sotto/protocol'
import { WebSocketServer } from 'ws'

import type { Scope } from '../../harness/index.js'

/** What a relay that is no good does with whoever connects. */
export type Fault = 'garbage' | 'silence'

/**
 * A server where a relay should be: it sends bytes that are no frame, or greets and then answers
 * nothing. Gone when the test is over.
 */
export async function startBrokenRelay(
  scope: Scope,
  options: { readonly fault: Fault; readonly port: number },
): Promise<{ readonly url: string }> {
  const http = createServer((_request, response) => response.writeHead(200).end('no frame'))
  const sockets = new WebSocketServer({ server: http })
  sockets.on('connection', (peer) => {
    peer.on('error', () => undefined)
    peer.send(options.fault === 'garbage' ? Buffer.from('no frame') : hello())
  })
  await new Promise<void>((resolve) => http.listen(options.port, '127.0.0.1', resolve))
  scope.teardown(() => {
    for (const peer of sockets.clients) peer.terminate()
    http.closeAllConnections()
    return new Promise((resolve) => http.close(resolve))
  })
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}` }
}

function hello(): Uint8Array {
  const value = { versionMin: 1, versionMax: 1, timeMs: BigInt(Date.now()) }
  return encode(wire.RelayFrameSchema, { kind: { case: 'hello', value } })
}
