import { existsSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { countRows } from '../../src/admin/row-counts.js'
import { makeBackup } from '../../src/backup/make-backup.js'
import { restoreBackup } from '../../src/backup/restore-backup.js'
import { PROGRAM } from '../harness/relay-process.js'
import { random, registeredAccount, submission } from '../harness/test-account.js'
import { TestDoor } from '../harness/test-door.js'
import { testFolder, testRelay } from '../harness/test-relay.js'

const ENVELOPES = 300

/** Runs an admin command and kills it as soon as `isTime`, or lets it end. */
async function killed(args: readonly string[], isTime: () => boolean): Promise<void> {
  const child = spawn(process.execPath, [PROGRAM, 'admin', ...args], { stdio: 'ignore' })
  const ended = once(child, 'close')
  while (child.exitCode === null && !isTime()) await delay(1)
  child.kill('SIGKILL')
  await ended
}

/** A relay with enough in it that copying takes a while. */
async function fullRelay(t: Test) {
  const relay = await testRelay(t)
  const bob = await registeredAccount(relay)
  const sender = await TestDoor.open(relay.url, 'anonymous')
  const submit = () =>
    sender.expect(submission(bob, [bob.envelope({ body: random(65_536) })]), 'submitted')
  await Promise.all(Array.from({ length: ENVELOPES }, submit))
  return { relay, bob, submit }
}

/** Envelopes that a relay has which starts on the folder now. */
async function waitingIn(t: Test, folder: string): Promise<number> {
  const relay = await testRelay(t, { folder })
  await relay.close()
  return Number(countRows(folder)['waitingEnvelopes'])
}

t.test(
  'a backup that is killed is not there, costs the relay nothing, and can be made again',
  async (t) => {
    const { relay, submit } = await fullRelay(t)
    const file = join(testFolder(t), 'backup')

    await killed(['backup', '--data', relay.folder, '--out', file], () =>
      existsSync(`${file}.partial`),
    )
    await submit()

    const again = existsSync(file) ? `${file}-2` : file
    makeBackup({ folder: relay.folder, file: again, withKeys: false, nowMs: 0 })
    await relay.close()
    restoreBackup({ folder: relay.folder, file: again, nowMs: 0, random })
    t.equal(await waitingIn(t, relay.folder), ENVELOPES + 1)
  },
)

const MOMENTS: Readonly<Record<string, (folder: string) => boolean>> = {
  'while it copies': (folder) => existsSync(join(folder, 'relay.db.incoming')),
  'when it keeps what was there': (folder) => existsSync(join(folder, 'replaced.new')),
  'when it is decided': (folder) => existsSync(join(folder, 'relay.db.ready')),
}

for (const [when, isTime] of Object.entries(MOMENTS)) {
  t.test(`a restore that is killed ${when} leaves the old or the new`, async (t) => {
    const { relay, submit } = await fullRelay(t)
    const { folder } = relay
    const file = join(testFolder(t), 'backup')
    makeBackup({ folder, file, withKeys: false, nowMs: 0 })
    await submit()
    await relay.close()

    await killed(['restore', '--data', folder, file], () => isTime(folder))

    const waiting = await waitingIn(t, folder)
    t.ok(waiting === ENVELOPES || waiting === ENVELOPES + 1, `${waiting} wait`)
    restoreBackup({ folder, file, nowMs: 0, random })
    t.equal(await waitingIn(t, folder), ENVELOPES)
  })
}
