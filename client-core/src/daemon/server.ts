import { chmodSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { FILE_MODE, removeFileIfAny } from '../home/files.js'
import { Connection } from './connection.js'
import { notificationLine } from './rpc.js'
import type { Served } from './served.js'
import { withShortPath } from './socket-path.js'
import { makeSocketFolder } from './socket-places.js'

const CONNECTIONS_MAX = 64
/** What was begun when the owner leaves may take this long. */
const CLOSE_GRACE_MS = 2_000

/**
 * The owner's end of its socket: serves the account to other processes of the same user. Whatever
 * one of them does wrong costs it its own connection and nobody else anything.
 */
export class OwnerServer {
  readonly path: string
  readonly #served: Served
  readonly #server: Server
  readonly #connections = new Set<Connection>()
  #unsubscribe: (() => void) | undefined
  #wake: () => void = () => undefined

  private constructor(served: Served, server: Server, path: string) {
    this.#served = served
    this.#server = server
    this.path = path
    server.on('connection', (socket) => this.#accept(socket))
    server.on('error', () => undefined) // A connection that could not be taken.
  }

  /**
   * Listens at the first of `places` that can be used; undefined where none can. Only for the owner
   * of the account: a socket left there by an earlier one is removed.
   */
  static async listen(served: Served, places: readonly string[]): Promise<OwnerServer | undefined> {
    for (const path of places) {
      try {
        const server = makeSocketFolder(path) ? await listenAt(path) : undefined
        if (server !== undefined) return new OwnerServer(served, server, path)
      } catch {
        // The disk says no: the next place may do, and an owner can do without.
      }
    }
    return undefined
  }

  /**
   * No new connection, no new request; who waits for the world is told at once that the owner
   * leaves, other requests have a grace. Every request that was taken has been answered then.
   */
  async close(): Promise<void> {
    this.#server.close()
    removeFileIfAny(this.path)
    for (const connection of this.#connections) connection.beginClosing()
    await this.#workDone()
    for (const connection of this.#connections) connection.close()
    this.#unsubscribe?.()
    this.#unsubscribe = undefined
  }

  async #workDone(): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_GRACE_MS)
    })
    const done = new Promise<void>((resolve) => {
      this.#wake = () => {
        if (![...this.#connections].some(({ isWorking }) => isWorking)) resolve()
      }
      this.#wake()
    })
    await Promise.race([done, late])
    clearTimeout(timer)
  }

  #accept(socket: Socket): void {
    if (this.#connections.size >= CONNECTIONS_MAX) {
      socket.destroy()
      return
    }
    const connection = new Connection(this.#served, socket, () => {
      if (connection.left) this.#connections.delete(connection)
      this.#listenToEvents()
      this.#wake()
    })
    this.#connections.add(connection)
  }

  /** Each event is written down once for all who hear it, and not at all where nobody does. */
  #listenToEvents(): void {
    const isHeard = [...this.#connections].some(({ hearsEvents }) => hearsEvents)
    if (isHeard === (this.#unsubscribe !== undefined)) return
    if (isHeard) {
      this.#unsubscribe = this.#served.subscribe((event) => {
        const line = notificationLine('event', event)
        for (const connection of this.#connections) connection.tellEvent(line)
      })
    } else {
      this.#unsubscribe?.()
      this.#unsubscribe = undefined
    }
  }
}

/** Undefined where no socket can be here. */
async function listenAt(path: string): Promise<Server | undefined> {
  removeFileIfAny(path)
  const server = createServer().unref() // To be asked is no reason to live on.
  const listening = new Promise<boolean>((resolve) => {
    server.once('listening', () => resolve(true))
    server.once('error', () => resolve(false))
  })
  // Bound within the call: nobody but this user could ever connect.
  const umask = process.umask(0o777 & ~FILE_MODE)
  try {
    if (withShortPath(path, (short) => server.listen(short)) === undefined) return undefined
  } finally {
    process.umask(umask)
  }
  if (!(await listening)) return undefined
  chmodSync(path, FILE_MODE)
  return server
}
