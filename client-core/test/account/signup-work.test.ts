import { scryptSync } from 'node:crypto'
import {
  encode,
  isWorkDone,
  WORK_ATTEMPTS_MAX,
  WORK_CHALLENGE_BYTES,
  WORK_HASH_BYTES,
  WORK_SCRYPT,
  wire,
  workPassword,
  workSalt,
} from '@sotto/protocol'
import { test, type Test } from 'tap'
import { registerAccount } from '../../src/account/register.js'
import { doSignupWork, type WorkOptions, WorkStopped } from '../../src/account/signup-work.js'
import { sha256 } from '../../src/session/digest.js'
import { refusalOf } from '../net/awaiting.js'
import { ManualClock } from '../net/manual-clock.js'
import { Authority, NOW_MS, Person } from '../support/world.js'

const CHALLENGE = new Uint8Array(WORK_CHALLENGE_BYTES).fill(3)

function wanted(attempts: number, more: { challenge?: Uint8Array; lifetimeMs?: number } = {}) {
  const { challenge = CHALLENGE, lifetimeMs = 600_000 } = more
  return { challenge, attempts, lifetimeMs } as wire.SignupWork
}

function begin(t: Test) {
  const person = new Person(t, new Authority(), 'alice')
  const clock = new ManualClock(NOW_MS)
  const work = (what: wire.SignupWork, options: Omit<WorkOptions, 'clock'> = {}) =>
    doSignupWork(what, person.core.own.account, { clock, ...options })
  return { person, clock, work }
}

test('the work that a relay wants is done, and told of attempt by attempt', async (t) => {
  const { person, work } = begin(t)
  const tried: number[] = []

  const proof = await work(wanted(6), { progress: (each) => tried.push(each.tried) })

  t.same(proof?.challenge, CHALLENGE)
  const salt = workSalt(CHALLENGE, person.core.own.account, sha256)
  const password = workPassword(proof?.solution ?? -1)
  t.ok(isWorkDone(scryptSync(password, salt, WORK_HASH_BYTES, WORK_SCRYPT), 6))
  t.same(
    tried,
    Array.from({ length: tried.length }, (_, at) => at),
    'from the very beginning',
  )
})

test('a relay that wants absurd work gets none', async (t) => {
  const { work } = begin(t)
  const absurd = [
    wanted(WORK_ATTEMPTS_MAX + 1),
    wanted(0xffff_ffff),
    wanted(0),
    wanted(4, { challenge: new Uint8Array(WORK_CHALLENGE_BYTES + 1) }),
  ]
  for (const each of absurd) {
    let attempts = 0
    const refusal = await refusalOf(work(each, { progress: () => (attempts += 1) }))
    t.equal(refusal.code, 'signup-work/too-much')
    t.equal(attempts, 0)
  }
})

/** A challenge whose work none of the first attempts do for this account. */
function hardChallenge({ core }: Person): Uint8Array {
  for (let first = 0; ; first++) {
    const challenge = new Uint8Array(WORK_CHALLENGE_BYTES).fill(first)
    const salt = workSalt(challenge, core.own.account, sha256)
    const hashes = Array.from({ length: 5 }, (_, solution) =>
      scryptSync(workPassword(solution), salt, WORK_HASH_BYTES, WORK_SCRYPT),
    )
    if (!hashes.some((hash) => isWorkDone(hash, WORK_ATTEMPTS_MAX))) return challenge
  }
}

test('work ends with its challenge, its time or its signal', async (t) => {
  const { person, clock, work } = begin(t)
  const challenge = hardChallenge(person)
  const hard = (more: { lifetimeMs?: number } = {}) =>
    wanted(WORK_ATTEMPTS_MAX, { challenge, ...more })
  const stopping = new AbortController()
  const late = { progress: () => clock.advance(1_000) }

  t.equal(await work(hard({ lifetimeMs: 3_000 }), late), undefined)
  const timedOut = await work(hard(), { ...late, waitMs: 2_000 }).catch((error: unknown) => error)
  const stopped = await work(hard(), {
    signal: stopping.signal,
    progress: () => stopping.abort(new Error('Ctrl-C')),
  }).catch((error: unknown) => error)

  t.match(timedOut, { name: 'WorkStopped', cause: { code: 'temporary/timeout' } })
  t.ok(stopped instanceof WorkStopped && (stopped.cause as Error).message === 'Ctrl-C')
})

test('a relay that finds fault with all work is given up after three times', async (t) => {
  const { person } = begin(t)
  const asked: Uint8Array[] = []
  const { core } = person
  const body = encode(wire.ErrorSchema, {
    code: wire.ErrorCode.WORK,
    work: { challenge: CHALLENGE, attempts: 1, lifetimeMs: 600_000 },
  })
  const transport = {
    ...core.ports.transport,
    exchange: async (request: { readonly body?: Uint8Array }) => {
      asked.push(request.body ?? new Uint8Array(0))
      return { status: 403, body }
    },
  }
  const account = { own: core.account, store: core.store }

  const refusal = await refusalOf(
    registerAccount(account, { ...core.ports, transport }, { code: '' }),
  )

  t.equal(refusal.code, 'signup-work/refused')
  t.equal(asked.length, 4, 'once without any, and three times with')
})
