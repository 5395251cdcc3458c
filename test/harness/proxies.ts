import { createServer as createHttpServer } from 'node:http'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

import type { Scope } from './temp-dir.js'

/** What came through a proxy, a line each: `user:password host:port`. */
export interface TestProxy {
  readonly port: number
  readonly asked: { readonly login: string; readonly host: string; readonly port: number }[]
}

export interface ProxyOptions {
  /** Where a name leads that only this proxy knows. */
  readonly names: Readonly<Record<string, number>>
  /** Without it everybody is let in. */
  readonly login?: string
}

/** A SOCKS5 proxy (RFC 1928, 1929) that knows names nobody else resolves. */
export async function startSocks(scope: Scope, options: ProxyOptions): Promise<TestProxy> {
  const asked: TestProxy['asked'] = []
  const server = createServer((client) => {
    client.on('error', () => client.destroy())
    void serveSocks(client, options, asked).catch(() => client.destroy())
  })
  return { port: await listening(scope, server), asked }
}

async function serveSocks(
  client: Socket,
  { names, login }: ProxyOptions,
  asked: TestProxy['asked'],
) {
  const bytes = byteReader(client)
  const [, methods = 0] = await bytes(2)
  const offered = await bytes(methods)
  if (!offered.includes(2)) {
    client.end(Buffer.of(5, login === undefined ? 0 : 0xff))
    return
  }
  client.write(Buffer.of(5, 2))
  const [, userLength = 0] = await bytes(2)
  const user = (await bytes(userLength)).toString()
  const [passwordLength = 0] = await bytes(1)
  const given = `${user}:${(await bytes(passwordLength)).toString()}`
  const isLetIn = login === undefined || login === given
  client.write(Buffer.of(1, isLetIn ? 0 : 1))
  if (!isLetIn) {
    client.end()
    return
  }
  const [, , , kind] = await bytes(4)
  const host =
    kind === 3
      ? (await bytes((await bytes(1))[0] ?? 0)).toString()
      : [...(await bytes(4))].join('.')
  const port = (await bytes(2)).readUInt16BE()
  asked.push({ login: given, host, port })
  const to = names[host]
  const answer = (code: number) => Buffer.of(5, code, 0, 1, 0, 0, 0, 0, 0, 0)
  if (to === undefined) {
    client.end(answer(4))
    return
  }
  join(client, to, () => client.write(answer(0)))
}

/** An HTTP proxy that does CONNECT alone (RFC 9110, section 9.3.6). */
export async function startConnect(scope: Scope, options: ProxyOptions): Promise<TestProxy> {
  const asked: TestProxy['asked'] = []
  const server = createHttpServer((_request, response) => response.writeHead(405).end())
  server.on('connect', (request, client: Socket) => {
    client.on('error', () => client.destroy())
    const basic = request.headers['proxy-authorization']?.replace(/^Basic /, '') ?? ''
    const login = Buffer.from(basic, 'base64').toString()
    if (options.login !== undefined && login !== options.login) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
      return
    }
    const [host = '', port = ''] = (request.url ?? '').split(':')
    asked.push({ login, host, port: Number(port) })
    const to = options.names[host]
    if (to === undefined) client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
    else join(client, to, () => client.write('HTTP/1.1 200 OK\r\n\r\n'))
  })
  return { port: await listening(scope, server), asked }
}

function join(client: Socket, port: number, connected: () => void): void {
  const relay = connect(port, '127.0.0.1', () => {
    connected()
    relay.pipe(client)
    client.pipe(relay)
  })
  relay.on('error', () => client.destroy())
  client.on('close', () => relay.destroy())
  relay.on('close', () => client.destroy())
}

async function listening(scope: Scope, server: Server): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  scope.teardown(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** Reads exactly so many bytes; what is left is for the next reader. */
function byteReader(socket: Socket): (count: number) => Promise<Buffer> {
  return async (count) => {
    for (;;) {
      const bytes = count === 0 ? Buffer.alloc(0) : (socket.read(count) as Buffer | null)
      if (bytes !== null) return bytes
      await new Promise<void>((resolve, reject) => {
        const settle = (work: () => void) => () => {
          socket.removeListener('readable', more)
          socket.removeListener('close', gone)
          work()
        }
        const more = settle(resolve)
        const gone = settle(() => reject(new Error('gone')))
        socket.once('readable', more)
        socket.once('close', gone)
      })
    }
  }
}
