import type { EventObject, MessageStatus } from '@sotto/client-core'
import type { Operation, Outcome } from '@sotto/relay'
import type { Finding, Heard, History, Sending } from '../history.js'
import type { StoreRecord } from '../relay-host.js'

/** Bytes of an id that is one number all over. */
export const id = (number: number): Uint8Array<ArrayBuffer> => new Uint8Array(16).fill(number)
const ALICE = '01010101-0101-0101-0101-010101010101'
export const BOB = '02020202-0202-0202-0202-020202020202'
const BOBS_MAILBOX = id(22)
export const TEXT = 'a text, unlike any other'

function record(operation: unknown, output: unknown, at: Partial<StoreRecord> = {}): StoreRecord {
  const outcome = { kind: 'done', output } as Outcome
  return { atMs: 10, epoch: 1, operation: operation as Operation, outcome, ...at }
}

export function registered(account: number, prekeys: readonly number[] = []): StoreRecord {
  const oneTimeKyber = prekeys.map((key) => ({ id: key, publicKey: id(key) }))
  return record(
    {
      name: 'register',
      input: {
        account: id(account),
        device: { device: 1, mailbox: id(account + 20) },
        prekeys: { oneTimeEc: [], oneTimeKyber, replace: false },
        prekeysMax: 100,
      },
    },
    { kind: 'created', route: id(account + 40) },
  )
}

export function submitted(
  key: number,
  seq: number,
  { body = key, ...at }: Partial<StoreRecord> & { readonly body?: number } = {},
): StoreRecord {
  const envelope = { mailbox: BOBS_MAILBOX, key: id(key), body: id(body + 100) }
  const row = { kind: 'envelope', seq, arrivalMs: 10, stranger: false, body: envelope.body }
  return record(
    { name: 'submit', input: { envelopes: [envelope], stranger: false, arrivalMs: 10 } },
    { kind: 'stored', arrivalMs: 10, placed: [{ mailbox: BOBS_MAILBOX, row }] },
    at,
  )
}

export function acknowledged(seq: number): StoreRecord {
  return record({ name: 'acknowledge', input: { mailbox: BOBS_MAILBOX, seq } }, 'done')
}

export function taken(key: number, lastResort = false): StoreRecord {
  const kyber = { id: key, publicKey: id(key) }
  const device = { device: 1, registrationId: 1, oneTimeEc: undefined, kyber, lastResort }
  return record(
    { name: 'take-prekeys', input: { account: id(2), devices: [], lastResortOnly: false } },
    { kind: 'taken', devices: [device], low: [] },
  )
}

/** A permit that is shown for a target and, with a request, for a submission there. */
export function spent(permit: number, target: number, request?: number): StoreRecord {
  const input = {
    ...{ nullifier: id(permit), targetHash: id(target), submissionsMax: 1 },
    requestHash: request === undefined ? undefined : id(request),
  }
  return record({ name: 'spend-permit', input }, 'granted')
}

/** An invite with one use, as the account that made it tells it. */
export function published(invite: number): StoreRecord {
  const invites = [{ hash: id(invite), usesLeft: 1, lastDay: undefined }]
  return record({ name: 'publish-invites', input: { account: id(2), invites } }, 'done')
}

/** An errand that an invite is granted to. */
export function invited(invite: number, errand: number): StoreRecord {
  const input = {
    ...{ nullifier: id(errand), targetHash: id(2), submissionsMax: 3, requestHash: undefined },
    ...{ account: id(2), inviteHash: id(invite), today: 1 },
  }
  return record({ name: 'spend-invite', input }, 'granted')
}

export function event(seq: number, type: string, more: object): EventObject {
  const common = { seq, id: `e_${String(seq)}`, ts: '2026-01-05T09:00:00Z', account: '', type }
  return { ...common, ...more } as EventObject
}

export const wrote = (seq: number, text = TEXT, name = 'm') =>
  event(seq, 'message.sent', { message: { id: name, text } })
export const came = (seq: number, text = TEXT, sender = ALICE) =>
  event(seq, 'message.received', { message: { text }, sender: { id: sender } })

export function became(seq: number, status: string): EventObject {
  return event(seq, 'message.status', {
    message: { id: 'm', status },
    conversation: { name: '@bob.42' },
  })
}

export function found(name: string, more: Partial<Finding>): Finding {
  const account = name === 'alice' ? ALICE : BOB
  const nothing = { journal: [], conversations: new Map(), outbox: [], oneTimePrekeys: 0 }
  return { name, account, ...nothing, ...more }
}

export function shown(other: string, texts: readonly string[], status?: MessageStatus) {
  const messages = texts.map((text) => ({
    message: status === undefined ? { text } : { text, status },
  }))
  return new Map([[other, messages]])
}

export const alice = found('alice', {
  journal: [wrote(1), became(2, 'accepted'), became(3, 'delivered')],
  conversations: shown('bob', [TEXT], 'delivered'),
})
export const bob = found('bob', { journal: [came(1)], conversations: shown('alice', [TEXT]) })
export const bobWithout = found('bob', {})
export const sending: Sending = {
  ...{ number: 1, from: 'alice', to: 'bob', text: TEXT, id: 'send-1' },
  ...{ state: 'sent', askedMs: 0 },
}

/** Alice wrote to Bob, who has it, and nothing else ever happened. */
export const GOOD: History = {
  sendings: [sending],
  changeables: [],
  records: [registered(1), registered(2, [7]), taken(7), submitted(1, 1), acknowledged(1)],
  marks: [],
  heard: [{ name: 'alice', atMs: 10, event: became(2, 'accepted') }],
  findings: [alice, bob],
  blocks: new Set(),
  bugs: [],
  relayRows: new Map(),
  markers: ['unlike any other'],
  refusals: [],
  lies: [],
  swapped: new Set(),
  afterwards: [],
  relayWasAhead: false,
  isAtPeace: true,
  timers: { before: 3, after: 3 },
}

export const refusal = (answer: number) =>
  ({ question: 'bundle', about: 'nobody', answer: id(answer) }) as const
export const heard = (told: EventObject): Heard => ({ name: 'bob', atMs: 10, event: told })
export const restored = [
  { kind: 'backup', records: 3 },
  { kind: 'restore', records: 4 },
] as const
export const gapOf = (reason: string, count: number) => event(9, 'gap', { reason, count })
