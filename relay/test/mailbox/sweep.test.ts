import { statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { wire } from '@sotto/protocol'
import { DAY_MS } from '../../src/ports.js'
import { random, registeredAccount, submission } from '../harness/test-account.js'
import { TestDoor } from '../harness/test-door.js'
import { recordingLog, testRelay } from '../harness/test-relay.js'
import { SHRINK_SPARE_PAGES } from '../../src/limits/bounds.js'

const PAGE_BYTES = 4_096
const ENVELOPES = 320
const BODY_BYTES = 65_536

t.test('after a flood that was fetched the database is small again', async (t) => {
  const relay = await testRelay(t)
  const bob = await registeredAccount(relay)
  const sizeOf = async (): Promise<number> => {
    await relay.sweep()
    return statSync(join(relay.folder, 'relay.db')).size
  }
  const before = await sizeOf()
  const sender = await TestDoor.open(relay.url, 'anonymous')
  for (let count = 0; count < ENVELOPES; count++) {
    await sender.expect(submission(bob, [bob.envelope({ body: random(BODY_BYTES) })]), 'submitted')
  }
  const flooded = await sizeOf()
  const receiver = await TestDoor.login(relay.url, bob)
  for (let seq = 1; seq <= ENVELOPES; seq++) {
    receiver.acknowledge((await receiver.next('deliver')).seq)
  }
  await receiver.close()
  await relay.sweep()
  await relay.close()
  const after = statSync(join(relay.folder, 'relay.db')).size

  t.ok(before < 0.2 * ENVELOPES * BODY_BYTES)
  t.ok(flooded > 0.5 * ENVELOPES * BODY_BYTES, `${flooded} bytes`)
  t.ok(after < before + (SHRINK_SPARE_PAGES + 100) * PAGE_BYTES, `${after} bytes of ${flooded}`)
})

t.test(
  'who is connected or comes now and then stays; who does not is gone after so many days',
  async (t) => {
    const { log, events } = recordingLog()
    const relay = await testRelay(t, { log, limits: { idleDays: 3 } })
    const [present, visiting, gone] = [
      await registeredAccount(relay),
      await registeredAccount(relay),
      await registeredAccount(relay),
    ]
    const here = await TestDoor.login(relay.url, present)
    await relay.sweep()
    for (let day = 0; day < 4; day++) {
      relay.clock.advance(DAY_MS)
      await (await TestDoor.login(relay.url, visiting)).close()
      await relay.sweep()
    }

    const back = await TestDoor.open(relay.url, 'identified')
    await back.authenticate(gone)
    const answer = await back.next('error')
    await TestDoor.login(relay.url, visiting)
    const drawn = await here.ask({ case: 'drawCertificate', value: {} })

    t.equal(answer.code, wire.ErrorCode.UNAUTHENTICATED)
    t.equal(drawn.case, 'certificate', 'who never left is served on')
    t.same(
      events.filter(({ event }) => event === 'devices.expired').map(({ fields }) => fields),
      [{ devices: 1 }],
    )
  },
)

t.test('a relay that was down for a year takes nobody for idle', async (t) => {
  const relay = await testRelay(t, { limits: { idleDays: 3 } })
  const bob = await registeredAccount(relay)
  await relay.sweep()
  relay.clock.advance(365 * DAY_MS)
  await relay.sweep()

  await t.resolves(TestDoor.login(relay.url, bob))
})
