import { findInBytes } from '../../harness/markers.js'
import type { History } from '../history.js'
import type { Invariant } from './invariant.js'

/**
 * 9: nothing that was said, and nobody’s name, is in what the relay holds or was ever given, and no
 * envelope says whose it is.
 */
export const relayLearnsNothing: Invariant = {
  name: 'the relay learns nothing',
  check: (history) => {
    const envelopes = Buffer.concat([
      submittedIn(history),
      bytesOf(history.relayRows.get('envelope') ?? []),
    ])
    return [
      ...findInBytes('its database', databaseOf(history), history.markers),
      ...findInBytes('an envelope', envelopes, history.markers),
      ...history.findings
        .filter(({ account }) =>
          envelopes.includes(Buffer.from(account.replaceAll('-', ''), 'hex')),
        )
        .map(({ name }) => ({ file: 'an envelope', marker: `${name}’s account`, encoding: 'raw' })),
    ].map(({ file, marker, encoding }) => `${file} has “${marker}” in it, ${encoding}`)
  },
}

function databaseOf({ relayRows }: History): Buffer {
  return bytesOf([...relayRows.values()].flat())
}

function submittedIn({ records }: History): Buffer {
  const bodies = records.flatMap(({ operation }) =>
    operation.name === 'submit' ? operation.input.envelopes.map(({ body }) => body) : [],
  )
  return Buffer.concat(bodies)
}

function bytesOf(rows: readonly Readonly<Record<string, unknown>>[]): Buffer {
  const values = rows.flatMap((row) => Object.values(row))
  return Buffer.concat(
    values.map((value) =>
      value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(`${String(value)} `),
    ),
  )
}
