import fc from 'fast-check'
import { test } from 'tap'
import { parseTimeMs, parseUint64, RelayClock } from '../../src/net/relay-clock.js'

const jump = fc.integer({ min: -86_400_000, max: 86_400_000 })
const steps = fc.array(
  fc.record({ elapsedMs: fc.nat({ max: 60_000 }), jumpMs: fc.option(jump, { nil: 0 }) }),
  { maxLength: 50 },
)

test('what time it is at the relay depends on its word and the time since, however the clock jumps', async (t) => {
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 40 }), steps, (relayMs, steps) => {
      let monotonicMs = 5
      let nowMs = 1_700_000_000_000
      const clock = new RelayClock({
        nowMs: () => nowMs,
        monotonicMs: () => monotonicMs,
        after: () => () => undefined,
      })
      clock.observe(relayMs)
      let elapsedMs = 0
      return steps.every((step) => {
        elapsedMs += step.elapsedMs
        monotonicMs += step.elapsedMs
        nowMs += step.elapsedMs + step.jumpMs
        return clock.nowMs() === relayMs + elapsedMs && clock.skewMs() === nowMs - clock.nowMs()
      })
    }),
  )
  t.pass('for every clock that was tried')
})

test('a number on the wire is exact or refused, and a time can be written down', async (t) => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (value) => {
      const number = numberOr(() => parseUint64(value))
      const timeMs = numberOr(() => parseTimeMs(value))
      if (number !== undefined && BigInt(number) !== value) return false
      return timeMs === undefined || new Date(timeMs).toISOString().length === 24
    }),
  )
  t.pass('for every number that was tried')
})

function numberOr(parse: () => number): number | undefined {
  try {
    return parse()
  } catch (error) {
    if ((error as { readonly code?: string }).code !== 'wire/malformed') throw error
    return undefined
  }
}
