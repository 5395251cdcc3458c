import { linkSync, rmSync } from 'node:fs'
import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'

import { InputError, SottoError, StorageError, UsageError } from '@sotto/protocol'

import { exportAccount, type ExportObject, type ExportRequest } from './export.js'

export interface ExportFileRequest extends ExportRequest {
  /** Absolute. */
  readonly path: string
  /** Put it in the place of a file that is there. */
  readonly replace: boolean
  /** Leaves nothing behind when it aborts. */
  readonly signal: AbortSignal
}

/**
 * Writes an export into a file that only its owner can read. The file is there when all of it is on
 * disk, and not before: until then the lines go into a file beside it. Throws `file/exists`,
 * `file/unknown` for a folder there is not, `store/full`.
 */
export async function exportToFile(request: ExportFileRequest): Promise<ExportObject> {
  const path = resolve(request.path)
  if (!request.replace && (await exists(path))) throw taken(path)
  const part = join(dirname(path), `.${basename(path)}.${String(process.pid)}.part`)
  const leave = () => {
    rmSync(part, { force: true })
  }
  request.signal.addEventListener('abort', leave, { once: true })
  try {
    const summary = await writing(path, () => writePart(request, part))
    await writing(path, () => putInPlace({ part, path, replace: request.replace }))
    return summary
  } finally {
    request.signal.removeEventListener('abort', leave)
    await rm(part, { force: true })
  }
}

async function writePart(request: ExportRequest, part: string): Promise<ExportObject> {
  const file = await open(part, 'wx', 0o600)
  try {
    const summary = await writeLines(request, file)
    await file.sync()
    return summary
  } finally {
    await file.close()
  }
}

async function writeLines(request: ExportRequest, file: FileHandle): Promise<ExportObject> {
  let summary: ExportObject | undefined
  for await (const lines of exportAccount(request)) {
    const [first] = lines
    if (first !== undefined && 'export' in first) summary = first.export
    const text = lines.map((line) => `${JSON.stringify({ v: 1, ...line })}\n`).join('')
    await file.writeFile(text)
  }
  if (summary === undefined) throw new Error('an export begins with what it is')
  return summary
}

/** Under its name at once and whole; never over a file that came there meanwhile. */
async function putInPlace(files: {
  readonly part: string
  readonly path: string
  readonly replace: boolean
}): Promise<void> {
  const { part, path, replace } = files
  if (replace) await rename(part, path)
  else linkSync(part, path)
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

/** Runs file work; what the system throws becomes an error that says what to do. */
async function writing<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (thrown) {
    throw thrown instanceof SottoError ? thrown : fileError(path, thrown)
  }
}

function fileError(path: string, cause: unknown): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (typeof code !== 'string') return cause
  if (code === 'EEXIST') return taken(path)
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new InputError('file/unknown', `there is no folder for ${path}`, {
      cause,
      fix: 'Make the folder first, or choose another.',
    })
  }
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new StorageError('store/full', `there is no room for ${path}; nothing was written`, {
      cause,
      fix: 'Free some space, or choose another disk.',
    })
  }
  return new StorageError('store/failed', `${path} could not be written (${code})`, {
    cause,
    fix: 'Look at the permissions of its folder.',
  })
}

function taken(path: string): UsageError {
  return new UsageError('file/exists', `there is a file already: ${path}`, {
    fix: 'Choose another name; --yes replaces it.',
  })
}
