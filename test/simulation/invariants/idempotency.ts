import { createHash } from 'node:crypto'
import { hex } from '@sotto/protocol'
import type { StoreRecord } from '../relay-host.js'
import type { Invariant } from './invariant.js'
import { doneOf, lineagesOf, storedBy, type Lineage } from './lineages.js'

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
    return storedBy(record).flatMap(({ mailbox, key, seq }) => {
      const memory: Memory = mailboxes.get(mailbox) ?? { seqs: new Map(), forgottenOn: new Map() }
      mailboxes.set(mailbox, memory)
      const before = memory.seqs.get(key)
      memory.seqs.set(key, seq)
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
  /** The day on which a key may be forgotten whose envelope is gone. */
  readonly forgottenOn: Map<string, number>
}

function forgetBy(record: StoreRecord, mailboxes: ReadonlyMap<string, Memory>): void {
  const gone = doneOf(record, 'acknowledge')?.input
  const swept = doneOf(record, 'sweep')?.input
  const forgotten = doneOf(record, 'forget-keys')?.input
  const memory = mailboxes.get(hex((gone ?? swept ?? forgotten)?.mailbox ?? new Uint8Array(0)))
  if (memory === undefined) return
  if (forgotten !== undefined) {
    for (const [key, day] of memory.forgottenOn) if (day <= forgotten.day) memory.seqs.delete(key)
    return
  }
  for (const [key, seq] of memory.seqs) {
    // A sweep buries what expired, whichever that is: no key is held against it for longer.
    const isGone = gone === undefined || seq <= gone.seq
    const day = gone?.forgetDay ?? swept?.forgetDay ?? 0
    if (isGone && !memory.forgottenOn.has(key)) memory.forgottenOn.set(key, day)
  }
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
