import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

import { Database } from '@signalapp/sqlcipher'

export interface FileFinding {
  readonly path: string
  readonly bytes: number
  /** Which of the words it holds, and how they are written there. */
  readonly found: readonly string[]
}

/** Every file below a folder, searched for words as they are, in UTF-16, hexadecimal and base64. */
export function searchFiles(folder: string, words: readonly string[]): readonly FileFinding[] {
  return filesBelow(folder).map((path) => {
    const content = readFileSync(path)
    const found = words.flatMap((word) =>
      disguisesOf(word)
        .filter(({ bytes }) => content.includes(bytes))
        .map(({ as }) => `${word} (${as})`),
    )
    return { path: relative(folder, path), bytes: content.length, found }
  })
}

/** The first bytes of an envelope that waits at the relay, and the size of it. */
export function readEnvelope(dataDir: string, workDir: string): { hex: string; bytes: number } {
  mkdirSync(workDir, { recursive: true })
  for (const name of ['relay.db', 'relay.db-wal']) {
    // A copy: the relay's own files are nobody else's to open.
    if (existsSync(join(dataDir, name))) copyFileSync(join(dataDir, name), join(workDir, name))
  }
  const database = new Database(join(workDir, 'relay.db'))
  try {
    const body = database
      .prepare('SELECT body FROM envelope WHERE body IS NOT NULL ORDER BY arrival_ms LIMIT 1', {
        pluck: true,
      })
      .get<Uint8Array<ArrayBuffer>>()
    if (body === undefined) throw new Error('no envelope waits at the relay')
    return { hex: Buffer.from(body.subarray(0, 24)).toString('hex'), bytes: body.length }
  } finally {
    database.close()
  }
}

/** Base64 depends on where in its three bytes a word begins: the part that does not is searched. */
function disguisesOf(word: string): readonly { readonly as: string; readonly bytes: Buffer }[] {
  const plain = Buffer.from(word)
  const shifted = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), plain]).toString('base64')
    return {
      as: 'base64',
      bytes: Buffer.from(text.slice(shift === 0 ? 0 : 4).replace(/..?=*$/, '')),
    }
  })
  return [
    { as: 'as it is', bytes: plain },
    { as: 'UTF-16', bytes: Buffer.from(word, 'utf16le') },
    { as: 'hexadecimal', bytes: Buffer.from(plain.toString('hex')) },
    ...shifted,
  ]
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return filesBelow(path)
      return entry.isFile() ? [path] : [] // A socket holds nothing.
    })
    .sort()
}
