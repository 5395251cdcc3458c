import { BusyError, fromUtf8, utf8, type Bytes } from '@sotto/protocol'
import { errorCode, readFileIfAny, removeFileIfAny, replaceFile, withFiles } from './files.js'
import { ownerNotePath, type AccountFolder } from './home.js'

/**
 * What owner.json says of the process that holds the lock. It only explains and points the way: it
 * is written after the lock is held, and never believed without the lock or an answer at the socket.
 */
export interface OwnerNote {
  readonly pid: number
  /** The verb alone, as in `receive`: arguments name people. */
  readonly command: string
  readonly since: string
  /** Where the owner answers; left out until it does, and where it cannot. */
  readonly socket?: string
}

export function writeOwnerNote(folder: AccountFolder, note: OwnerNote): void {
  // Not through to the disk: after a power cut its process is gone, and half a note is none.
  const bytes = utf8(`${JSON.stringify(note)}\n`)
  withFiles(() => replaceFile(ownerNotePath(folder), bytes, { durable: false }))
}

export function removeOwnerNote(folder: AccountFolder): void {
  withFiles(() => removeFileIfAny(ownerNotePath(folder)))
}

/** Undefined where there is none, or none that this version wrote. */
export function readOwnerNote(folder: AccountFolder): OwnerNote | undefined {
  const bytes = withFiles(() => readFileIfAny(ownerNotePath(folder)))
  return bytes === undefined ? undefined : parseOwnerNote(bytes)
}

/** Undefined for what this version did not write. */
export function parseOwnerNote(bytes: Bytes): OwnerNote | undefined {
  try {
    const note = JSON.parse(fromUtf8(bytes)) as Partial<Record<keyof OwnerNote, unknown>>
    const { pid, command, since, socket } = note
    if (typeof pid !== 'number' || !Number.isInteger(pid) || pid < 1) return undefined
    if (typeof command !== 'string' || typeof since !== 'string') return undefined
    return { pid, command, since, ...(typeof socket === 'string' ? { socket } : {}) }
  } catch {
    return undefined // It only explains: whatever is wrong with it, the lock decides.
  }
}

/** The note, where its process lives. */
export function livingOwnerNote(folder: AccountFolder): OwnerNote | undefined {
  const note = readOwnerNote(folder)
  return note !== undefined && isAlive(note.pid) ? note : undefined
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
}

/** The error of a command that the owner of its account cannot serve, naming it. */
export function accountBusy(note: OwnerNote | undefined): BusyError {
  if (note === undefined) {
    return new BusyError('account/busy', 'another sotto process owns this account', {
      fix: 'Wait until it ends, or stop it.',
    })
  }
  const { pid, command, since } = note
  return new BusyError(
    'account/busy',
    `sotto ${command} (process ${pid}, since ${since}) owns this account`,
    { fix: `Wait until it ends, or stop it: kill ${pid}` },
  )
}
