import type { MessageId } from '@sotto/protocol'
import { test } from 'tap'
import { Signal } from '../src/signal.js'
import { ManualClock } from './net/manual-clock.js'
import { NOW_MS } from './support/world.js'

const [ONE, OTHER] = ['m_one', 'm_other'] as [MessageId, MessageId]

/** Who of those that wait has been woken, by what they wait for. */
function waiting(...waits: readonly (readonly MessageId[] | undefined)[]) {
  const clock = new ManualClock(NOW_MS)
  const signal = new Signal()
  const woken: (readonly MessageId[] | undefined)[] = []
  for (const messages of waits)
    void signal.nextWithin(1000, clock, messages).then(() => woken.push(messages))
  const settled = async () => {
    await new Promise((resolve) => setImmediate(resolve))
    return woken
  }
  return { clock, signal, settled }
}

test('what concerns some messages wakes those who wait for them, and for anything', async (t) => {
  const { signal, settled } = waiting([ONE], [OTHER], [ONE, OTHER], [], undefined)
  signal.fire([ONE])
  t.same(await settled(), [[ONE], [ONE, OTHER], undefined])
  signal.fire([])
  t.equal((await settled()).length, 3)
  signal.fire()
  t.same((await settled()).slice(3), [[OTHER], []])
})

test('who waits is woken once, and when the time is over', async (t) => {
  const { clock, signal, settled } = waiting([ONE], [OTHER])
  signal.fire([ONE])
  signal.fire([ONE])
  t.same(await settled(), [[ONE]])
  clock.advance(1000)
  t.same(await settled(), [[ONE], [OTHER]])
  signal.fire()
  t.equal((await settled()).length, 2)
})
