import { lstatSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import {
  InvariantError,
  PermissionError,
  UnavailableError,
  errorOfObject,
  type ErrorObject,
  type SottoError,
} from '@sotto/protocol'
import { parseObject, type Question } from './question.js'
import { adminPath, atAdminPath } from './socket-path.js'

const ANSWER_MS_MAX = 10_000

export interface Asked {
  readonly answer: Readonly<Record<string, unknown>>
  /** Resolves when the relay has closed the connection: with `leave`, or because it ended. */
  readonly closed: Promise<void>
  readonly leave: () => void
}

/**
 * Asks the relay that runs on a data folder. Throws `admin/no-relay` where none does,
 * `admin/not-allowed` where it is another user's, and the relay's own errors.
 */
export async function askRelay(folder: string, question: Question): Promise<Asked> {
  const socket = await reach(folder)
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  const line = new Promise<string | undefined>((resolve) => {
    createInterface({ input: socket }).once('line', resolve)
    void closed.then(() => resolve(undefined))
    socket.setTimeout(ANSWER_MS_MAX, () => resolve(undefined))
  })
  socket.write(`${JSON.stringify({ v: 1, ...question })}\n`)
  const answered = await line
  socket.setTimeout(0)
  try {
    return { answer: answerIn(folder, answered), closed, leave: () => socket.destroy() }
  } catch (thrown) {
    socket.destroy()
    throw thrown
  }
}

function answerIn(folder: string, line: string | undefined): Asked['answer'] {
  if (line === undefined) throw noRelay(folder, 'it did not answer')
  const { answer, error } = parseObject(line) ?? {}
  if (isRecord(answer)) return answer
  throw errorIn(error) ?? noRelay(folder, 'its answer makes no sense')
}

function reach(folder: string): Promise<Socket> {
  const path = adminPath(folder)
  try {
    const stat = lstatSync(path, { throwIfNoEntry: false })
    if (stat === undefined) throw noRelay(folder, 'it has no socket there')
    const socket = atAdminPath(folder, (short) => connect(short))
    if (socket === undefined) throw tooLong(path)
    return connected(folder, socket)
  } catch (thrown) {
    throw isErrno(thrown) ? errorOf(folder, thrown) : thrown
  }
}

function connected(folder: string, socket: Socket): Promise<Socket> {
  return new Promise((resolve, reject) => {
    socket.once('connect', () => {
      socket.on('error', () => undefined) // From here on 'close' tells enough.
      resolve(socket)
    })
    socket.once('error', (cause: NodeJS.ErrnoException) => reject(errorOf(folder, cause)))
  })
}

function errorOf(folder: string, cause: NodeJS.ErrnoException): SottoError {
  if (cause.code === 'EACCES' || cause.code === 'EPERM') return notAllowed(folder, cause)
  if (cause.code === 'ECONNREFUSED') return noRelay(folder, 'the one that was there is gone', cause)
  return noRelay(folder, String(cause.code), cause)
}

function noRelay(folder: string, why: string, cause?: unknown): UnavailableError {
  return new UnavailableError('admin/no-relay', `no relay runs on ${folder}: ${why}`, {
    cause,
    fix: `Start it, sotto-relay --data ${folder}, or name the folder of the one that runs: --data DIR.`,
  })
}

/** The folder, or what is in it, is somebody else’s. */
export function notAllowed(folder: string, cause?: unknown): PermissionError {
  return new PermissionError('admin/not-allowed', `${folder} belongs to another user`, {
    cause,
    fix: 'Run this as the user that the relay runs as: sudo -u sotto-relay sotto-relay admin …',
  })
}

function tooLong(path: string): UnavailableError {
  return new UnavailableError('admin/no-relay', `${path} is too long for the address of a socket`, {
    fix: 'Name the folder by a shorter path, such as a link to it.',
  })
}

function errorIn(value: unknown): SottoError | undefined {
  if (!isRecord(value)) return undefined
  const { code, message, fix, retryAfterMs } = value
  if (typeof code !== 'string' || typeof message !== 'string' || typeof fix !== 'string')
    return undefined
  const wait = typeof retryAfterMs === 'number' ? retryAfterMs : null
  const told: ErrorObject = { code, message, fix, exit: 70, retryable: false, retryAfterMs: wait }
  return errorOfObject(told) ?? new InvariantError('bug/invariant', message)
}

function isErrno(thrown: unknown): thrown is NodeJS.ErrnoException {
  return thrown instanceof Error && 'errno' in thrown
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
