import type { Bytes } from '@sotto/protocol'

/** A row as the binding gives it: the schema is STRICT, so a column has the type it declares. */
export type Row = Record<string, string | number | Bytes | null>

const NOTHING: Bytes = new Uint8Array(0)

/** NULL is read as no bytes, since the binding writes no bytes as NULL. */
export function blob(row: Row, column: string): Bytes {
  return (row[column] ?? NOTHING) as Bytes
}

export function integer(row: Row, column: string): number {
  return row[column] as number
}
