import { createServer, type Server, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { UsageError, asSottoError, errorObject } from '@sotto/protocol'
import { FILE_MODE, removeIfAny } from '../disk.js'
import { LINE_BYTES_MAX, parseQuestion, type Question } from './question.js'
import { adminPath, atAdminPath } from './socket-path.js'

const CONNECTIONS_MAX = 16
const IDLE_MS_MAX = 60_000

/** Answers one question with what becomes JSON, or throws a SottoError. */
export type Answer = (question: Question) => Promise<object>

/** The relay's end of `<folder>/admin.sock`, which only the relay's own user can reach. */
export class AdminSocket {
  readonly #folder: string
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  private constructor(folder: string, server: Server, answer: Answer) {
    this.#folder = folder
    this.#server = server
    server.maxConnections = CONNECTIONS_MAX
    server.on('error', () => undefined) // A connection that could not be taken.
    server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
      serve(socket, answer)
    })
  }

  /**
   * Listens; whoever owns the folder removes what an earlier relay left. Undefined where no socket
   * can be there: a path that is too long on a system without descriptors as paths, or a disk that
   * knows no sockets.
   */
  static async open(folder: string, answer: Answer): Promise<AdminSocket | undefined> {
    removeIfAny(adminPath(folder))
    const server = createServer()
    const listening = new Promise<boolean>((resolve) => {
      server.once('listening', () => resolve(true))
      server.once('error', () => resolve(false))
    })
    // Bound within the call, so nobody but this user could ever connect.
    const before = process.umask(0o777 & ~FILE_MODE)
    try {
      if (atAdminPath(folder, (path) => server.listen(path)) === undefined) return undefined
    } finally {
      process.umask(before)
    }
    return (await listening) ? new AdminSocket(folder, server, answer) : undefined
  }

  /** Whoever waits for an answer gets none; that the relay is gone, they see by it. */
  close(): void {
    this.#server.close()
    removeIfAny(adminPath(this.#folder))
    for (const socket of this.#sockets) socket.destroy()
  }
}

function serve(socket: Socket, answer: Answer): void {
  socket.on('error', () => undefined) // 'close' follows, and nobody is left to be told.
  socket.setTimeout(IDLE_MS_MAX, () => socket.destroy())
  let unread = 0
  socket.on('data', (chunk: Buffer) => {
    const end = chunk.lastIndexOf('\n')
    unread = end < 0 ? unread + chunk.length : chunk.length - end
    if (unread > LINE_BYTES_MAX) socket.destroy()
  })
  createInterface({ input: socket }).on('line', (line) => {
    void answerLine(line, answer).then((text) => socket.write(text))
  })
}

async function answerLine(line: string, answer: Answer): Promise<string> {
  try {
    const question = parseQuestion(line)
    if (question === undefined) throw notUnderstood()
    return `${JSON.stringify({ v: 1, answer: await answer(question) })}\n`
  } catch (thrown) {
    return `${JSON.stringify({ v: 1, error: errorObject(asSottoError(thrown)) })}\n`
  }
}

function notUnderstood(): UsageError {
  return new UsageError('usage/invalid', 'the relay does not know this request', {
    fix: 'Use sotto-relay of the same version as the relay that runs.',
  })
}
