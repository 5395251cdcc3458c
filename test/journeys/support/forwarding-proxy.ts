import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { Scope } from '../../harness/index.js'

/**
 * What an operator puts in front of a relay, for plain HTTP: it says that everybody comes from one
 * address beyond this machine. Gone when the test is over.
 */
export async function startForwardingProxy(
  scope: Scope,
  relay: { readonly port: number },
): Promise<{ readonly url: string }> {
  const server = createServer((incoming, response) => {
    const { method, url: path, headers } = incoming
    const forwarded = { ...headers, 'x-forwarded-for': '203.0.113.7' }
    const onward = request(
      { host: '127.0.0.1', port: relay.port, method, path, headers: forwarded },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      },
    )
    onward.on('error', () => response.writeHead(502).end())
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  scope.teardown(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}
