import t from 'tap'
import { LIMITER_ENTRIES_MAX } from '../../src/limits/bounds.js'
import { AddressKeys, originOf, type Request } from '../../src/limits/network-address.js'
import { TokenBuckets } from '../../src/limits/token-buckets.js'
import { DAY_MS, nodeClock } from '../../src/ports.js'
import { random } from '../harness/test-account.js'

function requestFrom(remoteAddress: string, forwardedFor?: string): Request {
  return {
    socket: { remoteAddress },
    headers: forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor },
  }
}

const NONE: ReadonlySet<string> = new Set()

t.test('a bucket gives its burst, then one for every pace that has passed', async (t) => {
  const buckets = new TokenBuckets({ burst: 2, paceMs: 100 })
  const granted = [0, 0, 0, 99, 100, 100].map((nowMs) => buckets.take('a', nowMs).granted)

  t.same(granted, [true, true, false, false, true, false])
})

t.test('a refusal says how long it lasts', async (t) => {
  const buckets = new TokenBuckets({ burst: 1, paceMs: 100 })
  buckets.take('a', 0)

  t.same(buckets.take('a', 40), { granted: false, retryAfterMs: 60 })
})

t.test('a clock that goes backwards gives nothing away', async (t) => {
  const buckets = new TokenBuckets({ burst: 1, paceMs: 100 })
  buckets.take('a', 1_000)

  t.equal(buckets.take('a', 0).granted, false)
})

t.test('more keys than the limiter remembers push out the oldest only', async (t) => {
  const buckets = new TokenBuckets({ burst: 1, paceMs: 1_000_000 })
  buckets.take('oldest', 0)
  buckets.take('newer', 0)
  for (let index = 0; index < LIMITER_ENTRIES_MAX - 1; index++) buckets.take(String(index), 0)

  t.equal(buckets.take('newer', 0).granted, false)
  t.equal(buckets.take('oldest', 0).granted, true)
})

t.test('loopback is the operator unless it forwards, everything else a network', async (t) => {
  t.same(originOf(requestFrom('127.0.0.1'), NONE), { kind: 'operator' })
  t.same(originOf(requestFrom('::1'), NONE), { kind: 'operator' })
  t.same(originOf(requestFrom('::ffff:127.0.0.1'), NONE), { kind: 'operator' })
  t.same(originOf(requestFrom('127.0.0.1', '192.0.2.1'), NONE), {
    kind: 'network',
    address: '127.0.0.1',
  })
  t.same(originOf(requestFrom('192.0.2.1', '127.0.0.1'), NONE), {
    kind: 'network',
    address: '192.0.2.1',
  })
})

t.test('of forwarded addresses the last that is no proxy of ours counts', async (t) => {
  const proxies = new Set(['127.0.0.1', '10.0.0.1'])
  const origin = originOf(requestFrom('127.0.0.1', '1.2.3.4, 192.0.2.5, 10.0.0.1'), proxies)

  t.same(origin, { kind: 'network', address: '192.0.2.5' })
  t.same(originOf(requestFrom('127.0.0.1'), proxies), { kind: 'network', address: '' })
})

t.test('an IPv6 network is its first 64 bits, however they are written', async (t) => {
  const addresses = ['2001:db8:0:7::1', '2001:db8:0:7:ffff::9', '2001:db8:0:7:1:2:3:4']

  t.same(
    addresses.map((address) => originOf(requestFrom(address), NONE)),
    Array(3).fill({ kind: 'network', address: '2001:db8:0:7' }),
  )
  t.same(originOf(requestFrom('2001:db8::1'), NONE), { kind: 'network', address: '2001:db8:0:0' })
})

t.test('an address that a proxy writes in another form is the same network', async (t) => {
  const proxies = new Set(['10.0.0.1'])
  const written = ['2001:db8:0:7::1', '2001:0DB8::0007:0:0:0:9', '2001:db8:0:7::1.2.3.4']

  t.same(
    written.map((address) => originOf(requestFrom('10.0.0.1', address), proxies)),
    Array(3).fill({ kind: 'network', address: '2001:db8:0:7' }),
  )
  t.same(originOf(requestFrom('10.0.0.1', '::FFFF:192.0.2.7'), proxies), {
    kind: 'network',
    address: '192.0.2.7',
  })
})

t.test('an address has another name tomorrow', async (t) => {
  let nowMs = 0
  const keys = new AddressKeys({ clock: { ...nodeClock, nowMs: () => nowMs }, random })
  const today = keys.keyOf('192.0.2.1')
  const again = keys.keyOf('192.0.2.1')
  nowMs += DAY_MS

  t.equal(again, today)
  t.not(keys.keyOf('192.0.2.1'), today)
})
