import { join } from 'node:path'

import Database from '@signalapp/sqlcipher'

/** Shorter values are counts and words that everybody has. */
const TRAIT_BYTES_MIN = 16

interface Row {
  readonly table: string
  readonly blobs: readonly Buffer[]
}

/** Every row of the database of a relay that has ended, its write-ahead log included. */
export function readRelayRows(dataDir: string): readonly Row[] {
  const database = new Database(join(dataDir, 'relay.db'))
  try {
    const tables = database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'", { pluck: true })
      .all<string>()
    return tables.flatMap((table) =>
      database
        .prepare(`SELECT * FROM ${table}`)
        .all()
        .map((row) => ({ table, blobs: Object.values(row).flatMap(blobOf) })),
    )
  } finally {
    database.close()
  }
}

/** Whatever the relay knows somebody by: all that stands in rows beside their account id. */
export function traitsOf(rows: readonly Row[], account: string): readonly Buffer[] {
  const id = Buffer.from(account.replaceAll('-', ''), 'hex')
  return rows
    .filter(({ blobs }) => blobs.some((blob) => blob.equals(id)))
    .flatMap((row) => row.blobs)
}

/** Whether one of these stands anywhere in a row, inside what is sealed too. */
export function holds({ blobs }: Row, traits: readonly Buffer[]): boolean {
  return blobs.some((blob) => traits.some((trait) => blob.includes(trait)))
}

function blobOf(value: unknown): readonly Buffer[] {
  return value instanceof Uint8Array && value.length >= TRAIT_BYTES_MIN ? [Buffer.from(value)] : []
}
