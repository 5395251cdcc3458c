import { createHash } from 'node:crypto'
import { hex } from '@sotto/protocol'
import type { StoreRecord } from '../relay-host.js'
import type { Invariant } from './invariant.js'
import { DAY_MS } from '../spans.js'
import { doneOf, lineagesOf, storedBy, type Lineage } from './lineages.js'

/** Envelopes wait for 30 days, and a sender tries for 14. */
const REMEMBERED_DAYS = 44

/**
 * 2: each (mailbox, idempotency key) is stored at most once while it is remembered, and the same
 * bytes always go under the same key.
 */
export const storedOnce: Invariant = {
  name: 'stored once',
  check: (history) => {
    const { restored, last } = lineagesOf(history)
    const lineages = [...restored, last]
    return [...new Set([...lineages.flatMap(storedTwice), ...lineages.flatMap(sentTwice)])]
  },
}

function storedTwice({ records }: Lineage): readonly string[] {
  const mailboxes = new Map<string, Memory>()
  return records.flatMap((record) => {
    forgetBy(record, mailboxes)
    return storedBy(record).flatMap(({ mailbox, key, seq, arrivalMs }) => {
      const memory: Memory = mailboxes.get(mailbox) ?? { seqs: new Map(), owedUntil: new Map() }
      mailboxes.set(mailbox, memory)
      const before = memory.seqs.get(key)
      memory.seqs.set(key, seq)
      memory.owedUntil.set(key, Math.floor(arrivalMs / DAY_MS) + REMEMBERED_DAYS)
      return before === undefined
        ? []
        : [
            `the relay stored key ${key} of one mailbox as ${String(before)} and again as ${String(seq)}`,
          ]
    })
  })
}

interface Memory {
  /** By key. */
  readonly seqs: Map<string, number>
  /** The day from which on a key may be forgotten. */
  readonly owedUntil: Map<string, number>
}

function forgetBy(record: StoreRecord, mailboxes: ReadonlyMap<string, Memory>): void {
  const forgotten = doneOf(record, 'forget-keys')?.input
  if (forgotten === undefined) return
  const memory = mailboxes.get(hex(forgotten.mailbox))
  if (memory === undefined) return
  for (const [key, day] of memory.owedUntil) if (day <= forgotten.day) memory.seqs.delete(key)
}

/** Envelopes are never alike: bytes that are, are a repetition that the relay could not know. */
function sentTwice({ records }: Lineage): readonly string[] {
  const seen = new Set<string>()
  return records.flatMap(storedBy).flatMap(({ mailbox, body, seq }) => {
    const name = `${mailbox} ${createHash('sha256').update(body).digest('hex')}`
    if (seen.has(name)) return [`seq ${String(seq)} of a mailbox are bytes that it had before`]
    seen.add(name)
    return []
  })
}
