import type { Test } from 'tap'
import { random } from '../harness/test-account.js'
import {
  FORGET_DAY,
  forgetKeys,
  list,
  register,
  submissionOf,
  type StoreScene,
} from './store-scene.js'

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
      await commits.change('acknowledge', { mailbox, seq: 5 })
      await commits.change('acknowledge', { mailbox: other.mailbox, seq: 1 })

      const steps = await forgetKeys(commits, { mailbox, max: 2, day: FORGET_DAY })
      const again = await Promise.all(submissions.map((each) => commits.change('submit', each)))
      const known = await commits.change('submit', elsewhere)

      t.ok(steps >= 3)
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
    await commits.change('acknowledge', { mailbox, seq: 40 })
    const before = await list(store, mailbox)

    for (let left = 1; left > 0;) left = await commits.change('shrink', { pages: 2, spare: 1 })

    t.same(await list(store, mailbox), before)
    t.equal(before.length, 10)
  })

  t.test('of what was published before a new epoch no one-time prekey goes out', async (t) => {
    const { commits } = scene.begin(t)
    const owner = { account: (await register(commits)).account, device: 1 }
    const publish = (id: number, replace: boolean) => {
      const prekey = { id, publicKey: random(33), signature: random(64) }
      const stock = { signed: prekey, lastResort: prekey, oneTimeEc: [prekey] }
      return commits.change('publish-prekeys', {
        owner,
        stock: { ...stock, oneTimeKyber: [prekey], replace },
        prekeysMax: 100,
      })
    }
    const take = async () => {
      const { account } = owner
      const taken = await commits.change('take-prekeys', {
        account,
        devices: [],
        lastResortOnly: false,
      })
      if (taken.kind !== 'taken') return undefined
      return taken.devices.map(({ oneTimeEc, kyber, lastResort }) => ({
        oneTimeEc: oneTimeEc?.id,
        kyber: kyber.id,
        lastResort,
      }))
    }
    await publish(10, false)
    await publish(11, false)

    await commits.change('begin-epoch', { atLeast: 0 })
    const none = await take()
    const counts = await publish(12, false)
    const [first, second] = [await take(), await take()]

    t.same(none, [{ oneTimeEc: undefined, kyber: 11, lastResort: true }])
    t.match(counts, { oneTimeEc: 1, oneTimeKyber: 1 })
    t.same(first, [{ oneTimeEc: 12, kyber: 12, lastResort: false }])
    t.same(second, [{ oneTimeEc: undefined, kyber: 12, lastResort: true }])
  })

  t.test(
    'a device that was not seen for so many days goes, and with the last its account',
    async (t) => {
      const { store, commits } = scene.begin(t)
      const idle = await register(commits)
      const seen = await register(commits)
      const hash = random(32)
      await commits.change('set-username', { account: idle.account, hash })
      for (const day of [100, 101, 102]) await commits.change('count-day', { day })
      const owners = [idle, seen].map(({ account }) => ({ account, device: 1 }))
      await commits.change('see-devices', { devices: owners.slice(1) })
      const before = await store.listDevices({ after: undefined, max: 10 })

      const early = await commits.change('expire-device', { owner: owners[0]!, idleDays: 4 })
      const gone = await commits.change('expire-device', { owner: owners[0]!, idleDays: 3 })
      const kept = await commits.change('expire-device', { owner: owners[1]!, idleDays: 3 })

      t.same(before.map(({ idleDays }) => idleDays).sort(), [0, 3])
      t.same([early.closed, gone.closed, kept.closed], [[], [idle.mailbox], []])
      t.equal(await store.findAccount(idle.account), undefined)
      t.equal(await store.findUsername(hash), undefined)
      t.ok(await store.findAccount(seen.account))
      t.equal((await commits.change('submit', submissionOf(idle.mailbox, 1))).kind, 'gone')
    },
  )

  t.test('a clock that leaps a year, and back, counts as a day each time', async (t) => {
    const { commits } = scene.begin(t)
    const first = await commits.change('count-day', { day: 20_000 })
    const again = await commits.change('count-day', { day: 20_000 })
    const leapt = await commits.change('count-day', { day: 20_365 })
    const back = await commits.change('count-day', { day: 20_001 })

    t.same([again - first, leapt - first, back - first], [0, 1, 2])
  })

  t.test('of a mailbox that is gone the rows go a few at a time, and nobody else’s', async (t) => {
    const { store, commits } = scene.begin(t)
    const gone = await register(commits)
    const other = await register(commits)
    const quota = { envelopes: 1_000, bytes: 1e9, strangerEnvelopes: 0, strangerBytes: 0 }
    for (let count = 0; count < 200; count++) {
      await commits.change('submit', { ...submissionOf(gone.mailbox, 1), quota })
    }
    await commits.change('submit', submissionOf(other.mailbox, 2))

    await commits.change('delete-account', { account: gone.account })
    const left = (await list(store, gone.mailbox)).length
    let steps = 0
    while (await commits.change('purge-mailbox', { max: 50 })) steps++

    t.ok(left > 0 && left < 200, 'some go at once')
    t.equal(steps, Math.floor(left / 50) + 1)
    t.same(await list(store, gone.mailbox), [])
    t.equal((await list(store, other.mailbox)).length, 2)
  })
}
