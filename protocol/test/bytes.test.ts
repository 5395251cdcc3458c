import fc from 'fast-check'
import { inspect } from 'node:util'
import { test } from 'tap'
import {
  base64url,
  compareBytes,
  concatBytes,
  equalBytes,
  fromBase64url,
  fromHex,
  fromUtf8,
  hex,
  ownBytes,
  SecretBytes,
  uint32Bytes,
  uint64Bytes,
  utf8,
} from '../src/bytes.js'
import { bytesBetween, text } from './arbitraries.js'
import { codeOf } from './refusal.js'

const anyBytes = bytesBetween(0, 80)

test('hex survives encoding and decoding, in either case', async (t) => {
  fc.assert(fc.property(anyBytes, (bytes) => equalBytes(fromHex(hex(bytes))!, bytes)))
  fc.assert(fc.property(anyBytes, (bytes) => equalBytes(fromHex(hex(bytes).toUpperCase())!, bytes)))
  t.equal(hex(Uint8Array.of(0, 10, 255)), '000aff')
})

test('what is not pairs of hexadecimal digits is undefined', async (t) => {
  t.equal(fromHex('0'), undefined)
  t.equal(fromHex('0g'), undefined)
  t.equal(fromHex('0x'), undefined)
  t.equal(fromHex('00\n0'), undefined)
})

test('base64url survives encoding and decoding', async (t) => {
  fc.assert(fc.property(anyBytes, (bytes) => equalBytes(fromBase64url(base64url(bytes))!, bytes)))
  t.equal(base64url(Uint8Array.of(0xfb, 0xff)), '-_8')
})

test('base64url agrees with Node’s', async (t) => {
  fc.assert(
    fc.property(anyBytes, (bytes) => base64url(bytes) === Buffer.from(bytes).toString('base64url')),
  )
  t.pass('for all bytes')
})

test('a text is base64url of at most one sequence of bytes, and each has one text', async (t) => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-z0-9_-]{0,12}$/), (value) => {
      const bytes = fromBase64url(value)
      return bytes === undefined || base64url(bytes) === value
    }),
  )
  t.equal(fromBase64url('A'), undefined)
  t.equal(fromBase64url('AB'), undefined)
})

test('what is not base64url is undefined and never thrown', async (t) => {
  fc.assert(fc.property(fc.string(), (value) => codeOf(() => fromBase64url(value)) === undefined))
  t.equal(fromBase64url('+/8'), undefined)
  t.equal(fromBase64url('-_8='), undefined)
})

test('text survives UTF-8', async (t) => {
  fc.assert(fc.property(text, (value) => fromUtf8(utf8(value)) === value))
  t.pass('for all well-formed text')
})

test('bytes are equal when their digits are', async (t) => {
  fc.assert(fc.property(anyBytes, anyBytes, (a, b) => equalBytes(a, b) === (hex(a) === hex(b))))
  t.ok(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2)))
  t.notOk(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3)))
})

test('bytes are ordered as Node orders them', async (t) => {
  fc.assert(
    fc.property(
      anyBytes,
      anyBytes,
      (a, b) => Math.sign(compareBytes(a, b)) === Buffer.compare(a, b),
    ),
  )
  t.pass('for all pairs')
})

test('numbers have their most significant byte first', async (t) => {
  t.equal(hex(uint32Bytes(0x01020304)), '01020304')
  t.equal(hex(uint64Bytes(Number.MAX_SAFE_INTEGER)), '001fffffffffffff')
})

test('parts are joined in order', async (t) => {
  t.equal(hex(concatBytes(Uint8Array.of(1), new Uint8Array(0), Uint8Array.of(2, 3))), '010203')
})

test('bytes that own their buffer do not change with where they came from', async (t) => {
  const frame = Uint8Array.of(1, 2, 3, 4)
  const owned = ownBytes(frame.subarray(1, 3))
  frame.fill(9)
  t.equal(hex(owned), '0203')
  t.equal(owned.buffer.byteLength, 2)
})

test('whatever prints a secret prints that it is one', async (t) => {
  const secret = new SecretBytes(Uint8Array.of(0x73, 0x65, 0x63, 0x72))
  t.equal(String(secret), '[secret]')
  t.equal(JSON.stringify({ secret }), '{"secret":"[secret]"}')
  t.equal(inspect(secret), '[secret]')
  t.equal(inspect({ secret }, { showHidden: true, depth: 9 }), '{ secret: [secret] }')
  t.same(Object.entries(secret), [])
  t.notMatch(inspect(secret, { customInspect: false, showHidden: true }), /115|73/)
})

test('a secret is a copy that only its holder can reveal', async (t) => {
  const given = Uint8Array.of(1, 2)
  const secret = new SecretBytes(given)
  given.fill(0)
  t.equal(hex(secret.reveal()), '0102')
})

test('a secret that was taken is nowhere else, and a wiped one is never used again', async (t) => {
  const source = utf8('key material')
  const secret = SecretBytes.take(source)
  const revealed = secret.reveal()
  t.equal(fromUtf8(revealed), 'key material')
  t.ok(source.every((byte) => byte === 0))
  secret.wipe()
  t.ok(revealed.every((byte) => byte === 0))
  t.throws(() => secret.reveal(), { code: 'bug/invariant' })
})
