import type { Test } from 'tap'
import type { Bytes } from '@sotto/protocol'
import { GroupCommit } from '../../src/store/group-commit.js'
import type { Changes, Store, Submission, Waiting } from '../../src/store/port.js'
import { random } from '../harness/test-account.js'

/** Opens the store of `folder`; the same folder opened again holds what was committed. */
export type OpenStore = (folder: string) => Store

interface Opened {
  readonly store: Store
  readonly commits: GroupCommit
}

const QUOTA = { envelopes: 5, bytes: 64 * 1024, strangerEnvelopes: 2, strangerBytes: 16 * 1024 }

/** What every store must do, whatever it stands on. */
export function storeContract(
  t: Test,
  { open, folder }: { readonly open: OpenStore; readonly folder: () => string },
): void {
  const openAt = (at: string): Opened => {
    const store = open(at)
    return { store, commits: new GroupCommit(store, () => undefined) }
  }
  const begin = (t: Test, at = folder()): Opened => {
    const opened = openAt(at)
    t.teardown(() => opened.store.close())
    return opened
  }

  t.test('an envelope waits under the next seq until it is acknowledged', async (t) => {
    const { store, commits } = begin(t)
    const { mailbox } = await register(commits)

    await commits.change('submit', submissionOf(mailbox, 2))
    const waiting = await list(store, mailbox)
    await commits.change('acknowledge', { mailbox, seq: 1, forgetDay: 1 })

    t.same(seqs(waiting), [1, 2])
    t.same(seqs(await list(store, mailbox)), [2])
    t.same(await store.findMailbox(mailbox), { head: 2, acknowledged: 1 })
  })

  t.test('a seq is never given twice, not even when the mailbox is empty again', async (t) => {
    const at = folder()
    const first = openAt(at)
    const { mailbox } = await register(first.commits)
    await first.commits.change('submit', submissionOf(mailbox, 3))
    await first.commits.change('acknowledge', { mailbox, seq: 3, forgetDay: 1 })
    await first.store.close()
    const { store, commits } = begin(t, at)

    await commits.change('submit', submissionOf(mailbox, 1))

    t.same(seqs(await list(store, mailbox)), [4])
  })

  t.test(
    'a page ends with the first envelope that would not fit, but has at least one',
    async (t) => {
      const { store, commits } = begin(t)
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

  t.test('a known key stores nothing and tells when its envelope came', async (t) => {
    const { store, commits } = begin(t)
    const { mailbox } = await register(commits)
    const submission = { ...submissionOf(mailbox, 1), arrivalMs: 111 }
    await commits.change('submit', submission)

    const again = await commits.change('submit', { ...submission, arrivalMs: 222 })

    t.same(again, { kind: 'stored', arrivalMs: 111, placed: [] })
    t.same(seqs(await list(store, mailbox)), [1])
  })

  t.test('a key is known after its envelope is gone, until its day', async (t) => {
    const { store, commits } = begin(t)
    const { mailbox } = await register(commits)
    const submission = submissionOf(mailbox, 1)
    await commits.change('submit', submission)
    await commits.change('acknowledge', { mailbox, seq: 1, forgetDay: 44 })

    const known = await commits.change('submit', submission)
    await commits.change('sweep', { mailbox, beforeMs: 0, day: 43, forgetDay: 44 })
    const stillKnown = await commits.change('submit', submission)
    await commits.change('sweep', { mailbox, beforeMs: 0, day: 44, forgetDay: 44 })
    await commits.change('submit', submission)

    t.same(known, { kind: 'stored', arrivalMs: 0, placed: [] })
    t.same(stillKnown, known)
    t.same(seqs(await list(store, mailbox)), [2])
  })

  t.test('a full mailbox takes one gap, which counts what was lost', async (t) => {
    const { store, commits } = begin(t)
    const { mailbox } = await register(commits)
    await commits.change('submit', submissionOf(mailbox, QUOTA.envelopes))

    const first = await commits.change('submit', submissionOf(mailbox, 1))
    const second = await commits.change('submit', submissionOf(mailbox, 1))

    t.equal(first.kind, 'full')
    t.equal(second.kind, 'full')
    t.match((await list(store, mailbox)).at(-1), { kind: 'gap', seq: 6, count: 2, reason: 'quota' })
  })

  t.test('a closed gap counts nothing more', async (t) => {
    const { store, commits } = begin(t)
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
    const { store, commits } = begin(t)
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
    const { commits } = begin(t)
    const { mailbox } = await register(commits)
    await commits.change('submit', { ...submissionOf(mailbox, 2), stranger: true })
    await commits.change('submit', submissionOf(mailbox, 3))

    await commits.change('acknowledge', { mailbox, seq: 5, forgetDay: 1 })

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
    const { store, commits } = begin(t)
    const { mailbox } = await register(commits)
    await commits.change('submit', { ...submissionOf(mailbox, 3), arrivalMs: 100 })
    await commits.change('submit', { ...submissionOf(mailbox, 1), arrivalMs: 200 })

    const swept = await commits.change('sweep', { mailbox, beforeMs: 150, day: 0, forgetDay: 44 })
    const later = await commits.change('sweep', { mailbox, beforeMs: 250, day: 0, forgetDay: 44 })

    t.same([swept.expired, later.expired], [3, 1])
    t.match(await list(store, mailbox), [{ kind: 'gap', seq: 4, count: 4, reason: 'expired' }])
    const filled = await commits.change('submit', submissionOf(mailbox, 4))
    t.equal(filled.kind === 'stored' && filled.placed.length, 4)
  })

  t.test('an expired envelope is still known by its key', async (t) => {
    const { store, commits } = begin(t)
    const { mailbox } = await register(commits)
    const submission = { ...submissionOf(mailbox, 1), arrivalMs: 100 }
    await commits.change('submit', submission)
    await commits.change('sweep', { mailbox, beforeMs: 150, day: 0, forgetDay: 44 })

    const again = await commits.change('submit', submission)

    t.same(again, { kind: 'stored', arrivalMs: 0, placed: [] })
    t.equal((await list(store, mailbox)).length, 1)
  })

  t.test('one operation that breaks does not harm those beside it', async (t) => {
    const { store, commits } = begin(t)
    const { mailbox } = await register(commits)

    const [before, broken, after] = await Promise.allSettled([
      commits.change('submit', submissionOf(mailbox, 1)),
      commits.change('acknowledge', { mailbox, seq: 99, forgetDay: 1 }),
      commits.change('submit', submissionOf(mailbox, 1)),
    ])

    t.same([before.status, broken.status, after.status], ['fulfilled', 'rejected', 'fulfilled'])
    t.same(seqs(await list(store, mailbox)), [1, 2])
  })

  t.test('one-time prekeys go out once each, in the order of their ids', async (t) => {
    const { commits } = begin(t)
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
    const { store, commits } = begin(t)
    const { account } = await register(commits, { oneTime: 3 })
    const owner = { account, device: 1 }
    await commits.change('take-prekeys', { account, devices: [], lastResortOnly: false })

    await commits.change('publish-prekeys', { owner, stock: stockOf(1, 4), prekeysMax: 100 })

    t.match(await store.countPrekeys(owner), { oneTimeEc: 3, oneTimeKyber: 3 })
  })

  t.test(
    'replacing a stock forgets what is not in the new one, twice as well as once',
    async (t) => {
      const { store, commits } = begin(t)
      const { account } = await register(commits, { oneTime: 5 })
      const owner = { account, device: 1 }
      const stock = { ...stockOf(10, 2), replace: true }

      await commits.change('publish-prekeys', { owner, stock, prekeysMax: 100 })
      await commits.change('publish-prekeys', { owner, stock, prekeysMax: 100 })

      t.match(await store.countPrekeys(owner), { oneTimeEc: 2, oneTimeKyber: 2 })
    },
  )

  t.test('a username has one owner, who can give it up', async (t) => {
    const { store, commits } = begin(t)
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
    const { store, commits } = begin(t)
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

  t.test('a deleted account leaves nothing that is found, and its name to others', async (t) => {
    const { store, commits } = begin(t)
    const { account, route, mailbox } = await register(commits, { oneTime: 2 })
    const bob = await register(commits)
    const hash = random(32)
    await commits.change('set-username', { account, hash })
    await commits.change('submit', submissionOf(mailbox, 2))
    await store.findRoute(route)

    const deleted = await commits.change('delete-account', { account })
    const taken = await commits.change('set-username', { account: bob.account, hash })

    t.same(deleted, { closed: [mailbox] })
    t.equal(await store.findRoute(route), undefined)
    t.equal(await store.findAccount(account), undefined)
    t.equal(await store.findDevice({ account, device: 1 }), undefined)
    t.equal(await store.findMailbox(mailbox), undefined)
    t.same(await list(store, mailbox), [])
    t.match(await store.countPrekeys({ account, device: 1 }), { oneTimeEc: 0, oneTimeKyber: 0 })
    t.equal((await commits.change('submit', submissionOf(mailbox, 1))).kind, 'gone')
    const taking = { account, devices: [], lastResortOnly: false }
    t.same(await commits.change('take-prekeys', taking), { kind: 'unknown' })
    t.equal(taken, 'done')
  })

  t.test(
    'an account is deleted twice as well as once, and beside what it still asked',
    async (t) => {
      const { store, commits } = begin(t)
      const { account } = await register(commits)
      const hash = random(32)

      const [first, second, named] = await Promise.all([
        commits.change('delete-account', { account }),
        commits.change('delete-account', { account }),
        commits.change('set-username', { account, hash }),
      ])

      t.equal(first.closed.length, 1)
      t.same(second, { closed: [] })
      t.equal(named, 'conflict')
      t.equal(await store.findUsername(hash), undefined)
    },
  )

  t.test('a deleted account cannot be registered again, not even as it was', async (t) => {
    const at = folder()
    const first = openAt(at)
    const { account, registration } = await register(first.commits)
    await first.commits.change('delete-account', { account })
    await first.store.close()
    const { store, commits } = begin(t, at)

    const again = await commits.change('register', registration)

    t.same(again, { kind: 'conflict' })
    t.equal(await store.findAccount(account), undefined)
  })

  t.test('a route is read anew after the access key has changed', async (t) => {
    const { store, commits } = begin(t)
    const { account, route } = await register(commits)
    await store.findRoute(route)
    const current = random(16)

    await commits.change('set-access-key', { account, current, previous: random(16) })

    t.same(new Uint8Array((await store.findRoute(route))!.accessKey), current)
  })

  t.test('a new epoch is one more than the last, and stays', async (t) => {
    const at = folder()
    const { store, commits } = openAt(at)
    const before = await store.epoch()

    await commits.change('begin-epoch', {})
    await store.close()

    t.equal(await begin(t, at).store.epoch(), before + 1)
  })
}

export function submissionOf(mailbox: Bytes, envelopes: number): Submission {
  return {
    envelopes: Array.from({ length: envelopes }, () => ({
      mailbox,
      key: random(16),
      body: random(1024),
    })),
    stranger: false,
    arrivalMs: 1_000,
    quota: QUOTA,
  }
}

/** A registered account with one device. */
export async function register(commits: GroupCommit, options: { readonly oneTime?: number } = {}) {
  const device = { device: 1, registrationId: 5, deviceKey: random(32), mailbox: random(16) }
  const manifest = { version: 1, manifest: random(100), signature: random(64), hash: random(32) }
  const input: Changes['register']['input'] = {
    account: random(16),
    identityKey: random(33),
    manifest,
    device,
    route: random(16),
    accessKey: random(16),
    usernameHash: undefined,
    prekeys: stockOf(1, options.oneTime ?? 0),
    prekeysMax: 100,
    day: 0,
  }
  await commits.change('register', input)
  const { account, route } = input
  return { account, route, mailbox: device.mailbox, device, manifest, registration: input }
}

function stockOf(firstId: number, oneTime: number) {
  const key = (id: number) => ({ id, publicKey: random(33), signature: random(64) })
  const ids = Array.from({ length: oneTime }, (_, index) => firstId + index)
  return {
    signed: key(firstId),
    lastResort: key(firstId),
    oneTimeEc: ids.map(key),
    oneTimeKyber: ids.map(key),
    replace: false,
  }
}

async function list(store: Store, mailbox: Bytes): Promise<readonly Waiting[]> {
  const query = { mailbox, afterSeq: 0, envelopesMax: 1000, bytesMax: 2 ** 30 }
  return (await store.listWaiting(query)).rows
}

function seqs(rows: readonly Waiting[]): number[] {
  return rows.map((row) => row.seq)
}
