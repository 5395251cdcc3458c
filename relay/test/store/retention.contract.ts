import type { Test } from 'tap'
import { list, register, submissionOf, type StoreScene } from './store-scene.js'

/** What every store must do to become smaller. */
export function retentionContract(t: Test, scene: StoreScene): void {
  t.test(
    'keys are forgotten a few at a time, each mailbox’s own, until none is left',
    async (t) => {
      const { commits } = scene.begin(t)
      const { mailbox } = await register(commits)
      const other = await register(commits)
      const submissions = [1, 2, 3, 4, 5].map(() => submissionOf(mailbox, 1))
      for (const submission of submissions) await commits.change('submit', submission)
      const elsewhere = submissionOf(other.mailbox, 1)
      await commits.change('submit', elsewhere)
      await commits.change('acknowledge', { mailbox, seq: 5, forgetDay: 44 })
      await commits.change('acknowledge', { mailbox: other.mailbox, seq: 1, forgetDay: 44 })
      const step = { mailbox, max: 2, day: 44 }

      const first = await commits.change('forget-keys', { ...step, after: undefined })
      const second = await commits.change('forget-keys', { ...step, after: first.last })
      const third = await commits.change('forget-keys', { ...step, after: second.last })
      const again = await Promise.all(submissions.map((each) => commits.change('submit', each)))
      const known = await commits.change('submit', elsewhere)

      t.ok(first.last !== undefined && second.last !== undefined)
      t.equal(third.last, undefined)
      t.same(
        again.map((outcome) => outcome.kind === 'stored' && outcome.placed.length),
        [1, 1, 1, 1, 1],
        'each is new again',
      )
      t.match(known, { kind: 'stored', arrivalMs: 0 })
    },
  )

  t.test('what is left after room was given back is what was there', async (t) => {
    const { store, commits } = scene.begin(t)
    const { mailbox } = await register(commits)
    const room = { envelopes: 100, bytes: 1e9, strangerEnvelopes: 0, strangerBytes: 0 }
    for (let count = 0; count < 50; count++) {
      await commits.change('submit', { ...submissionOf(mailbox, 1), quota: room })
    }
    await commits.change('acknowledge', { mailbox, seq: 40, forgetDay: 44 })
    const before = await list(store, mailbox)

    for (let left = 1; left > 0;) left = await commits.change('shrink', { pages: 2, spare: 1 })

    t.same(await list(store, mailbox), before)
    t.equal(before.length, 10)
  })
}
