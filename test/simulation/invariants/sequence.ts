import { hex } from '@sotto/protocol'
import type { History } from '../history.js'
import type { Invariant } from './invariant.js'
import { doneOf, lineagesOf, storedBy } from './lineages.js'

/** 3: `seq` rises strictly, and a place in a mailbox, (epoch, seq), is never given twice. */
export const seqRises: Invariant = {
  name: 'seq rises',
  check: (history) => [...new Set([...fallingSeqs(history), ...placesGivenTwice(history)])],
}

function fallingSeqs(history: History): readonly string[] {
  const { restored, last } = lineagesOf(history)
  return [...restored, last].flatMap(({ records }) => {
    const heads = new Map<string, number>()
    return records.flatMap(storedBy).flatMap(({ mailbox, seq }) => {
      const head = heads.get(mailbox) ?? 0
      heads.set(mailbox, seq)
      return seq > head ? [] : [`a mailbox gave seq ${String(seq)} after ${String(head)}`]
    })
  })
}

function placesGivenTwice({ records }: History): readonly string[] {
  const keys = new Map<string, string>()
  return records.flatMap((record) =>
    storedBy(record).flatMap(({ mailbox, seq, key }) => {
      const place = `epoch ${String(record.epoch)}, seq ${String(seq)}`
      const before = keys.get(`${mailbox} ${place}`)
      keys.set(`${mailbox} ${place}`, key)
      return before === undefined || before === key
        ? []
        : [`${place} of one mailbox were two envelopes`]
    }),
  )
}

/** 4, second half: nothing goes from a mailbox but what was acknowledged or expired. */
export const nothingGoesUnacknowledged: Invariant = {
  name: 'nothing goes unacknowledged',
  check: (history) => {
    const { last } = lineagesOf(history)
    const acknowledged = new Map<string, number>()
    const expired = new Set<string>()
    for (const record of last.records) {
      const done = doneOf(record, 'acknowledge')
      if (done !== undefined) acknowledged.set(hex(done.input.mailbox), done.input.seq)
      const swept = doneOf(record, 'sweep')
      if (swept !== undefined && swept.output.expired > 0) expired.add(hex(swept.input.mailbox))
    }
    const there = new Set(
      (history.relayRows.get('envelope') ?? []).map((row) => placeOf(row['mailbox'], row['seq'])),
    )
    const missing = last.records
      .flatMap(storedBy)
      .filter(
        ({ mailbox, seq }) =>
          seq > (acknowledged.get(mailbox) ?? 0) &&
          !expired.has(mailbox) &&
          !there.has(`${mailbox} ${String(seq)}`),
      )
    return [
      ...missing.map(({ seq }) => `the relay no longer has seq ${String(seq)} of a mailbox`),
      ...(history.lies.length > 0 ? [] : history.findings).flatMap(({ name, journal }) =>
        journal
          .filter((event) => event.type === 'gap' && event.reason === 'missing')
          .map((event) => `the relay left something out for ${name}: ${JSON.stringify(event)}`),
      ),
    ]
  },
}

function placeOf(mailbox: unknown, seq: unknown): string {
  return `${mailbox instanceof Uint8Array ? hex(mailbox) : ''} ${String(seq)}`
}
