import type { Test } from 'tap'
import { random } from '../harness/test-account.js'
import { list, register, submissionOf, type StoreScene } from './store-scene.js'

/** What every store must do when an account is deleted. */
export function deletionContract(t: Test, scene: StoreScene): void {
  t.test('a deleted account leaves nothing that is found, and its name to others', async (t) => {
    const { store, commits } = scene.begin(t)
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
      const { store, commits } = scene.begin(t)
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
    const at = scene.folder()
    const first = scene.openAt(at)
    const { account, registration } = await register(first.commits)
    await first.commits.change('delete-account', { account })
    await first.store.close()
    const { store, commits } = scene.begin(t, at)

    const again = await commits.change('register', registration)

    t.same(again, { kind: 'conflict' })
    t.equal(await store.findAccount(account), undefined)
  })
}
