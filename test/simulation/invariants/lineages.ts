import { hex, type Bytes } from '@sotto/protocol'
import type { Changes, Operation, Outcome } from '@sotto/relay'
import type { History } from '../history.js'
import type { StoreRecord } from '../relay-host.js'

/** What a disk went through until it was put back to a backup, or until the end. */
export interface Lineage {
  readonly records: readonly StoreRecord[]
  /** How many of them a restore leaves; all of them where there was none. */
  readonly kept: number
}

/** Every past that the relay’s disk has had: one for each restore, and the one it ends with. */
export function lineagesOf({ records, marks }: Pick<History, 'records' | 'marks'>): {
  readonly restored: readonly Lineage[]
  readonly last: Lineage
} {
  const restored: Lineage[] = []
  let backup: readonly StoreRecord[] = []
  let current: readonly StoreRecord[] = []
  let through = 0
  for (const mark of marks) {
    current = [...current, ...records.slice(through, mark.records)]
    through = mark.records
    if (mark.kind === 'backup') {
      backup = current
    } else {
      restored.push({ records: current, kept: backup.length })
      current = backup
    }
  }
  const last = [...current, ...records.slice(through)]
  return { restored, last: { records: last, kept: last.length } }
}

/** An envelope that the store says it holds. */
export interface StoredEnvelope {
  readonly mailbox: string
  readonly key: string
  readonly seq: number
  readonly arrivalMs: number
  readonly body: Bytes
}

type Placed = Extract<Submitted, { readonly placed: unknown }>['placed'][number]
type Submitted = Extract<Output<'submit'>, { readonly kind: string }>

/** What one record says was newly stored. */
export function storedBy(record: StoreRecord): readonly StoredEnvelope[] {
  const done = doneOf(record, 'submit')
  if (done === undefined || done.output.kind === 'gone') return []
  return done.output.placed.flatMap(({ mailbox, row }: Placed) => {
    const envelope = done.input.envelopes.find((each) => hex(each.mailbox) === hex(mailbox))
    if (row?.kind !== 'envelope' || envelope === undefined) return []
    const { seq, arrivalMs, body } = row
    return [{ mailbox: hex(mailbox), key: hex(envelope.key), seq, arrivalMs, body }]
  })
}

type Name = Operation['name']
type Input<Wanted extends Name> = Extract<Operation, { readonly name: Wanted }>['input']
type Output<Wanted extends Name> = Changes[Wanted]['output']

/** A record’s input and output, where it is of that kind and was done. */
export function doneOf<Wanted extends Name>(
  { operation, outcome }: StoreRecord,
  name: Wanted,
): { readonly input: Input<Wanted>; readonly output: Output<Wanted> } | undefined {
  if (operation.name !== name || outcome.kind !== 'done') return undefined
  return { input: operation.input as Input<Wanted>, output: outputOf<Wanted>(outcome) }
}

function outputOf<Wanted extends Name>(outcome: Extract<Outcome, { kind: 'done' }>) {
  return outcome.output as Output<Wanted>
}

/** The mailbox of an account’s only device, in hexadecimal, as `acct:…` or bytes name the account. */
export function mailboxOf({ records }: Pick<History, 'records'>, account: string): string {
  for (const record of records) {
    const registered = doneOf(record, 'register')
    if (registered !== undefined && isAccount(registered.input.account, account))
      return hex(registered.input.device.mailbox)
  }
  return ''
}

function isAccount(bytes: Bytes, account: string): boolean {
  return hex(bytes) === account.replaceAll('-', '')
}

/** Envelopes, and losses that gaps told of, that a restore took from a mailbox, at most. */
export function lostWith({ records, kept }: Lineage, mailbox: string): number {
  const waiting = new Set<number>()
  let gaps = 0
  for (const record of records.slice(kept)) {
    for (const stored of storedBy(record)) if (stored.mailbox === mailbox) waiting.add(stored.seq)
    gaps += gapsGrownBy(record, mailbox)
    const done = doneOf(record, 'acknowledge')
    if (done === undefined || hex(done.input.mailbox) !== mailbox) continue
    for (const seq of waiting) if (seq <= done.input.seq) waiting.delete(seq)
  }
  return waiting.size + gaps
}

function gapsGrownBy(record: StoreRecord, mailbox: string): number {
  const done = doneOf(record, 'submit')
  if (done === undefined || done.output.kind === 'gone') return 0
  return done.output.placed.filter(
    (placed: Placed) => placed.row === undefined && hex(placed.mailbox) === mailbox,
  ).length
}
