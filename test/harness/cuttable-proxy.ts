import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import type { Scope } from './temp-dir.js'

export interface CuttableProxy {
  readonly url: string
  /** What is connected now stays connected and hears nothing more, from either end. */
  freeze(): void
}

/** A TCP proxy in front of a port of this machine, whose connections can be made half open. */
export async function startProxy(scope: Scope, port: number): Promise<CuttableProxy> {
  const sockets = new Set<Socket>()
  const server = createServer((inward) => {
    const outward = connect(port, '127.0.0.1')
    for (const socket of [inward, outward]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
    }
    inward.pipe(outward).pipe(inward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  scope.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    freeze: () => {
      for (const socket of sockets) socket.unpipe().pause()
    },
  }
}
