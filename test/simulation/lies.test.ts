import t from 'tap'
import { LIES, type Lie } from './lies.js'
import { watchRejections } from './rejections.js'
import { planOf, readPlan, simulate, type PlannedStep } from './simulate.js'

/** A world whose relay may lie. */
const LIARS_SEED = 7
/** A plan of which no step lies, in which everybody meets everybody. */
const HONEST_SEED = 41
const STEPS = 120
/** Certificates have ended, and everybody draws another. */
const LONG_AFTER = readPlan({
  plan: [
    ['sleep for long', 1, 60_000],
    ['start everybody', 1, 60_000],
    ['sleep for long', 2, 60_000],
  ],
})

const rejections: string[] = []
watchRejections((reason) => rejections.push(reason))

for (const lie of LIES) {
  t.test(`a relay that ${lie.name} breaks nothing for good`, async (t) => {
    const plan = [always(lie), ...planOf(HONEST_SEED, STEPS), ...LONG_AFTER]

    const { violations, history } = await simulate({ seed: LIARS_SEED, clients: 3, plan })

    t.same([...violations, ...rejections.splice(0)], [])
    t.ok(history?.lies.includes(lie.name), 'it has told that lie')
    t.equal(history?.afterwards.length, 6, 'everybody wrote to everybody when it was honest again')
  })
}

t.test('a relay that nothing makes lie is an honest one', async (t) => {
  const plan = planOf(HONEST_SEED, STEPS)

  const { violations, history } = await simulate({ seed: LIARS_SEED, clients: 3, plan })

  t.same(violations, [])
  t.same(history?.lies, [])
})

/** From the beginning on, so often that others come through now and then. */
function always(lie: Lie): PlannedStep {
  const kind = {
    ...{ name: lie.name, weight: 0 },
    run: ({ liar }: Parameters<PlannedStep['kind']['run']>[0]) => {
      for (let each = 0; each < 12; each++)
        liar?.arm(lie, { times: 1, skips: each * 25, seed: each })
      return ''
    },
  }
  return { kind, seed: 1, pauseMs: 0 }
}
