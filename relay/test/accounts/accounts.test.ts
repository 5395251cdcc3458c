import t from 'tap'
import { usernames } from '@signalapp/libsignal-client'
import { wire, type Bytes } from '@sotto/protocol'
import { CLOSE } from '../../src/socket/close-codes.js'
import {
  postRegistration,
  random,
  keyLeave,
  registeredAccount,
  sha256,
  STRANGER,
  submission,
  TestAccount,
  testDevice,
} from '../harness/test-account.js'
import { TestDoor } from '../harness/test-door.js'
import { testRelay } from '../harness/test-relay.js'

const { ErrorCode } = wire

function errorOf(answer: Awaited<ReturnType<typeof postRegistration>>) {
  return 'error' in answer ? answer.error.code : undefined
}

t.test('the same registration again gets the same route', async (t) => {
  const relay = await testRelay(t)
  const account = new TestAccount(relay.rootKey)
  const request = account.registration({ username: 'carol.77' })

  const first = await postRegistration(relay.url, request)
  const second = await postRegistration(relay.url, request)

  t.ok('registered' in first && 'registered' in second)
  t.same(
    'registered' in first && first.registered.route,
    'registered' in second && second.registered.route,
  )
})

t.test('an account that is there cannot be registered otherwise', async (t) => {
  const relay = await testRelay(t)
  const account = new TestAccount(relay.rootKey)
  await postRegistration(relay.url, account.registration())
  const other = { ...account.registration(), manifest: account.signManifest(1, [testDevice(3)]) }

  const answer = await postRegistration(relay.url, other)

  t.equal(answer.status, 409)
  t.equal(errorOf(answer), ErrorCode.CONFLICT)
})

t.test('a username has one owner', async (t) => {
  const relay = await testRelay(t)
  await registeredAccount(relay, { username: 'dave.10' })
  const other = new TestAccount(relay.rootKey)

  const taken = await postRegistration(relay.url, other.registration({ username: 'DAVE.10' }))
  const free = await postRegistration(relay.url, other.registration({ username: 'dave.11' }))

  t.equal(errorOf(taken), ErrorCode.CONFLICT)
  t.equal(free.status, 200)
})

t.test('registrations that contradict themselves are invalid', async (t) => {
  const relay = await testRelay(t)
  const elsewhere = new TestAccount(new TestAccount(relay.rootKey).identityKey)
  const account = new TestAccount(relay.rootKey)
  const good = account.registration()
  const post = async (wrong: object) =>
    errorOf(await postRegistration(relay.url, { ...good, ...wrong }))

  const codes = [
    errorOf(await postRegistration(relay.url, elsewhere.registration())),
    await post({ manifest: account.signManifest(2, [account.device], sha256(random(1))) }),
    await post({ manifest: account.signManifest(1, [account.device, testDevice(2)]) }),
    await post({ manifest: { ...good.manifest, signature: random(64) } }),
    await post({ accessKey: random(15) }),
    await post({ usernameHash: usernames.hash('eve.42'), usernameProof: random(128) }),
    await post({ prekeys: { ...good.prekeys, lastResort: undefined } }),
    await post({ prekeys: { ...good.prekeys, oneTimeEc: [{ id: 0, publicKey: random(33) }] } }),
  ]

  t.same(codes, Array(8).fill(ErrorCode.INVALID))
})

t.test('one network address makes three accounts an hour', async (t) => {
  const relay = await testRelay(t, { trustedProxies: ['127.0.0.1'] })
  const register = (address: string) =>
    postRegistration(relay.url, new TestAccount(relay.rootKey).registration(), {
      'x-forwarded-for': address,
    })

  const statuses = [
    (await register('198.51.100.7')).status,
    (await register('198.51.100.7')).status,
    (await register('198.51.100.7')).status,
  ]
  const fourth = await register('198.51.100.7')
  const elsewhere = await register('198.51.100.8')
  relay.clock.advance(20 * 60_000)
  const later = await register('198.51.100.7')

  t.same(statuses, [200, 200, 200])
  t.equal(fourth.status, 429)
  t.ok('error' in fourth && fourth.error.retryAfterMs > 0)
  t.same([elsewhere.status, later.status], [200, 200])
})

