import { ownBytes, type Bytes, type encode, type wire } from '@sotto/protocol'
import type { Backup } from '@sotto/relay'
import { request, visit, type Place, type Question } from './visitor.js'

/** What a stranger with a tool of their own was answered. */
export interface Refusal {
  /** The same question: only leave and account differ between refusals of one. */
  readonly question: 'bundle' | 'submission'
  /** Which account was asked for, and with what leave. */
  readonly about: string
  /** Every frame that came back after the greeting. */
  readonly answer: Bytes
}

type Row = Readonly<Record<string, unknown>>
type LeaveInit = Parameters<typeof encode<typeof wire.LeaveSchema>>[1]

const NOBODY = new Uint8Array(16).fill(7)
const WRONG_KEY = new Uint8Array(16).fill(9)

/**
 * Asks the anonymous door, as somebody who knows no secret but routes and ids does, for whatever it
 * must refuse: of every account there is and of one there is not, with a key that is wrong, with one
 * that is too short, with none at all, and of nobody with a stranger’s leave.
 */
export async function probe(place: Place, rows: Backup): Promise<readonly Refusal[]> {
  const accounts = rows.get('account') ?? []
  const known = accounts.flatMap((row) => [
    ask('with a wrong key', accessKey(WRONG_KEY), row),
    ask('with half a key', accessKey(WRONG_KEY.subarray(8)), row),
    ask('without leave', undefined, row),
  ])
  const unknown = [
    ask('with a wrong key', accessKey(WRONG_KEY), undefined),
    ask('without leave', undefined, undefined),
    ask('as a stranger', { kind: { case: 'stranger', value: {} } }, undefined),
  ]
  const refusals: Refusal[] = []
  for (const { question, about, method } of [...known, ...unknown].flat()) {
    const answer = await visit(place, [request(method)])
    refusals.push({ question, about, answer: ownBytes(Buffer.concat(answer)) })
  }
  return refusals
}

function ask(how: string, leave: LeaveInit | undefined, row: Row | undefined) {
  const given = leave === undefined ? {} : { leave }
  const about = `${row === undefined ? 'nobody' : 'an account'} ${how}`
  const bundle: Question = {
    case: 'fetchBundle',
    value: { account: bytesOf(row?.['account']), ...given },
  }
  const submission: Question = {
    case: 'submit',
    value: { route: bytesOf(row?.['route']), ...given, envelopes: [ENVELOPE] },
  }
  return [
    { question: 'bundle', about, method: bundle },
    { question: 'submission', about, method: submission },
  ] as const
}

const ENVELOPE = {
  device: 1,
  registrationId: 1,
  idempotencyKey: NOBODY,
  body: new Uint8Array(1024),
}

function accessKey(value: Uint8Array): LeaveInit {
  return { kind: { case: 'accessKey', value } }
}

function bytesOf(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : NOBODY
}
