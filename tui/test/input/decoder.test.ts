import { Buffer } from 'node:buffer'

import fc from 'fast-check'
import { test } from 'tap'

import { InputDecoder, STRING_BYTES_MAX } from '../../src/input/decoder.js'
import type { InputEvent } from '../../src/input/events.js'
import { PASTE_BYTES_MAX } from '../../src/input/paste.js'
import { CONTROL_LENGTH_MAX } from '../../src/input/sequences.js'
import { ESCAPE_TIMEOUT_MS, SEQUENCE_TIMEOUT_MS } from '../../src/input/states.js'
import { bytesOf, decode, decodeByBytes, inShort } from '../support/decoding.js'

const ESC = '\u001b'
const BEGIN = `${ESC}[200~`
const END = `${ESC}[201~`

/** Pieces of what terminals send, whole and broken. */
const PIECES = [
  'a',
  'é',
  '😀',
  '\r',
  '\n',
  '\u0000',
  '\u007f',
  '\u009b',
  ESC,
  `${ESC}[`,
  `${ESC}O`,
  `${ESC}]`,
  `${ESC}P`,
  `${ESC}_`,
  `${ESC}\\`,
  `${ESC}[A`,
  `${ESC}[1;5C`,
  `${ESC}[3$`,
  `${ESC}[[A`,
  `${ESC}[M`,
  `${ESC}OP`,
  `${ESC}[I`,
  `${ESC}[<64;10;5M`,
  `${ESC}[97:65;2;65u`,
  `${ESC}[27;5;9~`,
  `${ESC}[?2026;2$y`,
  `${ESC}[12;34R`,
  `${ESC}]11;rgb:1e1e/1e1e/1e1e`,
  `${ESC}]52;c;aGk=\u0007`,
  `${ESC}P>|xterm(390)${ESC}\\`,
  BEGIN,
  END,
  '[201~',
  '12;34',
  '\u0007',
]
const BYTES = fc.oneof(
  fc.uint8Array({ maxLength: 6 }),
  fc.constantFrom(...PIECES).map((piece) => Uint8Array.from(Buffer.from(piece))),
)
const STREAM = fc
  .array(BYTES, { maxLength: 12 })
  .map((parts) => Uint8Array.from(Buffer.concat(parts)))

test('however the reads cut the bytes, they say the same', async (t) => {
  fc.assert(
    fc.property(STREAM, fc.array(fc.nat({ max: 40 }), { maxLength: 8 }), (bytes, cuts) => {
      t.same(decode(...cutAt(bytes, cuts)), decode(bytes))
    }),
    { numRuns: 400 },
  )
})

test('a byte at a time says what all at once do', async (t) => {
  fc.assert(
    fc.property(STREAM, (bytes) => {
      t.same(decodeByBytes(bytes), decode(bytes))
    }),
    { numRuns: 400 },
  )
})

test('any bytes with any pauses leave a decoder that still knows its keys', async (t) => {
  fc.assert(
    fc.property(fc.array(STREAM, { maxLength: 6 }), (reads) => {
      const decoder = new InputDecoder()
      for (const read of reads) {
        decoder.push(read)
        decoder.flush()
      }
      decoder.push(bytesOf(END)) // Of a paste that may have begun.
      decoder.flush()
      t.equal(inShort(decoder.push(bytesOf(`x${ESC}[A`))), '"x" up')
      t.equal(decoder.pendingMs, undefined)
    }),
  )
})

test('no typed text holds a control character', async (t) => {
  const isClean = (event: InputEvent) => event.kind !== 'text' || !/\p{Cc}/u.test(event.text)
  fc.assert(fc.property(STREAM, (bytes) => decode(bytes).every(isClean)))
  t.pass()
})

test('what is no UTF-8 becomes what the Encoding Standard makes of it', async (t) => {
  const bytes = fc.uint8Array({ maxLength: 12 }).map((all) => all.filter((byte) => byte >= 0x20))
  const typed = bytes.map((all) => all.filter((byte) => byte !== 0x7f))
  const textOf = (all: Uint8Array) =>
    Buffer.from(all)
      .toString()
      .replace(/[\u0080-\u009f]/g, '')
  fc.assert(
    fc.property(typed, (all) => {
      const texts = decode(all).map((event) => (event.kind === 'text' ? event.text : ''))
      t.equal(texts.join(''), textOf(all))
    }),
    { numRuns: 400 },
  )
})

