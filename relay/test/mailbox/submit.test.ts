import t from 'tap'
import { wire } from '@sotto/protocol'
import { DAY_MS } from '../../src/ports.js'
import {
  keyLeave,
  random,
  registeredAccount,
  STRANGER,
  submission,
  testDevice,
} from '../harness/test-account.js'
import { TestDoor } from '../harness/test-door.js'
import { testRelay } from '../harness/test-relay.js'

const { ErrorCode, GapReason } = wire

t.test('unknown, blocked and wrong are refused with the same bytes on every route', async (t) => {
  const relay = await testRelay(t)
  const bob = await registeredAccount(relay)
  const nobody = { route: random(16), account: random(16) }
  const wrongKey = { kind: { case: 'accessKey', value: random(16) } } as const
  const blocked = { kind: { case: 'accessKey', value: bob.accessKey } } as const
  const owner = await TestDoor.login(relay.url, bob)
  await owner.expect(
    { case: 'setAccessKey', value: { current: random(16), previous: random(16) } },
    'done',
  )
  const envelopes = [bob.envelope()]

  const ask = async (method: Parameters<TestDoor['ask']>[0]) => {
    const door = await TestDoor.open(relay.url, 'anonymous')
    await door.expect(method, 'error')
    return door.rawResults[0]
  }
  const refusals = [
    await ask({ case: 'submit', value: { route: nobody.route, leave: wrongKey, envelopes } }),
    await ask({ case: 'submit', value: { route: bob.route, leave: wrongKey, envelopes } }),
    await ask({ case: 'submit', value: { route: bob.route, leave: blocked, envelopes } }),
    await ask({ case: 'submit', value: { route: bob.route, envelopes } }),
    await ask({ case: 'submit', value: { route: bob.route, leave: wrongKey, envelopes: [] } }),
    await ask({ case: 'fetchBundle', value: { account: nobody.account, leave: wrongKey } }),
    await ask({ case: 'fetchBundle', value: { account: bob.idBytes, leave: wrongKey } }),
    await ask({ case: 'fetchBundle', value: { account: bob.idBytes, leave: blocked } }),
    await ask({ case: 'fetchBundle', value: { account: random(16), leave: STRANGER } }),
  ]

  t.same(refusals, Array(9).fill(refusals[0]))
  t.equal(wire.ErrorCode.REFUSED, 1, 'the one code in it')
})

t.test('the decoy that refusals look up is nobody’s account', async (t) => {
  const relay = await testRelay(t)
  const bob = await registeredAccount(relay)
  const door = await TestDoor.open(relay.url, 'anonymous')

  const submitted = await door.expect(
    {
      case: 'submit',
      value: { route: new Uint8Array(16), leave: STRANGER, envelopes: [bob.envelope()] },
    },
    'error',
  )
  const fetched = await door.expect(
    { case: 'fetchBundle', value: { account: new Uint8Array(16), leave: STRANGER } },
    'error',
  )

  t.same([submitted.code, fetched.code], [ErrorCode.REFUSED, ErrorCode.REFUSED])
})

t.test('the current and the previous access key are leave, an older one is not', async (t) => {
  const relay = await testRelay(t)
  const bob = await registeredAccount(relay)
  const owner = await TestDoor.login(relay.url, bob)
  const [current, previous] = [random(16), random(16)]
  await owner.expect({ case: 'setAccessKey', value: { current, previous } }, 'done')
  const door = await TestDoor.open(relay.url, 'anonymous')
  const submitWith = (key: Uint8Array) =>
    door.ask({
      case: 'submit',
      value: {
        route: bob.route,
        leave: { kind: { case: 'accessKey', value: key } },
        envelopes: [bob.envelope()],
      },
    })

  t.equal((await submitWith(current)).case, 'submitted')
  t.equal((await submitWith(previous)).case, 'submitted')
  t.equal((await submitWith(bob.accessKey)).case, 'error')
})

t.test('a body that is no bucket, too large, or twice for one device stores nothing', async (t) => {
  const relay = await testRelay(t)
  const bob = await registeredAccount(relay)
  const door = await TestDoor.open(relay.url, 'anonymous')
  const submit = (envelopes: ReturnType<typeof bob.envelope>[]) =>
    door.expect(submission(bob, envelopes), 'error')

  const answers = [
    await submit([bob.envelope({ body: random(1000) })]),
    await submit([bob.envelope({ body: random(128 * 1024) })]),
    await submit([bob.envelope(), bob.envelope()]),
    await submit([]),
    await submit([bob.envelope({ key: random(15) })]),
  ]

  t.same(
    answers.map(({ code }) => code),
    [
      ErrorCode.INVALID,
      ErrorCode.TOO_LARGE,
      ErrorCode.INVALID,
      ErrorCode.INVALID,
      ErrorCode.INVALID,
    ],
  )
  const receiving = await TestDoor.login(relay.url, bob)
  await receiving.next('queueEmpty')
  t.equal(receiving.count('deliver'), 0)
})