t.test('what a forwarded header says counts only from a configured proxy', async (t) => {
  const relay = await testRelay(t)
  const register = (address: string) =>
    postRegistration(relay.url, new TestAccount(relay.rootKey).registration(), {
      'x-forwarded-for': address,
    })

  const statuses = [
    (await register('198.51.100.1')).status,
    (await register('198.51.100.2')).status,
    (await register('198.51.100.3')).status,
    (await register('198.51.100.4')).status,
  ]

  t.same(statuses, [200, 200, 200, 429], 'all of them are one address')
})

t.test('a username is changed and given up by its owner', async (t) => {
  const relay = await testRelay(t)
  const account = await registeredAccount(relay, { username: 'fay.12' })
  const door = await TestDoor.login(relay.url, account)
  const anonymous = await TestDoor.open(relay.url, 'anonymous')
  const set = (name: string) => ({
    case: 'setUsername' as const,
    value: { hash: usernames.hash(name), proof: usernames.generateProof(name) },
  })
  const lookup = (name: string) =>
    anonymous.ask({
      case: 'lookupUsername',
      value: { hash: usernames.hash(name), leave: STRANGER },
    })

  await door.expect(set('fay.13'), 'done')
  const [former, present] = [await lookup('fay.12'), await lookup('fay.13')]
  await door.expect({ case: 'setUsername', value: {} }, 'done')
  const gone = await lookup('fay.13')

  t.match(former, { case: 'error', value: { code: ErrorCode.NOT_FOUND } })
  t.equal(present.case, 'usernameOwner')
  t.match(gone, { case: 'error', value: { code: ErrorCode.NOT_FOUND } })
})

t.test('a deleted account is gone: its name is free, and its devices are let go', async (t) => {
  const relay = await testRelay(t)
  const account = await registeredAccount(relay, { username: 'hal.12' })
  const door = await TestDoor.login(relay.url, account)
  const anonymous = await TestDoor.open(relay.url, 'anonymous')

  await door.expect({ case: 'deleteAccount', value: {} }, 'done')
  const closed = await door.closed
  const again = await TestDoor.open(relay.url, 'identified')
  await again.authenticate(account)
  const refused = await again.next('error')
  const hash = usernames.hash('hal.12')
  const lookup = await anonymous.ask({ case: 'lookupUsername', value: { hash, leave: STRANGER } })
  const other = await registeredAccount(relay, { username: 'hal.12' })

  t.equal(closed, CLOSE.unauthenticated)
  t.equal(refused.code, ErrorCode.UNAUTHENTICATED)
  t.match(lookup, { case: 'error', value: { code: ErrorCode.NOT_FOUND } })
  t.ok(other.route)
})

t.test(
  'whoever writes to a deleted account is refused in the very words of a wrong key',
  async (t) => {
    const relay = await testRelay(t)
    const deleted = await registeredAccount(relay)
    const there = await registeredAccount(relay)
    const door = await TestDoor.login(relay.url, deleted)
    await door.expect({ case: 'deleteAccount', value: {} }, 'done')
    const ask = async (method: Parameters<TestDoor['ask']>[0]) => {
      const anonymous = await TestDoor.open(relay.url, 'anonymous')
      await anonymous.ask(method)
      return anonymous.rawResults[0]
    }

    const wrong = { kind: { case: 'accessKey' as const, value: random(16) } }
    const reference = await ask(submission(there, [there.envelope()], wrong))
    const answers = [
      await ask(submission(deleted, [deleted.envelope()])),
      await ask(submission(deleted, [deleted.envelope()], STRANGER)),
      await ask({
        case: 'fetchBundle',
        value: { account: deleted.idBytes, leave: keyLeave(deleted) },
      }),
    ]

    t.ok(reference !== undefined && reference.length > 0)
    for (const answer of answers) t.same(answer, reference)
  },
)

t.test('a deleted account is not made again of its manifest, which others have', async (t) => {
  const relay = await testRelay(t)
  const account = new TestAccount(relay.rootKey)
  const request = account.registration({ username: 'ida.12' })
  await postRegistration(relay.url, request)
  const door = await TestDoor.login(relay.url, account)
  await door.expect({ case: 'deleteAccount', value: {} }, 'done')

  const answer = await postRegistration(relay.url, request)

  t.equal(answer.status, 409)
  t.equal(errorOf(answer), ErrorCode.CONFLICT)
})

