import type { Bytes } from '@sotto/protocol'
import type { Test } from 'tap'
import type { ChangeName, Changes, Outcome } from '../../src/store/port.js'
import { list, QUOTA, register, seqs, submissionOf, type StoreScene } from './store-scene.js'

/** What every store must know of idempotency keys. */
export function keysContract(t: Test, scene: StoreScene): void {
  t.test('a known key stores nothing and tells when its envelope came', async (t) => {
    const { store, commits } = scene.begin(t)
    const { mailbox } = await register(commits)
    const submission = { ...submissionOf(mailbox, 1), arrivalMs: 111 }
    await commits.change('submit', submission)

    const again = await commits.change('submit', { ...submission, arrivalMs: 222 })

    t.same(again, { kind: 'stored', arrivalMs: 111, placed: [] })
    t.same(seqs(await list(store, mailbox)), [1])
  })

  t.test(
    'keys are known after a restart, whenever they came and whatever became of them',
    async (t) => {
      const at = scene.folder()
      const first = scene.openAt(at)
      const { mailbox } = await register(first.commits)
      await first.store.close()
      const submissions = Array.from({ length: 12 }, () => ({
        ...submissionOf(mailbox, 1),
        quota: { ...QUOTA, envelopes: 100 },
      }))
      for (const [index, submission] of submissions.entries()) {
        const { store, commits } = scene.openAt(at)
        const stored = await commits.change('submit', submission)
        t.match(stored, { placed: [{ row: { seq: index + 1 } }] })
        if (index === 5) await commits.change('acknowledge', { mailbox, seq: 3 })
        await store.close()
      }
      const { commits } = scene.begin(t, at)

      const again = await Promise.all(submissions.map((each) => commits.change('submit', each)))

      t.same(
        again,
        submissions.map(({ arrivalMs }, index) => ({
          ...{ kind: 'stored', placed: [] },
          arrivalMs: index < 3 ? 0 : arrivalMs,
        })),
      )
    },
  )

  t.test('a key beside an operation that breaks is known', async (t) => {
    const { store, commits } = scene.begin(t)
    const { mailbox } = await register(commits)
    const [first, second, third] = [1, 2, 3].map(() => submissionOf(mailbox, 1))
    await commits.change('submit', first!)

    await store.apply([
      { name: 'submit', input: second! },
      { name: 'acknowledge', input: { mailbox, seq: 99 } },
      { name: 'submit', input: third! },
    ])

    for (const each of [first!, second!, third!])
      t.match(await commits.change('submit', each), { kind: 'stored', placed: [] })
    t.same(seqs(await list(store, mailbox)), [1, 2, 3])
  })

  t.test('keys are forgotten beside submissions that never cease', async (t) => {
    const { store, commits } = scene.begin(t)
    const { mailbox } = await register(commits)
    const quota = { ...QUOTA, envelopes: 1_000 }
    const submission = (forgetDay: number) => ({ ...submissionOf(mailbox, 1), forgetDay, quota })
    for (let day = 1; day <= 10; day++) await commits.change('submit', submission(day))
    const beside = () => ({ name: 'submit', input: submission(99) }) as const
    let steps = 0

    for (let more = true; more && steps < 40; steps++) {
      const file = { name: 'file-keys', input: { max: 2 } } as const
      const [, filed] = await store.apply([beside(), file, beside()])
      more = outputOf<'file-keys'>(filed)
    }
    for (let after: Bytes | undefined, more = true; more && steps < 40; steps++) {
      const forget = { name: 'forget-keys', input: { mailbox, after, max: 50, day: 5 } } as const
      const [, forgotten] = await store.apply([beside(), forget, beside()])
      after = outputOf<'forget-keys'>(forgotten).next
      more = after !== undefined
    }

    t.ok(steps < 40, `it ended, after ${String(steps)} steps`)
  })
}

function outputOf<Name extends ChangeName>(outcome: Outcome | undefined): Changes[Name]['output'] {
  if (outcome?.kind !== 'done') throw new Error('it failed')
  return outcome.output
}
