import fc from 'fast-check'
import { test } from 'tap'
import { equalBytes, uint32Bytes, type Bytes } from '../src/bytes.js'
import { BUCKET_BYTES } from '../src/limits.js'
import {
  HPKE_OVERHEAD_BYTES,
  isBucket,
  padToBucket,
  SEALED_BYTES_MAX,
  unpad,
} from '../src/padding.js'
import { bytesBetween, damaged } from './arbitraries.js'
import { codeOf, refusesProperly } from './refusal.js'

const sealedLength = fc.integer({ min: 0, max: SEALED_BYTES_MAX })
const filled = fc
  .tuple(sealedLength, fc.nat({ max: 255 }))
  .map(([length, byte]) => new Uint8Array(length).fill(byte))

test('what is padded and unpadded is what it was', async (t) => {
  fc.assert(fc.property(filled, (sealed) => equalBytes(unpad(padToBucket(sealed)), sealed)))
  fc.assert(
    fc.property(bytesBetween(0, 2000), (sealed) => equalBytes(unpad(padToBucket(sealed)), sealed)),
  )
  t.pass('for all lengths')
})

test('with HPKE around it, everything is exactly one bucket, and the smallest that fits', async (t) => {
  fc.assert(
    fc.property(filled, (sealed) => {
      const whole = padToBucket(sealed).length + HPKE_OVERHEAD_BYTES
      const needed = sealed.length + 4 + HPKE_OVERHEAD_BYTES
      return isBucket(whole) && whole === BUCKET_BYTES.find((size) => size >= needed)
    }),
  )
  t.pass('for all lengths')
})

test('what is too large for the largest bucket is refused with a remedy', async (t) => {
  t.equal(padToBucket(new Uint8Array(SEALED_BYTES_MAX)).length + HPKE_OVERHEAD_BYTES, 65536)
  t.equal(
    codeOf(() => padToBucket(new Uint8Array(SEALED_BYTES_MAX + 1))),
    'content/too-large',
  )
})

test('unpadding refuses everything that padding would not have made', async (t) => {
  fc.assert(
    fc.property(damaged(filled.map(padToBucket)), (padded) => {
      const sealed = unpadded(padded)
      return sealed === undefined || equalBytes(padToBucket(sealed), padded)
    }),
  )
  t.pass('for padding that was tampered with')
})

test('padding to a larger bucket than needed is refused', async (t) => {
  const padded = new Uint8Array(BUCKET_BYTES[1] - HPKE_OVERHEAD_BYTES)
  padded.set(uint32Bytes(1))
  t.equal(
    codeOf(() => unpad(padded)),
    'wire/malformed',
  )
})

test('anything but zeros after the end is refused', async (t) => {
  const padded = padToBucket(Uint8Array.of(1, 2, 3))
  padded[padded.length - 1] = 1
  t.equal(
    codeOf(() => unpad(padded)),
    'wire/malformed',
  )
})

test('bytes of any number and kind are unpadded or refused properly', async (t) => {
  fc.assert(fc.property(bytesBetween(0, 2000), (raw) => refusesProperly(() => unpad(raw))))
  t.equal(
    codeOf(() => unpad(new Uint8Array(0))),
    'wire/malformed',
  )
  t.equal(
    codeOf(() => unpad(new Uint8Array(3))),
    'wire/malformed',
  )
})

test('padding in the middle of a larger buffer is read where it lies', async (t) => {
  const frame = new Uint8Array(2000).fill(0xff)
  frame.set(padToBucket(Uint8Array.of(7)), 5)
  t.same(unpad(frame.subarray(5, 5 + BUCKET_BYTES[0] - HPKE_OVERHEAD_BYTES)), Uint8Array.of(7))
})

function unpadded(padded: Bytes): Bytes | undefined {
  try {
    return unpad(padded)
  } catch {
    return undefined
  }
}
