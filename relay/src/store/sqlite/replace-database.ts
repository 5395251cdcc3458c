import { copyFileSync, existsSync, linkSync, mkdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { FOLDER_MODE, moveWhole, removeIfAny, syncToDisk } from '../../disk.js'

/** Where the parts of a replacement lie. Only who owns the folder touches them. */
export function replacementPaths(folder: string) {
  return {
    database: join(folder, 'relay.db'),
    log: join(folder, 'relay.db-wal'),
    index: join(folder, 'relay.db-shm'),
    /** Still being made. */
    incoming: join(folder, 'relay.db.incoming'),
    /** Whole: from the moment it has this name, it is the database. */
    ready: join(folder, 'relay.db.ready'),
    /** What was there before, under second names. */
    keeping: join(folder, 'replaced.new'),
  }
}

/** Called before each step: for tests that die there. */
export type OnStep = (step: string) => void

/**
 * Puts the whole database `incoming` in the place of what is there, which stays in a folder inside
 * the data folder. If we die before `ready` has its name, nothing has happened; after it,
 * `finishReplacement` brings it to its end, as every opening of the folder does first. The caller
 * owns the folder. Answers the folder of what was there; undefined: nothing was.
 */
export function replaceDatabase(folder: string, onStep: OnStep): string | undefined {
  const paths = replacementPaths(folder)
  if (existsSync(paths.database)) keep(folder, onStep)
  onStep('decide')
  moveWhole(paths.incoming, paths.ready)
  return finishReplacement(folder, onStep)
}

/**
 * Brings a replacement to its end that was interrupted: forwards where it was decided, else back to
 * what was there. Does nothing in any other folder. Answers as `replaceDatabase` does.
 */
export function finishReplacement(
  folder: string,
  onStep: OnStep = () => undefined,
): string | undefined {
  const paths = replacementPaths(folder)
  if (existsSync(paths.incoming)) {
    // Nothing was decided: it has that name until it is.
    onStep('give up')
    removeIfAny(paths.keeping)
    removeIfAny(`${paths.incoming}-journal`)
    removeIfAny(paths.incoming)
    return undefined
  }
  if (existsSync(paths.ready)) {
    onStep('leave the old log')
    removeIfAny(paths.log) // What is committed in it is the old database's.
    onStep('leave its index')
    removeIfAny(paths.index)
    syncToDisk(folder)
    onStep('replace')
    moveWhole(paths.ready, paths.database)
  }
  if (!existsSync(paths.keeping)) return undefined
  onStep('name what was there')
  const kept = join(folder, `replaced-${nameOfTime(statSync(paths.keeping).mtimeMs)}`)
  moveWhole(paths.keeping, kept)
  return kept
}

/** Second names for what is there, where the disk knows such, or else copies. */
function keep(folder: string, onStep: OnStep): void {
  const { database, log, keeping } = replacementPaths(folder)
  mkdirSync(keeping, { mode: FOLDER_MODE })
  for (const path of [database, log].filter(existsSync)) {
    onStep(`keep ${basename(path)}`)
    const kept = join(keeping, basename(path))
    try {
      linkSync(path, kept)
    } catch {
      copyFileSync(path, kept) // Not every disk knows two names of one file.
      syncToDisk(kept)
    }
  }
  syncToDisk(keeping)
  syncToDisk(folder)
}

function nameOfTime(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/[:.]/g, '-')
}
