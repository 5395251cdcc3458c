import t from 'tap'
import { wire } from '@sotto/protocol'
import { Gates } from '../../src/limits/gates.js'
import { DEFAULT_LIMITS, LIMIT_RULES } from '../../src/limits/limits.js'
import type { Origin } from '../../src/limits/network-address.js'
import { DAY_MS, nodeClock } from '../../src/ports.js'
import { random, registeredAccount } from '../harness/test-account.js'
import { TestDoor } from '../harness/test-door.js'
import { testRelay } from '../harness/test-relay.js'

const OPERATOR: Origin = { kind: 'operator' }

function network(last: number): Origin {
  return { kind: 'network', address: `192.0.2.${last}` }
}

function gatesWith(limits: Partial<typeof DEFAULT_LIMITS>) {
  let nowMs = 1_700_000_000_000 - (1_700_000_000_000 % DAY_MS)
  const clock = { ...nodeClock, nowMs: () => nowMs }
  const gates = new Gates({ limits: { ...DEFAULT_LIMITS, ...limits }, clock, random })
  return { gates, advance: (ms: number) => (nowMs += ms) }
}

t.test('the limits are those the design promises, and all of them are told', async (t) => {
  const relay = await testRelay(t)
  const told = (await (await fetch(`${relay.url}/v1/limits`)).json()) as Record<string, number>

  t.match(told, {
    envelopeBytes: 96 * 1024,
    mailboxEnvelopes: 5_000,
    mailboxBytes: 64 * 2 ** 20,
    strangerEnvelopes: 200,
    strangerBytes: 4 * 2 ** 20,
    windowEnvelopes: 256,
    windowBytes: 2 ** 20,
    socketBytes: 256 * 1024,
    retentionDays: 30,
    accountDevices: 8,
    bundleReads: 6,
    bundlePaceMs: 600_000,
    permitBatch: 80,
    addressSignups: 3,
    handshakeMs: 5_000,
    connections: 10_000,
    anonymousMs: 600_000,
  })
  t.same(
    Object.keys(LIMIT_RULES).filter((name) => !(name in told)),
    [],
    'each that can be moved is told',
  )
})

t.test('accounts made in an hour are bounded in all, however many addresses there are', (t) => {
  const { gates } = gatesWith({ signups: 2 })

  const made = [1, 2, 3].map((last) => gates.anySignup(network(last)))

  t.match(made, [{ granted: true }, { granted: true }, { granted: false, retryAfterMs: 1_800_000 }])
  t.same(gates.anySignup(OPERATOR), { granted: true })
  t.end()
})

t.test('the devices of an account change it so often an hour, wherever they are', (t) => {
  const { gates } = gatesWith({ accountChanges: 2 })
  const bob = random(16)

  const made = [1, 2, 3].map((last) => gates.change(network(last), bob))

  t.match(made, [{ granted: true }, { granted: true }, { granted: false, retryAfterMs: 1_800_000 }])
  t.match(gates.change(network(1), random(16)), { granted: true }, 'another account')
  t.end()
})

t.test(
  'a device that changes its account too often is told when to come, and may still delete it',
  async (t) => {
    const relay = await testRelay(t, {
      trustedProxies: ['127.0.0.1'],
      limits: { accountChanges: 1 },
    })
    const bob = await registeredAccount(relay)
    const door = await TestDoor.open(relay.url, 'identified', { 'x-forwarded-for': '192.0.2.4' })
    await door.authenticate(bob)
    await door.next('ready')
    await door.expect({ case: 'drawCertificate', value: {} }, 'certificate')

    const refused = await door.expect({ case: 'drawCertificate', value: {} }, 'error')
    const deleted = await door.ask({ case: 'deleteAccount', value: {} })

    t.equal(refused.code, wire.ErrorCode.RATE_LIMITED)
    t.ok(refused.retryAfterMs > 0 && refused.retryAfterMs <= 3_600_000)
    t.equal(deleted.case, 'done')
  },
)
