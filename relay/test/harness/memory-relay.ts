import { randomBytes } from 'node:crypto'
import type { Test } from 'tap'
import { ownBytes } from '@sotto/protocol'
import { passingKeys } from '../../src/keys.js'
import { SILENT_LOG } from '../../src/log.js'
import { nodeClock, type Clock } from '../../src/ports.js'
import { OpenRelay } from '../../src/relay.js'
import { MemoryDisk } from '../../src/store/sqlite/memory-disk.js'

/** A relay without network and disk, closed when the test ends. */
export async function memoryRelay(t: Test, clock: Clock = nodeClock): Promise<OpenRelay> {
  const relay = await OpenRelay.open({
    store: new MemoryDisk().openStore(),
    keys: passingKeys(),
    clock,
    random: (bytes) => ownBytes(randomBytes(bytes)),
    log: SILENT_LOG,
  })
  t.teardown(() => relay.close())
  return relay
}
