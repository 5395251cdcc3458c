import t from 'tap'
import { usernames } from '@signalapp/libsignal-client'
import { permitExpiryMs, wire, type Bytes } from '@sotto/protocol'
import {
  random,
  registeredAccount,
  STRANGER,
  submission,
  type TestAccount,
} from '../harness/test-account.js'
import { TestDoor } from '../harness/test-door.js'
import { drawn, permitLeave, permitRequest, permitsOf } from '../harness/test-permits.js'
import type { Row } from '../../src/store/sqlite/rows.js'
import { testFolder, testRelay, type TestRelay } from '../harness/test-relay.js'

const { ErrorCode } = wire
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const FORWARDED = { 'x-forwarded-for': '192.0.2.4' }

/** A relay, two of its accounts, the permits of one, and a door for whoever shows them. */
async function scene(t: Parameters<typeof testRelay>[0], folder = testFolder(t)) {
  const relay = await testRelay(t, { folder, trustedProxies: ['127.0.0.1'] })
  const [alice, bob, carol] = [
    await registeredAccount(relay),
    await registeredAccount(relay, { username: 'bob.42' }),
    await registeredAccount(relay),
  ]
  const permits = await permitsOf(relay, alice)
  const door = await TestDoor.open(relay.url, 'anonymous', FORWARDED)
  return { relay, alice, bob, carol, permits, door, folder }
}

function at(permits: readonly Bytes[], index: number): Bytes {
  const permit = permits[index]
  if (permit === undefined) throw new Error('a batch has more permits than that')
  return permit
}

/** What a submission, or a bundle request where there are no envelopes, comes to. */
async function outcome(
  door: TestDoor,
  to: TestAccount,
  permit: Bytes,
  envelopes?: readonly ReturnType<TestAccount['envelope']>[],
) {
  const leave = permitLeave(permit)
  const answer = await door.ask(
    envelopes === undefined
      ? { case: 'fetchBundle', value: { account: to.idBytes, leave } }
      : submission(to, envelopes, leave),
  )
  return answer.case === 'error' ? ErrorCode[answer.value.code] : answer.case
}

t.test('a day’s permits are a batch that expires with everybody’s', async (t) => {
  const { relay, bob } = await scene(t)
  const context = await permitRequest(relay)
  const login = await TestDoor.login(relay.url, bob)
  const request = context.request().serialize()
  const draw = { case: 'drawPermits', value: { request } } as const
  const first = await login.expect(draw, 'permits')

  const permits = await drawn(relay, context, first.response)

  t.equal(permits.length, 80)
  const expiries = new Set(permits.map((permit) => permit.expiration.getTime()))
  t.same([...expiries], [permitExpiryMs(relay.clock.nowMs())])
})

t.test(
  'the same request again gets the same permits, another one waits for the next day',
  async (t) => {
    const { relay, bob } = await scene(t)
    const context = await permitRequest(relay)
    const login = await TestDoor.login(relay.url, bob)
    const draw = (bytes: Bytes) =>
      login.ask({ case: 'drawPermits', value: { request: bytes } } as const)
    const spendIds = async (answer: Awaited<ReturnType<typeof draw>>) =>
      answer.case === 'permits'
        ? (await drawn(relay, context, answer.value.response)).map(({ spendId }) => spendId)
        : answer

    const first = await spendIds(await draw(context.request().serialize()))
    const again = await spendIds(await draw(context.request().serialize()))
    const other = await draw((await permitRequest(relay)).request().serialize())
    relay.clock.advance(DAY_MS)
    const tomorrow = await draw((await permitRequest(relay)).request().serialize())

    t.same(again, first)
    t.match(other, { case: 'error', value: { code: ErrorCode.RATE_LIMITED } })
    t.ok(other.case === 'error' && other.value.retryAfterMs <= DAY_MS)
    t.equal(tomorrow.case, 'permits')
  },
)

t.test('a request for more, for fewer or for nothing that is one is invalid', async (t) => {
  const { relay, bob } = await scene(t)
  const login = await TestDoor.login(relay.url, bob)
  const bytes = (await permitRequest(relay)).request().serialize()
  const wrong = [bytes.slice(0, -32), new Uint8Array(0), random(bytes.length)]

  for (const request of wrong) {
    const answer = await login.expect({ case: 'drawPermits', value: { request } }, 'error')
    t.equal(answer.code, ErrorCode.INVALID)
  }
})

t.test(
  'a permit buys bundles and three submissions to one account, and one more again',
  async (t) => {
    const { bob, permits, door } = await scene(t)
    const permit = at(permits, 0)
    const text = [bob.envelope()]

    t.equal(await outcome(door, bob, permit), 'bundle')
    t.equal(await outcome(door, bob, permit, text), 'submitted')
    t.equal(await outcome(door, bob, permit, [bob.envelope()]), 'submitted')
    t.equal(await outcome(door, bob, permit), 'bundle')
    t.equal(await outcome(door, bob, permit, [bob.envelope()]), 'submitted')
    t.equal(await outcome(door, bob, permit, [bob.envelope()]), 'PERMIT')
    t.equal(await outcome(door, bob, permit, text), 'submitted', 'it was granted before')
  },
)

