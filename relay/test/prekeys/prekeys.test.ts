import t from 'tap'
import { wire } from '@sotto/protocol'
import {
  keyLeave,
  registeredAccount,
  type TestAccount,
  type TestLeave,
} from '../harness/test-account.js'
import { TestDoor } from '../harness/test-door.js'
import { permitLeave, permitsOf } from '../harness/test-permits.js'
import { testRelay } from '../harness/test-relay.js'

function fetchBundle(account: TestAccount, leave?: TestLeave) {
  const value = { account: account.idBytes, leave: leave ?? keyLeave(account) }
  return { case: 'fetchBundle', value } as const
}

t.test(
  'ten keys and a thousand takers: each key goes out once, the rest get the last resort',
  async (t) => {
    const relay = await testRelay(t)
    const account = await registeredAccount(relay, { oneTime: 10 })
    const doors = await Promise.all(
      Array.from({ length: 20 }, () => TestDoor.open(relay.url, 'anonymous')),
    )

    const bundles = await Promise.all(
      doors.flatMap((door) =>
        Array.from({ length: 50 }, () => door.expect(fetchBundle(account), 'bundle')),
      ),
    )

    const devices = bundles.map((bundle) => bundle.devices[0]!)
    const ids = (kind: (device: wire.DeviceBundle) => number | undefined) =>
      devices
        .map(kind)
        .filter((id) => id !== undefined)
        .sort((a, b) => a - b)
    const tenIds = Array.from({ length: 10 }, (_, index) => index + 1)
    t.same(
      ids((device) => device.oneTimeEc?.id),
      tenIds,
    )
    t.same(
      ids((device) => (device.lastResort ? undefined : device.kyber?.id)),
      tenIds,
    )
    t.equal(devices.filter(({ lastResort }) => lastResort).length, 990)
  },
)

t.test('a prekey that was handed out stays out after a restart', async (t) => {
  const first = await testRelay(t)
  const account = await registeredAccount(first, { oneTime: 2 })
  const before = await TestDoor.open(first.url, 'anonymous')
  await before.expect(fetchBundle(account), 'bundle')
  await first.close()

  const second = await testRelay(t, { folder: first.folder })
  const after = await TestDoor.open(second.url, 'anonymous')
  const bundle = await after.expect(fetchBundle(account), 'bundle')

  t.equal(bundle.devices[0]?.oneTimeEc?.id, 2)
})

t.test('the device hears at its next connection that its last resort went out', async (t) => {
  const relay = await testRelay(t)
  const account = await registeredAccount(relay, { oneTime: 0 })
  const taker = await TestDoor.open(relay.url, 'anonymous')
  await taker.expect(fetchBundle(account), 'bundle')

  const door = await TestDoor.open(relay.url, 'identified')
  await door.authenticate(account)
  const { prekeys } = await door.next('ready')
  const filled = await door.expect(
    { case: 'publishPrekeys', value: account.prekeys({ firstId: 50, oneTime: 3 }) },
    'prekeys',
  )

  t.match(prekeys, { oneTimeKyber: 0, lastResortUsed: true })
  t.match(filled, { oneTimeEc: 3, oneTimeKyber: 3, lastResortUsed: false })
})

t.test('publishing the same stock again changes nothing', async (t) => {
  const relay = await testRelay(t)
  const account = await registeredAccount(relay, { oneTime: 0 })
  const door = await TestDoor.login(relay.url, account)
  const stock = {
    case: 'publishPrekeys',
    value: account.prekeys({ firstId: 2, oneTime: 5 }),
  } as const
  await door.expect(stock, 'prekeys')
  const taker = await TestDoor.open(relay.url, 'anonymous')
  await taker.expect(fetchBundle(account), 'bundle')

  const again = await door.expect(stock, 'prekeys')

  t.match(again, { oneTimeEc: 4, oneTimeKyber: 4 })
})

t.test('a signed prekey that the identity key did not sign is refused', async (t) => {
  const relay = await testRelay(t)
  const account = await registeredAccount(relay)
  const other = await registeredAccount(relay)
  const door = await TestDoor.login(relay.url, account)

  const answer = await door.expect(
    { case: 'publishPrekeys', value: other.prekeys({ firstId: 9 }) },
    'error',
  )

  t.equal(answer.code, wire.ErrorCode.INVALID)
})

t.test('only the devices asked for are drawn from', async (t) => {
  const relay = await testRelay(t)
  const account = await registeredAccount(relay, { oneTime: 2 })
  const taker = await TestDoor.open(relay.url, 'anonymous')
  const { value } = fetchBundle(account)

  const other = await taker.expect(
    { case: 'fetchBundle', value: { ...value, devices: [9] } },
    'bundle',
  )
  const own = await taker.expect(
    { case: 'fetchBundle', value: { ...value, devices: [1] } },
    'bundle',
  )

  t.same(other.devices, [])
  t.equal(own.devices[0]?.oneTimeEc?.id, 1)
})

t.test(
  'from one network address six bundles are full, then they hold the last resort only',
  async (t) => {
    const relay = await testRelay(t, { trustedProxies: ['127.0.0.1'] })
    const account = await registeredAccount(relay, { oneTime: 20 })
    const here = await TestDoor.open(relay.url, 'anonymous', { 'x-forwarded-for': '192.0.2.1' })
    const elsewhere = await TestDoor.open(relay.url, 'anonymous', {
      'x-forwarded-for': '192.0.2.2',
    })
    const [permit] = await permitsOf(relay, await registeredAccount(relay))
    const fetch = fetchBundle(account, keyLeave(account))

    const seven = await Promise.all(Array.from({ length: 7 }, () => here.expect(fetch, 'bundle')))
    const stranger = fetchBundle(account, permitLeave(permit!))
    const other = await elsewhere.expect(stranger, 'bundle')
    relay.clock.advance(10 * 60_000)
    const later = await here.expect(fetch, 'bundle')

    t.same(
      [...seven, other, later].map((bundle) => bundle.devices[0]?.lastResort),
      [false, false, false, false, false, false, true, false, false],
    )
  },
)
