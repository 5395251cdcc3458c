import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ConfigError } from '@sotto/protocol'
import { ACCEPT_QUEUE_MAX } from '../limits/bounds.js'

/** Where to listen; port 0 takes any free one. */
export interface ListenAddress {
  readonly host: string
  readonly port: number
}

/** Listens, and answers `host:port` as a URL has it. Throws a ConfigError where it cannot. */
export async function bind(server: Server, at: ListenAddress): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(cannotListen(at, cause)))
    server.listen({ ...at, backlog: ACCEPT_QUEUE_MAX }, () => resolve())
  })
  const { address, family, port } = server.address() as AddressInfo // Of TCP it is always one.
  return `${family === 'IPv6' ? `[${address}]` : address}:${port}`
}

/** Resolves when the last connection has gone; nobody new comes from now on. */
export function stopAccepting(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
  })
}

function cannotListen(at: ListenAddress, cause: Error): ConfigError {
  const where = `${at.host}:${at.port}`
  const code = 'code' in cause ? String(cause.code) : ''
  if (code === 'EADDRINUSE') {
    return new ConfigError('config/invalid', `${where} is in use by another program`, {
      cause,
      fix: 'Stop it, or choose another port: --listen 127.0.0.1:0 takes any free one.',
    })
  }
  return new ConfigError('config/invalid', `cannot listen on ${where} (${code})`, {
    cause,
    fix:
      code === 'EACCES'
        ? 'Ports below 1024 are for root: listen on another, behind a proxy, or see docs/OPERATING.md.'
        : 'Give an address that this machine has: 127.0.0.1:8470, or 0.0.0.0:8470 for all of them.',
  })
}