t.test('a submission repeated is stored once, even after a restart', async (t) => {
  const first = await testRelay(t)
  const bob = await registeredAccount(first)
  const envelope = bob.envelope()
  const before = await TestDoor.open(first.url, 'anonymous')
  const submitted = await before.expect(submission(bob, [envelope]), 'submitted')
  const repeated = await before.expect(submission(bob, [envelope]), 'submitted')
  await first.close()

  const second = await testRelay(t, { folder: first.folder })
  const after = await TestDoor.open(second.url, 'anonymous')
  const again = await after.expect(submission(bob, [envelope]), 'submitted')

  t.same([repeated.arrivalMs, again.arrivalMs], [submitted.arrivalMs, submitted.arrivalMs])
  const receiving = await TestDoor.login(second.url, bob)
  await receiving.next('queueEmpty')
  t.equal(receiving.count('deliver'), 1)
})

t.test(
  'a submission repeated after it was acknowledged is known, but not when it came',
  async (t) => {
    const relay = await testRelay(t)
    const bob = await registeredAccount(relay)
    const envelope = bob.envelope()
    const sender = await TestDoor.open(relay.url, 'anonymous')
    await sender.expect(submission(bob, [envelope]), 'submitted')
    const receiving = await TestDoor.login(relay.url, bob)
    receiving.acknowledge((await receiving.next('deliver')).seq)
    await receiving.expect({ case: 'drawCertificate', value: {} }, 'certificate')
    await receiving.close()

    const again = await sender.expect(submission(bob, [envelope]), 'submitted')

    t.equal(again.arrivalMs, 0n)
    const later = await TestDoor.login(relay.url, bob)
    await later.next('queueEmpty')
    t.equal(later.count('deliver'), 0)
  },
)

t.test('a thousand submissions of the same envelope at once are stored once', async (t) => {
  const relay = await testRelay(t)
  const bob = await registeredAccount(relay)
  const envelope = bob.envelope()
  const doors = await Promise.all(
    Array.from({ length: 10 }, () => TestDoor.open(relay.url, 'anonymous')),
  )

  const answers = await Promise.all(
    doors.flatMap((door) =>
      Array.from({ length: 100 }, () => door.expect(submission(bob, [envelope]), 'submitted')),
    ),
  )

  t.equal(new Set(answers.map(({ arrivalMs }) => arrivalMs)).size, 1)
  const receiving = await TestDoor.login(relay.url, bob)
  await receiving.next('queueEmpty')
  t.equal(receiving.count('deliver'), 1)
})

t.test('a full mailbox tells a known sender, and the recipient finds a gap', async (t) => {
  const relay = await testRelay(t, { limits: { mailboxEnvelopes: 2 } })
  const bob = await registeredAccount(relay)
  const sender = await TestDoor.open(relay.url, 'anonymous')
  await sender.expect(submission(bob, [bob.envelope()]), 'submitted')
  await sender.expect(submission(bob, [bob.envelope()]), 'submitted')

  const third = await sender.expect(submission(bob, [bob.envelope()]), 'error')
  const fourth = await sender.expect(submission(bob, [bob.envelope()]), 'error')

  t.equal(third.code, ErrorCode.QUOTA)
  t.ok(third.retryAfterMs > 0)
  t.equal(fourth.code, ErrorCode.QUOTA)
  const receiving = await TestDoor.login(relay.url, bob)
  const gap = await receiving.next('gap')
  t.match(gap, { seq: 3n, count: 2, reason: GapReason.QUOTA })
  receiving.acknowledge(gap.seq)
  await receiving.expect({ case: 'drawCertificate', value: {} }, 'certificate')
  await sender.expect(submission(bob, [bob.envelope()]), 'submitted')
  t.equal((await receiving.take('deliver', 3)).at(-1)?.seq, 4n)
})

t.test('what is lost while a gap is on its way is counted in another', async (t) => {
  const relay = await testRelay(t, { limits: { mailboxEnvelopes: 1 } })
  const bob = await registeredAccount(relay)
  const sender = await TestDoor.open(relay.url, 'anonymous')
  await sender.expect(submission(bob, [bob.envelope()]), 'submitted')
  await sender.expect(submission(bob, [bob.envelope()]), 'error')
  const receiving = await TestDoor.login(relay.url, bob)
  const first = await receiving.next('gap')

  await sender.expect(submission(bob, [bob.envelope()]), 'error')
  const second = await receiving.next('gap')

  t.same([first.seq, first.count, second.seq, second.count], [2n, 1, 3n, 1])
})

