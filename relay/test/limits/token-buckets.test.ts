import fc from 'fast-check'
import t from 'tap'
import { LIMITER_ENTRIES_MAX } from '../../src/limits/bounds.js'
import { TokenBuckets } from '../../src/limits/token-buckets.js'

const options = fc.record({
  burst: fc.integer({ min: 1, max: 20 }),
  paceMs: fc.integer({ min: 1, max: 10_000 }),
})
/** Clocks go back now and then. */
const steps = fc.array(
  fc.record({ afterMs: fc.integer({ min: -2_000, max: 20_000 }), key: fc.nat({ max: 2 }) }),
  { maxLength: 200 },
)

t.test('nobody gets more than the burst and one for every pace of the clock', async (t) => {
  fc.assert(
    fc.property(options, steps, ({ burst, paceMs }, steps) => {
      const buckets = new TokenBuckets({ burst, paceMs })
      const granted = new Map<number, number>()
      let nowMs = 0
      let forwardMs = 0
      for (const { afterMs, key } of steps) {
        nowMs += afterMs
        forwardMs += Math.max(0, afterMs)
        if (buckets.take(String(key), nowMs).granted) granted.set(key, (granted.get(key) ?? 0) + 1)
      }
      const most = burst + forwardMs / paceMs
      return [...granted.values()].every((count) => count <= most + 1e-6)
    }),
  )
  t.pass('for every clock that was tried')
})

t.test('whoever waits as long as they were told is let through', async (t) => {
  fc.assert(
    fc.property(options, steps, ({ burst, paceMs }, steps) => {
      const buckets = new TokenBuckets({ burst, paceMs })
      let nowMs = 0
      for (const { afterMs, key } of steps) {
        nowMs += afterMs
        const permission = buckets.take(String(key), nowMs)
        if (permission.granted) continue
        const { retryAfterMs } = permission
        if (retryAfterMs < 1 || retryAfterMs > paceMs) return false
        nowMs += retryAfterMs
        if (!buckets.take(String(key), nowMs).granted) return false
      }
      return true
    }),
  )
  t.pass('for every clock that was tried')
})

t.test('more keys than are kept cost nobody who came just now their count', async (t) => {
  const buckets = new TokenBuckets({ burst: 1, paceMs: 1_000 })
  for (let key = 0; key <= LIMITER_ENTRIES_MAX; key++) buckets.take(String(key), 0)

  t.notOk(buckets.take(String(LIMITER_ENTRIES_MAX), 0).granted)
  t.ok(buckets.take('0', 0).granted, 'the oldest was forgotten')
})
