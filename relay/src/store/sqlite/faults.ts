import { SottoError, StorageError, asSottoError } from '@sotto/protocol'

/** What SQLite says when the fault is the disk's and not the statement's. */
export function isDiskFault(cause: unknown): boolean {
  return /^SQLITE_(FULL|IOERR|CORRUPT|NOTADB|READONLY|CANTOPEN|NOMEM|BUSY|PERM)/.test(codeOf(cause))
}

/** The disk did not do what it was asked; unlike one that is full, which says so beforehand. */
export function isIoFault(cause: unknown): boolean {
  return codeOf(cause).startsWith('SQLITE_IOERR')
}

/** Another connection has the lock that was asked for. */
export function isBusy(cause: unknown): boolean {
  return codeOf(cause).startsWith('SQLITE_BUSY')
}

/** What is in the file is no whole database. */
export function isDamaged(cause: unknown): boolean {
  return codeOf(cause) === 'SQLITE_NOTADB' || codeOf(cause).startsWith('SQLITE_CORRUPT')
}

/** A fault of the data directory, with what its operator can do about it. */
export function asStorageError(cause: unknown): SottoError {
  if (cause instanceof SottoError) return cause
  const code = codeOf(cause)
  if (code === '') return asSottoError(cause) // No fault of the disk's.
  if (code === 'SQLITE_FULL' || code === 'ENOSPC') {
    return new StorageError('store/full', 'the disk is full', {
      cause,
      fix: 'Make room: nothing is accepted until there is some, and nothing is lost.',
    })
  }
  if (isDamaged(cause)) return damaged('it cannot be read', cause)
  if (/^(SQLITE_READONLY|EROFS|EACCES|EPERM)/.test(code)) {
    return new StorageError('store/failed', 'the data directory cannot be written to', {
      cause,
      fix: 'Its files have to be writable by this user, on a disk that is not mounted read-only.',
    })
  }
  return new StorageError('store/failed', `the data directory does not serve (${code})`, {
    cause,
    fix: 'Check that it exists, is writable and has room.',
  })
}

/** The database is not what was written to it. */
export function damaged(how: string, cause?: unknown): StorageError {
  return new StorageError('store/damaged', `the database is damaged: ${how}`, {
    cause,
    fix: 'Restore a backup with sotto-relay admin restore, or start once with --restored to go on with what can still be read: either way clients are told of the break.',
  })
}

/** The code of a fault of SQLite's or the system's; empty where it has none. */
export function codeOf(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return ''
  return String(cause.code)
}