t.test('strangers over their slice believe it stored, and the recipient finds a gap', async (t) => {
  const relay = await testRelay(t, { limits: { strangerEnvelopes: 1 } })
  const bob = await registeredAccount(relay)
  const stranger = await TestDoor.open(relay.url, 'anonymous')
  await stranger.expect(submission(bob, [bob.envelope()], STRANGER), 'submitted')

  const over = await stranger.expect(submission(bob, [bob.envelope()], STRANGER), 'submitted')
  await stranger.expect(submission(bob, [bob.envelope()], keyLeave(bob)), 'submitted')

  t.ok(over.arrivalMs > 0n)
  const receiving = await TestDoor.login(relay.url, bob)
  const delivered = await receiving.take('deliver', 2)
  t.same(
    delivered.map(({ seq, stranger: isStranger }) => [seq, isStranger]),
    [
      [1n, true],
      [3n, false],
    ],
  )
  t.match(await receiving.next('gap'), { seq: 2n, count: 1 })
})

t.test('an envelope that waited thirty days becomes a gap', async (t) => {
  const relay = await testRelay(t)
  const bob = await registeredAccount(relay)
  const sender = await TestDoor.open(relay.url, 'anonymous')
  await sender.expect(submission(bob, [bob.envelope()]), 'submitted')
  await sender.expect(submission(bob, [bob.envelope()]), 'submitted')
  relay.clock.advance(31 * DAY_MS)

  const expired = await relay.sweep()

  t.equal(expired, 2)
  const receiving = await TestDoor.login(relay.url, bob)
  t.match(await receiving.next('gap'), { seq: 2n, count: 2, reason: GapReason.EXPIRED })
  await receiving.next('queueEmpty')
  t.equal(receiving.count('deliver'), 0)
})

t.test('sealed for the wrong devices, nothing is stored and the answer says which', async (t) => {
  const relay = await testRelay(t)
  const bob = await registeredAccount(relay)
  const second = testDevice(2)
  const owner = await TestDoor.login(relay.url, bob)
  await owner.expect(
    {
      case: 'publishManifest',
      value: { manifest: bob.signManifest(2, [bob.device, second]) },
    },
    'done',
  )
  const secondDoor = await TestDoor.login(relay.url, bob, second)
  await secondDoor.expect({ case: 'publishPrekeys', value: bob.prekeys() }, 'prekeys')
  const sender = await TestDoor.open(relay.url, 'anonymous')
  const unknown = bob.envelope({ device: testDevice(7) })
  const stale = bob.envelope({
    device: { ...bob.device, ...{ registrationId: testDevice(9).registrationId } },
  })

  const mismatch = await sender.expect(submission(bob, [stale, unknown]), 'devicesMismatch')

  t.same([mismatch.missing, mismatch.extra, mismatch.stale], [[2], [7], [1]])
  t.same(
    mismatch.bundle?.devices.map(({ device }) => device),
    [1, 2],
  )
  t.ok(mismatch.bundle?.manifest)
  await owner.next('queueEmpty')
  t.equal(owner.count('deliver'), 0)
  const right = [bob.envelope(), bob.envelope({ device: second })]
  await sender.expect(submission(bob, right), 'submitted')
  t.ok(await owner.next('deliver'))
  t.ok(await secondDoor.next('deliver'))
})

t.test('a device that has published no prekeys yet is not missed', async (t) => {
  const relay = await testRelay(t)
  const bob = await registeredAccount(relay)
  const owner = await TestDoor.login(relay.url, bob)
  await owner.expect(
    {
      case: 'publishManifest',
      value: { manifest: bob.signManifest(2, [bob.device, testDevice(2)]) },
    },
    'done',
  )
  const sender = await TestDoor.open(relay.url, 'anonymous')

  const answer = await sender.ask(submission(bob, [bob.envelope()]))

  t.equal(answer.case, 'submitted')
})

t.test('one’s own other devices are submitted to through the identified door', async (t) => {
  const relay = await testRelay(t)
  const bob = await registeredAccount(relay)
  const second = testDevice(2)
  const owner = await TestDoor.login(relay.url, bob)
  const manifest = bob.signManifest(2, [bob.device, second])
  await owner.expect({ case: 'publishManifest', value: { manifest } }, 'done')
  const secondDoor = await TestDoor.login(relay.url, bob, second)
  await secondDoor.expect({ case: 'publishPrekeys', value: bob.prekeys() }, 'prekeys')

  const wrong = await owner.ask({ case: 'submitOwn', value: { envelopes: [bob.envelope()] } })
  const right = await owner.ask({
    case: 'submitOwn',
    value: { envelopes: [bob.envelope({ device: second })] },
  })

  t.match(wrong, { case: 'devicesMismatch', value: { missing: [2], extra: [1] } })
  t.equal(right.case, 'submitted')
  t.ok(await secondDoor.next('deliver'))
})
