import t from 'tap'
import { GroupCommit } from '../../src/store/group-commit.js'
import { MemoryDisk } from '../../src/store/sqlite/memory-disk.js'
import { register, submissionOf } from './store-scene.js'
import { storeContract } from './store.contract.js'

t.test('a store on a disk in memory', async (t) => {
  const disks = new Map<string, MemoryDisk>()
  const diskAt = (folder: string): MemoryDisk => {
    const disk = disks.get(folder) ?? new MemoryDisk()
    disks.set(folder, disk)
    return disk
  }
  let made = 0

  storeContract(t, { open: (at) => diskAt(at).openStore(), folder: () => `disk ${++made}` })
})

t.test('a restored disk is as it was at the backup, in every table', async (t) => {
  const disk = new MemoryDisk()
  const store = disk.openStore()
  const commits = new GroupCommit(store, () => undefined)
  const { mailbox } = await register(commits, { oneTime: 3 })
  await commits.change('submit', submissionOf(mailbox, 2))
  const backup = disk.backUp()
  await commits.change('submit', submissionOf(mailbox, 2))
  await commits.change('acknowledge', { mailbox, seq: 3 })
  await commits.change('begin-epoch', { atLeast: 0 })
  t.notSame(disk.backUp(), backup)

  await store.close()
  disk.restore(backup)

  t.same(disk.backUp(), backup)
  t.same(await disk.openStore().findMailbox(mailbox), { head: 2, acknowledged: 0 })
})
