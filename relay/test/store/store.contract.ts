import type { Test } from 'tap'
import { random } from '../harness/test-account.js'
import { deletionContract } from './deletion.contract.js'
import { keysContract } from './keys.contract.js'
import { retentionContract } from './retention.contract.js'
import { mailboxModelContract } from './mailbox-model.contract.js'
import {
  FORGET_DAY,
  forgetKeys,
  list,
  QUOTA,
  register,
  seqs,
  stockOf,
  StoreScene,
  submissionOf,
} from './store-scene.js'

/** What every store must do, whatever it stands on. */
export function storeContract(t: Test, options: ConstructorParameters<typeof StoreScene>[0]): void {
  const scene = new StoreScene(options)
  deletionContract(t, scene)
  retentionContract(t, scene)
  keysContract(t, scene)
  mailboxModelContract(t, scene)

  t.test('an envelope waits under the next seq until it is acknowledged', async (t) => {
    const { store, commits } = scene.begin(t)
    const { mailbox } = await register(commits)

    await commits.change('submit', submissionOf(mailbox, 2))
    const waiting = await list(store, mailbox)
    await commits.change('acknowledge', { mailbox, seq: 1 })

    t.same(seqs(waiting), [1, 2])
    t.same(seqs(await list(store, mailbox)), [2])
    t.same(await store.findMailbox(mailbox), { head: 2, acknowledged: 1 })
  })

  t.test('a seq is never given twice, not even when the mailbox is empty again', async (t) => {
    const at = scene.folder()
    const first = scene.openAt(at)
    const { mailbox } = await register(first.commits)
    await first.commits.change('submit', submissionOf(mailbox, 3))
    await first.commits.change('acknowledge', { mailbox, seq: 3 })
    await first.store.close()
    const { store, commits } = scene.begin(t, at)

    await commits.change('submit', submissionOf(mailbox, 1))

    t.same(seqs(await list(store, mailbox)), [4])
  })

  t.test(
    'a page ends with the first envelope that would not fit, but has at least one',
    async (t) => {
      const { store, commits } = scene.begin(t)
      const { mailbox } = await register(commits)
      await commits.change('submit', submissionOf(mailbox, 3))
      const query = { mailbox, afterSeq: 0, envelopesMax: 9 }

      const one = await store.listWaiting({ ...query, bytesMax: 1 })
      const two = await store.listWaiting({ ...query, bytesMax: 2048 })
      const all = await store.listWaiting({ ...query, bytesMax: 4096 })

      t.same([seqs(one.rows), one.more], [[1], true])
      t.same([seqs(two.rows), two.more], [[1, 2], true])
      t.same([seqs(all.rows), all.more], [[1, 2, 3], false])
    },
  )

  t.test('a key is known after its envelope is gone, until its day', async (t) => {
    const { store, commits } = scene.begin(t)
    const { mailbox } = await register(commits)
    const submission = submissionOf(mailbox, 1)
    await commits.change('submit', submission)
    await commits.change('acknowledge', { mailbox, seq: 1 })

    const known = await commits.change('submit', submission)
    await forgetKeys(commits, { mailbox, max: 10, day: FORGET_DAY - 1 })
    const stillKnown = await commits.change('submit', submission)
    await forgetKeys(commits, { mailbox, max: 10, day: FORGET_DAY })
    await commits.change('submit', submission)

    t.same(known, { kind: 'stored', arrivalMs: 0, placed: [] })
    t.same(stillKnown, known)
    t.same(seqs(await list(store, mailbox)), [2])
  })

  t.test('a full mailbox takes one gap, which counts what was lost', async (t) => {
    const { store, commits } = scene.begin(t)
    const { mailbox } = await register(commits)
    await commits.change('submit', submissionOf(mailbox, QUOTA.envelopes))

    const first = await commits.change('submit', submissionOf(mailbox, 1))
    const second = await commits.change('submit', submissionOf(mailbox, 1))

    t.equal(first.kind, 'full')
    t.equal(second.kind, 'full')
    t.match((await list(store, mailbox)).at(-1), { kind: 'gap', seq: 6, count: 2, reason: 'quota' })
  })

  t.test('nobody finds a mailbox full whose owner has read it', async (t) => {
    const { store, commits } = scene.begin(t)
    const { mailbox } = await register(commits)
    await commits.change('submit', submissionOf(mailbox, QUOTA.envelopes))

    // What was acknowledged lets the others go first, and is done for them all the same.
    const acknowledged = commits.change('acknowledge', { mailbox, seq: 3 })
    const stored = await commits.change('submit', submissionOf(mailbox, 3))
    await acknowledged
    const stranger = { ...submissionOf(mailbox, 1), stranger: true }
    const forgotten = commits.change('acknowledge', { mailbox, seq: 4 })
    const fromStranger = await commits.change('submit', stranger)
    await forgotten

    t.equal(stored.kind, 'stored')
    t.match(fromStranger, { kind: 'stored', placed: [{ row: { kind: 'envelope', seq: 9 } }] })
    t.match(
      (await list(store, mailbox)).map(({ kind, seq }) => [kind, seq]),
      [5, 6, 7, 8, 9].map((seq) => ['envelope', seq]),
    )
    t.match(await store.findMailbox(mailbox), { head: 9, acknowledged: 4 })
    t.equal((await commits.change('submit', submissionOf(mailbox, 1))).kind, 'full')
  })

  t.test('only the acknowledgements of a full mailbox are done before their time', async (t) => {
    const { store, commits } = scene.begin(t)
    const full = await register(commits)
    const other = await register(commits)
    for (const { mailbox } of [full, other])
      await commits.change('submit', submissionOf(mailbox, QUOTA.envelopes))

    const acknowledged = [full, other].map(({ mailbox }) =>
      commits.change('acknowledge', { mailbox, seq: 2 }),
    )
    await commits.change('submit', submissionOf(full.mailbox, 1))
    const meanwhile = await Promise.all(
      [full, other].map(({ mailbox }) => store.findMailbox(mailbox)),
    )
    await Promise.all(acknowledged)

    t.match(meanwhile, [{ acknowledged: 2 }, { acknowledged: 0 }])
    t.match(await store.findMailbox(other.mailbox), { acknowledged: 2 })
  })

  t.test('an envelope that is refused again and again is lost once', async (t) => {
    const { store, commits } = scene.begin(t)
    const { mailbox } = await register(commits)
    await commits.change('submit', submissionOf(mailbox, QUOTA.envelopes))
    const refused = submissionOf(mailbox, 1)

    for (let attempt = 0; attempt < 3; attempt++) {
      t.equal((await commits.change('submit', refused)).kind, 'full')
    }
    await commits.change('close-gaps', { mailbox, seq: 6 })
    await commits.change('submit', refused)

    const gaps = (await list(store, mailbox)).slice(QUOTA.envelopes)
    t.match(gaps, [{ seq: 6, count: 1, reason: 'quota' }])
    t.equal(gaps.length, 1)
  })

  t.test('what was refused is stored once there is room, and then known', async (t) => {
    const { store, commits } = scene.begin(t)
    const { mailbox } = await register(commits)
    await commits.change('submit', submissionOf(mailbox, QUOTA.envelopes))
    const refused = submissionOf(mailbox, 1)
    await commits.change('submit', refused)
    await commits.change('acknowledge', { mailbox, seq: 5 })

    const stored = await commits.change('submit', refused)
    const again = await commits.change('submit', refused)

    t.match(stored, { kind: 'stored', placed: [{ row: { seq: 7 } }] })
    t.match(again, { kind: 'stored', placed: [] })
    t.same(seqs(await list(store, mailbox)), [6, 7])
  })

  t.test('a closed gap counts nothing more', async (t) => {
    const { store, commits } = scene.begin(t)
    const { mailbox } = await register(commits)
    await commits.change('submit', submissionOf(mailbox, QUOTA.envelopes))
    await commits.change('submit', submissionOf(mailbox, 1))

    await commits.change('close-gaps', { mailbox, seq: 6 })
    await commits.change('submit', submissionOf(mailbox, 1))

    const gaps = (await list(store, mailbox)).slice(QUOTA.envelopes)
    t.match(gaps, [
      { seq: 6, count: 1, closed: true },
      { seq: 7, count: 1, closed: false },
    ])
  })

  t.test('strangers fill their slice and no more, and hear nothing of it', async (t) => {
    const { store, commits } = scene.begin(t)
    const { mailbox } = await register(commits)
    const stranger = () => ({ ...submissionOf(mailbox, 1), stranger: true })
    await commits.change('submit', stranger())
    await commits.change('submit', stranger())

    const third = await commits.change('submit', stranger())
    const known = await commits.change('submit', submissionOf(mailbox, 1))

    t.equal(third.kind, 'stored')
    t.equal(known.kind, 'stored')
    const kinds = (await list(store, mailbox)).map((row) => row.kind)
    t.same(kinds, ['envelope', 'envelope', 'gap', 'envelope'])
  })

  t.test('acknowledging gives the room back, the strangers’ too', async (t) => {
    const { commits } = scene.begin(t)
    const { mailbox } = await register(commits)
    await commits.change('submit', { ...submissionOf(mailbox, 2), stranger: true })
    await commits.change('submit', submissionOf(mailbox, 3))

    await commits.change('acknowledge', { mailbox, seq: 5 })

    const strangers = await commits.change('submit', {
      ...submissionOf(mailbox, 2),
      stranger: true,
    })
    const known = await commits.change('submit', submissionOf(mailbox, 3))
    t.match([strangers.kind, known.kind], ['stored', 'stored'])
    t.same(known.kind === 'stored' && known.placed.map(({ row }) => row?.kind), [
      'envelope',
      'envelope',
      'envelope',
    ])
  })

  t.test('what waited too long becomes one gap, and gives its room back', async (t) => {
    const { store, commits } = scene.begin(t)
    const { mailbox } = await register(commits)
    await commits.change('submit', { ...submissionOf(mailbox, 3), arrivalMs: 100 })
    await commits.change('submit', { ...submissionOf(mailbox, 1), arrivalMs: 200 })

    const swept = await commits.change('sweep', { mailbox, beforeMs: 150 })
    const later = await commits.change('sweep', { mailbox, beforeMs: 250 })

    t.same([swept.expired, later.expired], [3, 1])
    t.match(await list(store, mailbox), [{ kind: 'gap', seq: 4, count: 4, reason: 'expired' }])
    const filled = await commits.change('submit', submissionOf(mailbox, 4))
    t.equal(filled.kind === 'stored' && filled.placed.length, 4)
  })

  t.test('an expired envelope is still known by its key', async (t) => {
    const { store, commits } = scene.begin(t)
    const { mailbox } = await register(commits)
    const submission = { ...submissionOf(mailbox, 1), arrivalMs: 100 }
    await commits.change('submit', submission)
    await commits.change('sweep', { mailbox, beforeMs: 150 })

    const again = await commits.change('submit', submission)

    t.same(again, { kind: 'stored', arrivalMs: 0, placed: [] })
    t.equal((await list(store, mailbox)).length, 1)
  })

  t.test('one operation that breaks does not harm those beside it', async (t) => {
    const { store, commits } = scene.begin(t)
    const { mailbox } = await register(commits)

    const outcomes = await store.apply([
      { name: 'submit', input: submissionOf(mailbox, 1) },
      { name: 'acknowledge', input: { mailbox, seq: 99 } },
      { name: 'submit', input: submissionOf(mailbox, 1) },
    ])
    const asked = commits.change('acknowledge', { mailbox, seq: 99 })

    t.match(outcomes, [{ kind: 'done' }, { kind: 'failed' }, { kind: 'done' }])
    await t.rejects(asked, { code: 'bug/invariant' })
    t.same(seqs(await list(store, mailbox)), [1, 2])
  })

  t.test('what was refused beside an operation that breaks is lost, and told, once', async (t) => {
    const { store, commits } = scene.begin(t)
    const { mailbox } = await register(commits)
    await commits.change('submit', submissionOf(mailbox, QUOTA.envelopes))

    const broken = { mailbox, seq: 99 }
    const outcomes = await store.apply([
      { name: 'submit', input: submissionOf(mailbox, 1) },
      { name: 'acknowledge', input: broken },
    ])
    const later = await store.apply([{ name: 'submit', input: submissionOf(mailbox, 1) }], [broken])

    t.match(outcomes, [{ kind: 'done', output: { kind: 'full' } }, { kind: 'failed' }])
    t.match(later, [{ kind: 'done', output: { kind: 'full' } }], 'nor beside one that is to come')
    t.match((await list(store, mailbox)).at(-1), { kind: 'gap', seq: 6, count: 2 })
  })

  t.test('one-time prekeys go out once each, in the order of their ids', async (t) => {
    const { commits } = scene.begin(t)
    const { account } = await register(commits, { oneTime: 2 })
    const take = () =>
      commits.change('take-prekeys', { account, devices: [], lastResortOnly: false })

    const taken = [await take(), await take(), await take()]

    const devices = taken.map((each) => (each.kind === 'taken' ? each.devices[0] : undefined))
    t.same(
      devices.map((device) => device?.oneTimeEc?.id),
      [1, 2, undefined],
    )
    t.same(
      devices.map((device) => device?.lastResort),
      [false, false, true],
    )
  })

  t.test('prekeys at or below an id that was published before are ignored', async (t) => {
    const { store, commits } = scene.begin(t)
    const { account } = await register(commits, { oneTime: 3 })
    const owner = { account, device: 1 }
    await commits.change('take-prekeys', { account, devices: [], lastResortOnly: false })

    await commits.change('publish-prekeys', { owner, stock: stockOf(1, 4), prekeysMax: 100 })

    t.match(await store.countPrekeys(owner), { oneTimeEc: 3, oneTimeKyber: 3 })
  })

  t.test(
    'replacing a stock forgets what is not in the new one, twice as well as once',
    async (t) => {
      const { store, commits } = scene.begin(t)
      const { account } = await register(commits, { oneTime: 5 })
      const owner = { account, device: 1 }
      const stock = { ...stockOf(10, 2), replace: true }

      await commits.change('publish-prekeys', { owner, stock, prekeysMax: 100 })
      await commits.change('publish-prekeys', { owner, stock, prekeysMax: 100 })

      t.match(await store.countPrekeys(owner), { oneTimeEc: 2, oneTimeKyber: 2 })
    },
  )

  t.test('a username has one owner, who can give it up', async (t) => {
    const { store, commits } = scene.begin(t)
    const alice = await register(commits)
    const bob = await register(commits)
    const hash = random(32)

    const taken = await commits.change('set-username', { account: alice.account, hash })
    const refused = await commits.change('set-username', { account: bob.account, hash })
    await commits.change('set-username', { account: alice.account, hash: undefined })
    const free = await commits.change('set-username', { account: bob.account, hash })

    t.same([taken, refused, free], ['done', 'conflict', 'done'])
    t.same(new Uint8Array((await store.findUsername(hash))!), bob.account)
  })

  t.test('a device that leaves the manifest takes its mailbox with it', async (t) => {
    const { store, commits } = scene.begin(t)
    const { account, mailbox, manifest, device } = await register(commits)
    const second = { ...device, device: 2, mailbox: random(16) }
    const next = { ...manifest, version: 2, hash: random(32) }

    const published = await commits.change('publish-manifest', {
      account,
      manifest: next,
      previousHash: manifest.hash,
      devices: [second],
    })

    t.same(published, { kind: 'published', closed: [mailbox] })
    t.equal(await store.findMailbox(mailbox), undefined)
    t.equal(await store.findDevice({ account, device: 1 }), undefined)
    t.same(await store.findMailbox(second.mailbox), { head: 0, acknowledged: 0 })
  })

  t.test('a route is read anew after the access key has changed', async (t) => {
    const { store, commits } = scene.begin(t)
    const { account, route } = await register(commits)
    await store.findRoute(route)
    const current = random(16)

    await commits.change('set-access-key', { account, current, previous: random(16) })

    t.same(new Uint8Array((await store.findRoute(route))!.accessKey), current)
  })

  t.test(
    'a new epoch is at least one more than the last and what was asked for, and stays',
    async (t) => {
      const at = scene.folder()
      const { store, commits } = scene.openAt(at)
      const before = await store.epoch()

      t.equal(await commits.change('begin-epoch', { atLeast: 0 }), before + 1)
      await commits.change('begin-epoch', { atLeast: 2 ** 52 })
      await store.close()

      t.equal(await scene.begin(t, at).store.epoch(), 2 ** 52)
    },
  )
}
