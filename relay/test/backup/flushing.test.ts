import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { whileFlushing } from '../../src/backup/flushing.js'
import { testFolder } from '../harness/test-relay.js'

/** A thread begins when the machine gets round to it: the last is enough for any. */
const WAITS_MS = [10, 100, 1_000, 30_000]

function waitFor(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

t.test('what is written meanwhile is there, and the work’s own fault is thrown', (t) => {
  const path = join(testFolder(t), 'file')
  const file = openSync(path, 'w')

  whileFlushing(path, () => {
    for (let written = 0; written < 64; written++) writeSync(file, 'x'.repeat(65_536))
  })
  closeSync(file)

  t.equal(readFileSync(path).length, 64 * 65_536)
  const fails = (): never => {
    throw new RangeError('its own')
  }
  t.throws(() => whileFlushing(path, fails), RangeError)
  t.end()
})

t.test('a disk that does not take what is flushed is told of', (t) => {
  // It cannot be synced, and says so: nothing else here does.
  const flushed = WAITS_MS.find((ms) => {
    try {
      whileFlushing('/dev/null', () => waitFor(ms))
      return false
    } catch (cause) {
      t.match(cause, { code: 'store/failed' })
      return true
    }
  })

  t.ok(flushed !== undefined)
  t.end()
})
