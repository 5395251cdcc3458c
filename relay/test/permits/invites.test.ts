import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from '@signalapp/sqlcipher'
import t from 'tap'
import { wire } from '@sotto/protocol'
import { random, registeredAccount, sha256, type TestAccount } from '../harness/test-account.js'
import { TestDoor } from '../harness/test-door.js'
import { testFolder, testRelay, type TestRelay } from '../harness/test-relay.js'

const { ErrorCode } = wire
const DAY_MS = 86_400_000
const FORWARDED = { 'x-forwarded-for': '192.0.2.4' }
type Method = Parameters<TestDoor['ask']>[0]
type Terms = { readonly usesLeft?: number; readonly expiresDay?: number }

/** A relay with an account that makes invites, and a door for whoever shows them. */
async function scene(t: Parameters<typeof testRelay>[0], folder = testFolder(t)) {
  const relay = await testRelay(t, { folder, trustedProxies: ['127.0.0.1'] })
  const bob = await registeredAccount(relay)
  const door = await TestDoor.open(relay.url, 'anonymous', FORWARDED)
  return { relay, bob, door, folder }
}

async function publish(relay: TestRelay, who: TestAccount, keys: ReadonlyMap<Uint8Array, Terms>) {
  const door = await TestDoor.login(relay.url, who)
  const invites = [...keys].map(([key, terms]) => ({ hash: sha256(key), ...terms }))
  await door.expect({ case: 'publishInvites', value: { invites } }, 'done')
  door.socket.terminate()
}

function inviteLeave(key: Uint8Array, errand: Uint8Array) {
  return { kind: { case: 'invite', value: { key, errand } } } as const
}

/** What a submission, or a bundle request where there are no envelopes, comes to. */
async function outcome(
  door: TestDoor,
  to: TestAccount,
  leave: ReturnType<typeof inviteLeave>,
  envelopes?: readonly ReturnType<TestAccount['envelope']>[],
) {
  const answer = await door.ask(
    envelopes === undefined
      ? { case: 'fetchBundle', value: { account: to.idBytes, leave } }
      : { case: 'submit', value: { route: to.route, leave, envelopes: [...envelopes] } },
  )
  return answer.case === 'error' ? ErrorCode[answer.value.code] : answer.case
}

t.test(
  'an invite buys one errand for each of its uses: bundles, and three submissions',
  async (t) => {
    const { relay, bob, door } = await scene(t)
    const key = random(32)
    await publish(relay, bob, new Map([[key, { usesLeft: 2 }]]))
    const [one, two, three] = [random(16), random(16), random(16)].map((each) =>
      inviteLeave(key, each),
    )
    if (one === undefined || two === undefined || three === undefined) throw new Error('three')

    t.equal(await outcome(door, bob, one), 'bundle')
    t.equal(await outcome(door, bob, one), 'bundle')
    for (let time = 0; time < 3; time++)
      t.equal(await outcome(door, bob, one, [bob.envelope()]), 'submitted')
    t.equal(await outcome(door, bob, one, [bob.envelope()]), 'REFUSED', 'three are enough')
    t.equal(await outcome(door, bob, two), 'bundle')
    t.equal(await outcome(door, bob, three), 'REFUSED', 'it is used up')
    t.equal(await outcome(door, bob, two), 'bundle', 'and an errand that has begun goes on')
  },
)

t.test('what comes with an invite is marked as a stranger’s', async (t) => {
  const { relay, bob, door } = await scene(t)
  const key = random(32)
  await publish(relay, bob, new Map([[key, {}]]))
  await outcome(door, bob, inviteLeave(key, random(16)), [bob.envelope()])

  const login = await TestDoor.login(relay.url, bob)

  t.match(await login.next('deliver'), { stranger: true })
})

t.test(
  'unknown, used up, expired, revoked and nobody’s are refused in the same bytes',
  async (t) => {
    const { relay, bob, door } = await scene(t)
    const [used, expired, revoked] = [random(32), random(32), random(32)]
    const today = Math.floor(relay.clock.nowMs() / DAY_MS)
    await publish(
      relay,
      bob,
      new Map<Uint8Array, Terms>([
        [used, { usesLeft: 1 }],
        [expired, { expiresDay: today }],
        [revoked, {}],
      ]),
    )
    t.equal(await outcome(door, bob, inviteLeave(used, random(16))), 'bundle')
    t.equal(await outcome(door, bob, inviteLeave(expired, random(16))), 'bundle', 'on its last day')
    await publish(
      relay,
      bob,
      new Map([
        [used, { usesLeft: 1 }],
        [expired, { expiresDay: today }],
      ]),
    )
    relay.clock.advance(DAY_MS)
    const ask = (account: Uint8Array, leave: object) =>
      door.ask({ case: 'fetchBundle', value: { account, leave } })

    const answers = [
      await ask(bob.idBytes, inviteLeave(used, random(16))),
      await ask(bob.idBytes, inviteLeave(expired, random(16))),
      await ask(bob.idBytes, inviteLeave(revoked, random(16))),
      await ask(bob.idBytes, inviteLeave(random(32), random(16))),
      await ask(bob.idBytes, inviteLeave(random(31), random(16))),
      await ask(random(16), inviteLeave(used, random(16))),
      await ask(bob.idBytes, { kind: { case: 'accessKey', value: random(16) } }),
    ]

    for (const answer of answers) t.same(answer, answers[0])
    t.match(answers[0], { case: 'error', value: { code: ErrorCode.REFUSED } })
  },
)

