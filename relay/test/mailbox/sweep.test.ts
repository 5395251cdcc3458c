import { statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { random, registeredAccount, submission } from '../harness/test-account.js'
import { TestDoor } from '../harness/test-door.js'
import { testRelay } from '../harness/test-relay.js'
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
