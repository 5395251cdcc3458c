import { scryptSync } from 'node:crypto'
import t from 'tap'
import {
  WORK_HASH_BYTES,
  WORK_SCRYPT,
  isWorkDone,
  wire,
  workPassword,
  workSalt,
} from '@sotto/protocol'
import { SignupLoad } from '../../src/accounts/signup-load.js'
import { SignupWork } from '../../src/accounts/signup-work.js'
import { passingKeys } from '../../src/keys.js'
import { DEFAULT_LIMITS } from '../../src/limits/limits.js'
import type { Readings } from '../../src/limits/pressure.js'
import { postRegistration, random, sha256, TestAccount } from '../harness/test-account.js'
import { TestClock, testFolder, testRelay, type TestRelay } from '../harness/test-relay.js'

const { ErrorCode } = wire
const MINUTE_MS = 60_000
const POW = { registration: 'pow', limits: { signupAttempts: 4 } } as const

type Wanted = Pick<wire.SignupWork, 'challenge' | 'attempts'>
type Proof = { readonly challenge: Uint8Array; readonly solution: number }

function isSolved({ challenge, solution }: Proof, { id }: TestAccount, attempts = 4): boolean {
  const salt = workSalt(challenge, id, sha256)
  const hash = scryptSync(workPassword(solution), salt, WORK_HASH_BYTES, WORK_SCRYPT)
  return isWorkDone(hash, attempts)
}

/** Does the work as a client would; `wrong`: finds what is no solution. */
function solved({ challenge, attempts }: Wanted, who: TestAccount, wrong = false): Proof {
  let solution = 0
  while (isSolved({ challenge, solution }, who, attempts) === wrong) solution++
  return { challenge, solution }
}

async function post(relay: TestRelay, who: TestAccount, proof?: Proof) {
  const request = who.registration()
  const answer = await postRegistration(relay.url, proof ? { ...request, proof } : request)
  return 'error' in answer ? answer.error : undefined
}

/** What the relay wants of somebody. */
async function wanted(relay: TestRelay, who: TestAccount): Promise<wire.SignupWork> {
  const work = (await post(relay, who))?.work
  if (work === undefined) throw new Error('the relay wants no work')
  return work
}

t.test('a relay says that it wants work, and how much, and makes an account for it', async (t) => {
  const relay = await testRelay(t, POW)
  const who = new TestAccount(relay.rootKey)

  const error = await post(relay, who)
  const made = await post(relay, who, solved(await wanted(relay, who), who))

  t.match(error, { code: ErrorCode.WORK, work: { attempts: 4, lifetimeMs: 10 * MINUTE_MS } })
  t.equal(made, undefined, 'it was made')
})

t.test(
  'what is no solution makes no account, and another challenge comes with the refusal',
  async (t) => {
    const relay = await testRelay(t, POW)
    const who = new TestAccount(relay.rootKey)

    const refused = await post(relay, who, solved(await wanted(relay, who), who, true))

    t.match(refused, { code: ErrorCode.WORK, work: { attempts: 4 } })
  },
)

t.test('work makes one account: it is worth nothing for another', async (t) => {
  const relay = await testRelay(t, POW)
  const one = new TestAccount(relay.rootKey)
  const proof = solved(await wanted(relay, one), one)
  let other = new TestAccount(relay.rootKey)
  while (isSolved(proof, other)) other = new TestAccount(relay.rootKey) // By chance, one in four.

  t.equal(await post(relay, one, proof), undefined)
  t.match(await post(relay, other, proof), { code: ErrorCode.WORK })
})

t.test(
  'an answer that was lost is given again, without any work and after it expired',
  async (t) => {
    const folder = testFolder(t)
    const before = await testRelay(t, { ...POW, folder })
    const who = new TestAccount(before.rootKey)
    const request = { ...who.registration(), proof: solved(await wanted(before, who), who) }
    const first = await postRegistration(before.url, request)
    await before.close()
    const relay = await testRelay(t, { ...POW, folder })
    relay.clock.advance(60 * MINUTE_MS)

    const { proof: _, ...bare } = request
    const again = await postRegistration(relay.url, request)
    const unproven = await postRegistration(relay.url, bare)

    t.match(first, { status: 200 })
    t.match(again, { status: 200 })
    t.match(unproven, { status: 200 })
  },
)

t.test('a challenge outlives the relay that gave it, and no more than ten minutes', async (t) => {
  const folder = testFolder(t)
  const before = await testRelay(t, { ...POW, folder })
  const [one, other] = [new TestAccount(before.rootKey), new TestAccount(before.rootKey)]
  const proofs = [
    solved(await wanted(before, one), one),
    solved(await wanted(before, other), other),
  ]
  await before.close()
  const relay = await testRelay(t, { ...POW, folder })

  t.equal(await post(relay, one, proofs[0]), undefined)
  relay.clock.advance(10 * MINUTE_MS)
  t.match(await post(relay, other, proofs[1]), { code: ErrorCode.WORK }, 'it has expired')
})