t.test('another device of a deleted account is let go too', async (t) => {
  const relay = await testRelay(t)
  const account = await registeredAccount(relay)
  const first = await TestDoor.login(relay.url, account)
  const tablet = testDevice(2)
  const manifest = account.signManifest(2, [account.device, tablet])
  await first.expect({ case: 'publishManifest', value: { manifest } }, 'done')
  const second = await TestDoor.login(relay.url, account, tablet)

  await second.expect({ case: 'deleteAccount', value: {} }, 'done')

  t.same([await first.closed, await second.closed], [CLOSE.unauthenticated, CLOSE.unauthenticated])
})

t.test('nobody deletes an account without being one of its devices', async (t) => {
  const relay = await testRelay(t)
  await registeredAccount(relay)
  const anonymous = await TestDoor.open(relay.url, 'anonymous')

  const answer = await anonymous.expect({ case: 'deleteAccount', value: {} }, 'error')

  t.equal(answer.code, ErrorCode.INVALID)
})

t.test('a username needs the proof that its owner knows it', async (t) => {
  const relay = await testRelay(t)
  const door = await TestDoor.login(relay.url, await registeredAccount(relay))

  const answer = await door.expect(
    { case: 'setUsername', value: { hash: usernames.hash('gil.12'), proof: random(128) } },
    'error',
  )

  t.equal(answer.code, ErrorCode.INVALID)
})

t.test('how often one network address asks whether a name is free is counted', async (t) => {
  const relay = await testRelay(t, {
    trustedProxies: ['127.0.0.1'],
    limits: { addressLookups: 2 },
  })
  const door = await TestDoor.open(relay.url, 'anonymous', { 'x-forwarded-for': '192.0.2.9' })
  await registeredAccount(relay, { username: 'ida.12' })
  const check = (hash: Bytes) => door.ask({ case: 'checkUsername', value: { hash } })
  const taken = usernames.hash('ida.12')

  const answers = [await check(random(32)), await check(taken), await check(random(32))]

  t.match(answers, [
    { case: 'done' },
    { value: { code: ErrorCode.CONFLICT } },
    { value: { code: ErrorCode.RATE_LIMITED } },
  ])
})

t.test('a manifest follows only the one it names, and the same one again is fine', async (t) => {
  const relay = await testRelay(t)
  const account = await registeredAccount(relay)
  const door = await TestDoor.login(relay.url, account)
  const second = account.signManifest(2, [account.device, testDevice(2)])
  const publish = (manifest: typeof second) =>
    door.ask({ case: 'publishManifest', value: { manifest } })

  const answers = [
    await publish(account.signManifest(2, [account.device], random(32))),
    await publish(second),
    await publish(second),
    await publish(account.signManifest(4, [account.device], sha256(second.manifest))),
    await publish(account.signManifest(3, [account.device], sha256(second.manifest))),
  ]

  t.same(
    answers.map((answer) => answer.case),
    ['error', 'done', 'done', 'error', 'done'],
  )
})

t.test('a manifest with more devices than the relay allows is too large', async (t) => {
  const relay = await testRelay(t, { limits: { accountDevices: 1 } })
  const account = await registeredAccount(relay)
  const door = await TestDoor.login(relay.url, account)
  const both = account.signManifest(2, [account.device, testDevice(2)])

  const refused = await door.expect({ case: 'publishManifest', value: { manifest: both } }, 'error')

  t.equal(refused.code, ErrorCode.TOO_LARGE)
})

t.test('a device that leaves the manifest is let go', async (t) => {
  const relay = await testRelay(t)
  const account = await registeredAccount(relay)
  const first = await TestDoor.login(relay.url, account)
  const second = testDevice(2)
  const both = account.signManifest(2, [account.device, second])
  await first.expect({ case: 'publishManifest', value: { manifest: both } }, 'done')
  const leaving = await TestDoor.login(relay.url, account, second)

  const one = account.signManifest(3, [account.device])
  await first.expect({ case: 'publishManifest', value: { manifest: one } }, 'done')

  t.equal((await leaving.next('error')).code, ErrorCode.UNAUTHENTICATED)
  t.equal(await leaving.closed, CLOSE.unauthenticated)
})

t.test('nobody publishes a manifest for somebody else', async (t) => {
  const relay = await testRelay(t)
  const account = await registeredAccount(relay)
  const other = await registeredAccount(relay)
  const door = await TestDoor.login(relay.url, account)

  const answer = await door.expect(
    { case: 'publishManifest', value: { manifest: other.signManifest(2, [other.device]) } },
    'error',
  )

  t.equal(answer.code, ErrorCode.INVALID)
})