t.test(
  'a permit that was spent on somebody is good for nobody else, and tells nothing of them',
  async (t) => {
    const { bob, carol, permits, door } = await scene(t)
    const permit = at(permits, 0)
    await outcome(door, bob, permit)
    const toNobody = { account: random(16), leave: permitLeave(permit) }

    const carols = await door.ask({
      case: 'fetchBundle',
      value: { account: carol.idBytes, leave: permitLeave(permit) },
    })
    const nobodys = await door.ask({ case: 'fetchBundle', value: toNobody })

    t.match(carols, { case: 'error', value: { code: ErrorCode.PERMIT } })
    t.same(nobodys, carols)
  },
)

t.test('an errand is over after an hour, but for what it was granted', async (t) => {
  const { relay, bob, permits, door } = await scene(t)
  const permit = at(permits, 0)
  const text = [bob.envelope()]
  await outcome(door, bob, permit, text)

  relay.clock.advance(HOUR_MS + 61_000)

  t.equal(await outcome(door, bob, permit), 'PERMIT')
  t.equal(await outcome(door, bob, permit, [bob.envelope()]), 'PERMIT')
  t.equal(await outcome(door, bob, permit, text), 'submitted')
})

t.test('what is forged, of another relay, or expired is no permit', async (t) => {
  const { relay, bob, permits, door } = await scene(t)
  const elsewhere = await scene(t)
  const forged = Uint8Array.from(at(permits, 0))
  forged[40] = (forged[40] ?? 0) ^ 1

  t.equal(await outcome(door, bob, forged), 'PERMIT')
  t.equal(await outcome(door, bob, random(65)), 'PERMIT')
  t.equal(await outcome(door, bob, new Uint8Array(0)), 'PERMIT')
  t.equal(await outcome(door, bob, at(elsewhere.permits, 0)), 'PERMIT')
  relay.clock.advance(3 * DAY_MS)
  t.equal(await outcome(door, bob, at(permits, 1)), 'PERMIT')
})

t.test('what was spent outlives the relay, and is forgotten once it has expired', async (t) => {
  const { relay, bob, carol, permits, folder } = await scene(t)
  const permit = at(permits, 0)
  await outcome(await TestDoor.open(relay.url, 'anonymous'), bob, permit)
  await relay.close()
  const again = await testRelay(t, { folder })
  const door = await TestDoor.open(again.url, 'anonymous')

  t.equal(await outcome(door, carol, permit), 'PERMIT')
  again.clock.advance(2 * DAY_MS - HOUR_MS)
  await again.sweep()
  t.equal(await outcome(door, carol, permit), 'PERMIT', 'while it is good it is remembered')
})

t.test('a lookup costs a permit, and the same lookup again the same', async (t) => {
  const { bob, permits, door } = await scene(t)
  const lookup = async (username: string, permit: Bytes) => {
    const value = { hash: usernames.hash(username), leave: permitLeave(permit) }
    const answer = await door.ask({ case: 'lookupUsername', value })
    return answer.case === 'error' ? ErrorCode[answer.value.code] : answer.case
  }

  t.equal(await lookup('bob.42', at(permits, 0)), 'usernameOwner')
  t.equal(await lookup('bob.42', at(permits, 0)), 'usernameOwner')
  t.equal(await lookup('bob.43', at(permits, 0)), 'PERMIT')
  t.equal(await lookup('bob.43', at(permits, 1)), 'NOT_FOUND')
  t.equal(await outcome(door, bob, at(permits, 0)), 'PERMIT')
})

t.test('a stranger without a permit is nobody’s, but on the operator’s own machine', async (t) => {
  const { bob, door } = await scene(t)
  const ask = (through: TestDoor, account: Bytes) =>
    through.ask({ case: 'fetchBundle', value: { account, leave: STRANGER } })
  const own = await testRelay(t)
  const owner = await registeredAccount(own)

  const bobs = await ask(door, bob.idBytes)
  const nobodys = await ask(door, random(16))
  const operators = await ask(await TestDoor.open(own.url, 'anonymous'), owner.idBytes)

  t.match(bobs, { case: 'error', value: { code: ErrorCode.PERMIT } })
  t.same(nobodys, bobs)
  t.equal(operators.case, 'bundle')
})

t.test('what a permit was drawn with is nowhere beside what it was spent with', async (t) => {
  const { relay, alice, bob, permits, door } = await scene(t)
  await outcome(door, bob, at(permits, 0), [bob.envelope()])
  const rows = await spentRows(relay)

  t.equal(rows.length, 1)
  const written = Buffer.concat(rows)
  for (const told of [alice.idBytes, bob.idBytes, at(permits, 0), Buffer.from('192.0.2.4')])
    t.equal(written.includes(Buffer.from(told)), false)
})

/** Every row of what was spent, its columns one after the other. */
async function spentRows(relay: TestRelay): Promise<readonly Buffer[]> {
  const { default: Database } = await import('@signalapp/sqlcipher')
  const database = new Database(`${relay.folder}/relay.db`)
  const rows = database.prepare('SELECT * FROM permit_spent').all<Row>([])
  database.close()
  return rows.map((row) =>
    Buffer.concat(
      Object.values(row).map((value) =>
        value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(String(value)),
      ),
    ),
  )
}