test('a character in two reads is one character', async (t) => {
  const bytes = bytesOf('😀')
  t.equal(inShort(decode(bytes.subarray(0, 2), bytes.subarray(2))), '"😀"')
})

test('a character that is never finished shows that it was begun', async (t) => {
  t.equal(inShort(decode(Uint8Array.of(0x61, 0xf0, 0x9f))), '"a\ufffd"')
  t.equal(inShort(decode(Uint8Array.of(0x1b, 0xc3))), 'escape "\ufffd"')
})

test('a lone escape waits a little, and then is a key', async (t) => {
  const decoder = new InputDecoder()
  t.same(decoder.push(bytesOf(ESC)), [])
  t.equal(decoder.pendingMs, ESCAPE_TIMEOUT_MS)
  t.equal(inShort(decoder.flush()), 'escape')
  t.equal(decoder.pendingMs, undefined)
  t.equal(inShort(decoder.push(bytesOf('[A'))), '"[A"')
})

test('a sequence that has certainly begun waits longer', async (t) => {
  const decoder = new InputDecoder()
  decoder.push(bytesOf(`${ESC}[1;`))
  t.equal(decoder.pendingMs, SEQUENCE_TIMEOUT_MS)
  t.equal(inShort(decoder.push(bytesOf('5A'))), 'ctrl+up')
})

test('a paste is one event, and what it looks like is text', async (t) => {
  const text = `one\r${ESC}[A\ttwo\u0003${ESC}]52;c;aGk=\u0007${ESC}[201`
  t.same(decode(`a${BEGIN}${text}`, `${END}b`), [
    { kind: 'text', text: 'a' },
    { kind: 'paste', text, bytes: text.length, truncated: false },
    { kind: 'text', text: 'b' },
  ])
})

test('any text comes out of a paste as it went in, however the reads cut it', async (t) => {
  const pasted = fc.string({ unit: 'binary', maxLength: 60 }).map((text) => text.toWellFormed())
  fc.assert(
    fc.property(pasted, fc.array(fc.nat({ max: 80 }), { maxLength: 8 }), (text, cuts) => {
      fc.pre(!text.includes(END))
      const bytes = bytesOf(BEGIN + text + END)
      t.same(decode(...cutAt(bytes, cuts)), [
        { kind: 'paste', text, bytes: Buffer.byteLength(text), truncated: false },
      ])
    }),
    { numRuns: 300 },
  )
})

test('a paste has no time limit', async (t) => {
  const decoder = new InputDecoder()
  decoder.push(bytesOf(`${BEGIN}one${ESC}`))
  t.equal(decoder.pendingMs, undefined)
  t.same(decoder.flush(), [])
  t.equal(inShort(decoder.push(bytesOf(` two${END}`))), `<paste "one\\u001b two">`)
})

test('a paste past its bound says so, and is cut between characters', async (t) => {
  const decoder = new InputDecoder()
  decoder.push(bytesOf(`${BEGIN}x`))
  const mebibyte = bytesOf('é'.repeat(512 * 1024))
  for (let at = 0; at < 5; at += 1) t.same(decoder.push(mebibyte), [])
  const [event] = decoder.push(bytesOf(END))
  t.match(event, { kind: 'paste', bytes: 5 * mebibyte.length + 1, truncated: true })
  const text = event?.kind === 'paste' ? event.text : ''
  t.equal(Buffer.byteLength(text), PASTE_BYTES_MAX - 1)
  t.notOk(text.includes('\ufffd'))
})

test('a sequence without end is swallowed without being kept', async (t) => {
  const decoder = new InputDecoder()
  const numbers = bytesOf(';1'.repeat(CONTROL_LENGTH_MAX))
  t.same(decoder.push(bytesOf(`${ESC}[1`)), [])
  t.same(decoder.push(numbers), [])
  t.equal(inShort(decoder.push(bytesOf('A'))), `<unknown csi ${numbers.length + 4}>`)
})

test('a string without end is swallowed, counted, and told when it ends', async (t) => {
  const decoder = new InputDecoder()
  decoder.push(bytesOf(`${ESC}]52;c;`))
  const content = bytesOf('A'.repeat(STRING_BYTES_MAX))
  t.same(decoder.push(content), [])
  t.equal(inShort(decoder.push(bytesOf('\u0007x'))), `<unknown osc ${content.length + 8}> "x"`)
})

function cutAt(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length]
  return places.map((end, index) => bytes.subarray(places[index - 1] ?? 0, end))
}