t.test(
  'a submission whose answer was lost with the relay is granted again, and spends nothing',
  async (t) => {
    const { relay: dying, bob, door, folder } = await scene(t)
    const key = random(32)
    await publish(dying, bob, new Map([[key, { usesLeft: 1 }]]))
    const leave = inviteLeave(key, random(16))
    const envelopes = [bob.envelope()]
    t.equal(await outcome(door, bob, leave, envelopes), 'submitted')
    await dying.close()
    const relay = await testRelay(t, { folder, trustedProxies: ['127.0.0.1'] })
    relay.clock.advance(2 * DAY_MS)
    const again = await TestDoor.open(relay.url, 'anonymous', FORWARDED)

    t.equal(await outcome(again, bob, leave, envelopes), 'submitted', 'long after its hour')
    t.equal(await outcome(again, bob, leave), 'REFUSED', 'which is over for everything else')
  },
)

t.test('publishing again gives back no use that was spent', async (t) => {
  const { relay, bob, door } = await scene(t)
  const key = random(32)
  const terms = new Map([[key, { usesLeft: 1 }]])
  await publish(relay, bob, terms)
  t.equal(await outcome(door, bob, inviteLeave(key, random(16))), 'bundle')

  await publish(relay, bob, terms)

  t.equal(await outcome(door, bob, inviteLeave(key, random(16))), 'REFUSED')
})

t.test('an invite is good for the account that made it, and goes with it', async (t) => {
  const { relay, bob, door } = await scene(t)
  const carol = await registeredAccount(relay)
  const key = random(32)
  await publish(relay, bob, new Map([[key, {}]]))

  t.equal(await outcome(door, carol, inviteLeave(key, random(16))), 'REFUSED')
  const login = await TestDoor.login(relay.url, bob)
  await login.expect({ case: 'deleteAccount', value: {} }, 'done')
  t.equal(await outcome(door, bob, inviteLeave(key, random(16))), 'REFUSED')
})

t.test('what is over is forgotten, and there are no more than the limit says', async (t) => {
  const folder = testFolder(t)
  const relay = await testRelay(t, { folder, limits: { accountInvites: 2 } })
  const bob = await registeredAccount(relay)
  const today = Math.floor(relay.clock.nowMs() / DAY_MS)
  await publish(
    relay,
    bob,
    new Map([
      [random(32), { expiresDay: today }],
      [random(32), { expiresDay: 0 }],
    ]),
  )
  const login = await TestDoor.login(relay.url, bob)
  const tooMany = Array.from({ length: 3 }, () => ({ hash: random(32) }))

  const refused = await login.ask({ case: 'publishInvites', value: { invites: tooMany } })
  const malformed = await login.ask({
    case: 'publishInvites',
    value: { invites: [{ hash: random(31) }] },
  })
  relay.clock.advance(2 * DAY_MS)
  await relay.sweep()
  await relay.close()

  t.match(refused, { case: 'error', value: { code: ErrorCode.TOO_LARGE } })
  t.match(malformed, { case: 'error', value: { code: ErrorCode.INVALID } })
  t.equal(countRows(folder), 1)
})

t.test('the key of an invite is nowhere in what the relay keeps', async (t) => {
  const { relay, bob, door, folder } = await scene(t)
  const [key, errand] = [random(32), random(16)]
  await publish(relay, bob, new Map([[key, { usesLeft: 3 }]]))
  t.equal(await outcome(door, bob, inviteLeave(key, errand), [bob.envelope()]), 'submitted')
  await relay.close()

  const kept = bytesIn(folder)

  t.equal(kept.includes(Buffer.from(sha256(key))), true, 'its hash is')
  t.equal(kept.includes(Buffer.from(key)), false)
  t.equal(kept.includes(Buffer.from(errand)), false)
})

t.test('one leave gets six full bundles, from however many addresses it is shown', async (t) => {
  const { relay, bob } = await scene(t)
  const key = random(32)
  await publish(relay, bob, new Map([[key, { usesLeft: 2 }]]))
  const fetched = async (leave: object, address: number) => {
    const from = { 'x-forwarded-for': `192.0.2.${address}` }
    const door = await TestDoor.open(relay.url, 'anonymous', from)
    const request = { case: 'fetchBundle', value: { account: bob.idBytes, leave } }
    const bundle = await door.expect(request as Method, 'bundle')
    door.socket.terminate()
    return bundle.devices.some(({ lastResort }) => lastResort)
  }
  const seven = async (leave: object) => {
    const last: boolean[] = []
    for (let address = 1; address <= 7; address++) last.push(await fetched(leave, address))
    return last
  }
  const onlyLast = [false, false, false, false, false, false, true]

  t.same(await seven(inviteLeave(key, random(16))), onlyLast)
  t.equal(
    await fetched(inviteLeave(key, random(16)), 9),
    false,
    'another errand is counted by itself',
  )
})

function countRows(folder: string): number | undefined {
  const database = new Database(join(folder, 'relay.db'))
  const count = database.prepare('SELECT count(*) FROM invite', { pluck: true }).get<number>([])
  database.close()
  return count
}

function bytesIn(folder: string): Buffer {
  const names = readdirSync(folder).filter((name) => name.startsWith('relay.db'))
  return Buffer.concat(names.map((name) => readFileSync(join(folder, name))))
}
