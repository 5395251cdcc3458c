import fc from 'fast-check'
import { test } from 'tap'
import {
  Backoff,
  BACKOFF_BASE_MS,
  BACKOFF_MINIMUM_MS_MAX,
  BACKOFF_MS_MAX,
} from '../../src/net/backoff.js'
import { fixedRandom, ManualClock } from './manual-clock.js'

const LARGEST_FRACTION = 1 - Number.EPSILON / 2

function backoffOf(fraction: number): { backoff: Backoff; clock: ManualClock } {
  const clock = new ManualClock()
  return { clock, backoff: new Backoff({ clock, random: fixedRandom(fraction) }) }
}

test('every delay lies between nothing and an exponentially growing, capped ceiling', async (t) => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.integer({ min: 1, max: 40 }),
      (fraction, attempts) => {
        const { backoff } = backoffOf(fraction)
        const delays = Array.from({ length: attempts }, () => backoff.next())
        return delays.every((delayMs, index) => {
          const ceilingMs = Math.min(BACKOFF_MS_MAX, BACKOFF_BASE_MS * 2 ** index)
          return delayMs >= 0 && delayMs <= ceilingMs
        })
      },
    ),
  )
  t.pass('for every fraction and every number of attempts')
})

test('the jitter is full: both ends of the range are reached', async (t) => {
  t.equal(backoffOf(0).backoff.next(), 0)
  t.equal(backoffOf(LARGEST_FRACTION).backoff.next(), BACKOFF_BASE_MS - 1)
})

test('a connection that held five seconds starts the count anew', async (t) => {
  const { backoff, clock } = backoffOf(0.5)
  t.same([backoff.next(), backoff.next(), backoff.next()], [250, 500, 1000])
  backoff.online()
  clock.advance(5_000)
  t.equal(backoff.next(), 250)
})

test('a connection lost just after authenticating does not', async (t) => {
  const { backoff, clock } = backoffOf(0.5)
  t.same([backoff.next(), backoff.next(), backoff.next()], [250, 500, 1000])
  backoff.online()
  clock.advance(4_999)
  t.equal(backoff.next(), 2000)
})

test('what the relay asks for is a minimum, with the jitter on top', async (t) => {
  t.equal(backoffOf(0.5).backoff.next(7_000), 7_250)
})

test('a relay cannot send its clients away for days', async (t) => {
  t.equal(backoffOf(0).backoff.next(0xffffffff), BACKOFF_MINIMUM_MS_MAX)
})