t.test('a challenge that is not ours to the last bit is found out without any work', async (t) => {
  const clock = new TestClock()
  const work = new SignupWork({ keys: passingKeys(), clock, limits: DEFAULT_LIMITS })
  const { challenge = new Uint8Array(0) } = work.challenge()
  const known = (bytes: Uint8Array) => work.known({ challenge: bytes, solution: 0 }) !== undefined

  t.equal(known(challenge), true)
  for (let bit = 0; bit < challenge.length * 8; bit++) {
    const forged = challenge.slice()
    forged[bit >> 3] = (forged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    if (known(forged)) t.fail(`bit ${bit} does not count`)
  }
  t.equal(known(challenge.subarray(1)), false)
  t.equal(known(new Uint8Array(0)), false)
  const elsewhere = new SignupWork({ keys: passingKeys(), clock, limits: DEFAULT_LIMITS })
  t.equal(elsewhere.known({ challenge, solution: 0 }), undefined, 'another relay’s')
  clock.advance(-60 * MINUTE_MS)
  t.equal(known(challenge), false, 'nor one from the future')
})

t.test('a proof that cannot be looked at yet is not a wrong one', async (t) => {
  const clock = new TestClock()
  const limits = { ...DEFAULT_LIMITS, signupAttempts: 1 }
  const work = new SignupWork({ keys: passingKeys(), clock, limits })
  const challenge = work.known({ challenge: work.challenge().challenge ?? random(0), solution: 0 })
  if (challenge === undefined) throw new Error('the challenge is not known')
  const { id: account } = new TestAccount(random(33).fill(5))
  const check = () => work.check(challenge, { account, solution: 1 })

  const verdicts = await Promise.all(Array.from({ length: 34 }, check))

  t.same(
    verdicts.map((verdict) => verdict === 'good'),
    Array.from({ length: 34 }, (_, at) => at < 32),
  )
  t.equal(verdicts[33], 'busy')
  t.equal(await check(), 'good', 'there is room again')
})

t.test('an account takes more work while many are made, and less again afterwards', async (t) => {
  const clock = new TestClock()
  const limits = { ...DEFAULT_LIMITS, signupAttempts: 20, signupAttemptsMax: 100, signupCalm: 10 }
  const load = new SignupLoad({ clock, limits })
  const make = (accounts: number) => {
    for (let made = 0; made < accounts; made++) load.made()
  }

  t.equal(load.attempts(), 20)
  make(10)
  t.equal(load.attempts(), 20, 'calm')
  make(10)
  t.equal(load.attempts(), 40, 'twice as many')
  make(1000)
  t.equal(load.attempts(), 100, 'never more than the operator says')
  clock.advance(120 * MINUTE_MS)
  t.equal(load.attempts(), 20)
})

t.test('a relay that ran short begins again with the most work', async (t) => {
  const relay = await testRelay(t, {
    registration: 'pow',
    limits: { diskReserveBytes: 100, signupAttemptsMax: 64 },
    machine: shortOfDisk(),
  })
  const who = new TestAccount(relay.rootKey)
  await until(async () => (await post(relay, who))?.code === ErrorCode.UNAVAILABLE)
  shortage.diskFreeBytes = 1000
  await until(async () => (await post(relay, who))?.code === ErrorCode.WORK)

  t.ok((await wanted(relay, who)).attempts > 60)
})

t.test(
  'challenges cost an address nothing of its accounts; proofs do, wrong ones too',
  async (t) => {
    const relay = await testRelay(t, { ...POW, trustedProxies: ['127.0.0.1'] })
    const from = { 'X-Forwarded-For': '203.0.113.9' }
    const who = new TestAccount(relay.rootKey)
    const ask = async (proof?: Proof) => {
      const request = who.registration()
      const answer = await postRegistration(
        relay.url,
        { ...request, ...(proof && { proof }) },
        from,
      )
      return 'error' in answer ? answer.error : undefined
    }
    const works = await Promise.all([ask(), ask(), ask(), ask()])
    const [first] = works
    if (first?.work === undefined) throw new Error('the relay wants no work')
    const wrong = solved(first.work, who, true)

    t.same(
      works.map((error) => error?.code),
      Array.from({ length: 4 }, () => ErrorCode.WORK),
    )
    for (let time = 0; time < 3; time++) t.match(await ask(wrong), { code: ErrorCode.WORK })
    t.match(await ask(solved(first.work, who)), { code: ErrorCode.RATE_LIMITED })
  },
)

t.test('who has no signed manifest does not learn whether an account is there', async (t) => {
  const relay = await testRelay(t, POW)
  const [there, nowhere] = [new TestAccount(relay.rootKey), new TestAccount(relay.rootKey)]
  await post(relay, there, solved(await wanted(relay, there), there))
  const forged = (who: TestAccount) => {
    const request = who.registration()
    return { ...request, manifest: { ...request.manifest, signature: random(64) } }
  }

  const answers = [there, nowhere].map((who) => postRegistration(relay.url, forged(who)))

  const codes = (await Promise.all(answers)).map((each) => 'error' in each && each.error.code)
  t.same(codes, [ErrorCode.INVALID, ErrorCode.INVALID])
})

const shortage: { diskFreeBytes: number } = { diskFreeBytes: 10 }

function shortOfDisk() {
  const read = async (): Promise<Readings> => ({
    ...shortage,
    ...{ diskBytes: 10_000, memoryBytes: 0, loopDelayMs: 0 },
  })
  return { read, stop: () => undefined }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50))
}
