import { concatBytes, ownBytes, utf8, type Bytes } from '@sotto/protocol'
import type { Prng } from '../simulation/prng.js'
import { editFields } from './fields.js'

export interface MutationOptions {
  readonly random: Prng
  /** Longer ones are cut. */
  readonly bytesMax: number
  /** Words that mean something to the parser. */
  readonly tokens: readonly Bytes[]
  /** Another input, to splice with. */
  readonly other: () => Bytes
  /** Whether the bytes are protobuf, whose lengths are to stay right now and then. */
  readonly isProtobuf: boolean
}

const EDITS_MAX = 6

/** The input with a few things done to it. */
export function mutate(input: Bytes, options: MutationOptions): Bytes {
  const { random, bytesMax, isProtobuf } = options
  let bytes = input
  for (let left = 1 + random.below(EDITS_MAX); left > 0; left--) {
    bytes =
      isProtobuf && random.chance(0.6)
        ? editFields(bytes, random, options.other)
        : random.pick(EDITS)(bytes, options)
    if (bytes.length > bytesMax) bytes = bytes.slice(0, bytesMax)
  }
  return bytes
}

type Edit = (bytes: Bytes, options: MutationOptions) => Bytes

/** Where one length of a field of so many bits turns into the next. */
const NUMBERS = [0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 63, 64, 127, 128, 254, 255]

const EDITS: readonly Edit[] = [
  function flipBit(bytes, { random }) {
    return changed(bytes, random, (byte) => byte ^ (1 << random.below(8)))
  },
  function setByte(bytes, { random }) {
    return changed(bytes, random, () => random.pick(NUMBERS))
  },
  function anyByte(bytes, { random }) {
    return changed(bytes, random, () => random.below(256))
  },
  function addToByte(bytes, { random }) {
    return changed(bytes, random, (byte) => byte + random.between(-4, 4))
  },
  function insertRandom(bytes, { random }) {
    return inserted(bytes, random, random.bytes(random.between(1, 8)))
  },
  function insertToken(bytes, { random, tokens }) {
    return tokens.length === 0 ? bytes : inserted(bytes, random, random.pick(tokens))
  },
  function replaceByToken(bytes, { random, tokens }) {
    return tokens.length === 0 ? bytes : replaced(bytes, random, random.pick(tokens))
  },
  function insertCharacter(bytes, { random }) {
    return inserted(bytes, random, random.pick(TRICKS))
  },
  function remove(bytes, { random }) {
    return replaced(bytes, random, new Uint8Array(0))
  },
  function double(bytes, { random }) {
    const [at, end] = rangeOf(bytes, random)
    return inserted(bytes, random, bytes.subarray(at, end))
  },
  function repeat(bytes, { random }) {
    const [at, end] = rangeOf(bytes, random, 8)
    const part = bytes.subarray(at, end)
    const times = 1 << random.below(8)
    return concatBytes(
      bytes.subarray(0, at),
      ...Array.from({ length: times }, () => part),
      bytes.subarray(end),
    )
  },
  function cut(bytes, { random }) {
    return bytes.slice(0, random.below(bytes.length + 1))
  },
  function splice(bytes, { random, other }) {
    const tail = other()
    return concatBytes(
      bytes.subarray(0, random.below(bytes.length + 1)),
      tail.subarray(random.below(tail.length + 1)),
    )
  },
  function borrow(bytes, { random, other }) {
    const lender = other()
    const [at, end] = rangeOf(lender, random, 64)
    return replaced(bytes, random, lender.subarray(at, end))
  },
  function countUp(bytes, { random }) {
    return digitsChanged(bytes, random)
  },
]

/** Characters that have surprised programs: ends, marks, turns, joiners, cases, numbers, no UTF-8. */
const TRICKS: readonly Bytes[] = [
  ...[
    ...['\0', '\t', '\n', '\r\n', '\u001b[', '\u001b]0;', '\u007f', '\u0085', '\u009b', '\u00a0'],
    ...['\u00ad', '\u061c', '\u180e', '\u200b', '\u200d', '\u200f', '\u2028', '\u202e', '\u2066'],
    ...['\ufeff', '\ufffd', '\uffff', '\ud83d\udc69\u200d\ud83d\udc67', '\u{10ffff}', '\u{e0041}'],
    ...['\u0130', '\u0131', '\u017f', '\u212a', '\u00df', 'e\u0301', '\u0660', '\uff11', '\u2160'],
    // Private characters stand for lone surrogates, which UTF-8 cannot write: target.ts, textOf.
    ...['\ue000', '\ue400', '\ue7ff'],
    ...['__proto__', 'constructor', 'toString', '1e999', '-0', '9007199254740993', '%00', '%zz'],
    ...['{', '}', '[', ']', '"', "'", '\\', '\\u0000', '\\ud800', '//', '..', '::', '@', '#', '*'],
  ].map(utf8),
  Uint8Array.of(0xff),
  Uint8Array.of(0xc0, 0x80),
  Uint8Array.of(0xed, 0xa0, 0x80),
  Uint8Array.of(0xf4, 0x90, 0x80, 0x80),
  Uint8Array.of(0xe2, 0x82),
]

function changed(bytes: Bytes, random: Prng, change: (byte: number) => number): Bytes {
  if (bytes.length === 0) return random.bytes(1)
  const copy = ownBytes(bytes)
  const at = random.below(copy.length)
  copy[at] = change(copy[at] ?? 0)
  return copy
}

function inserted(bytes: Bytes, random: Prng, part: Uint8Array): Bytes {
  const at = random.below(bytes.length + 1)
  return concatBytes(bytes.subarray(0, at), part, bytes.subarray(at))
}

function replaced(bytes: Bytes, random: Prng, part: Uint8Array): Bytes {
  const [at, end] = rangeOf(bytes, random)
  return concatBytes(bytes.subarray(0, at), part, bytes.subarray(end))
}

function rangeOf(bytes: Uint8Array, random: Prng, lengthMax = 32): readonly [number, number] {
  const at = random.below(bytes.length + 1)
  return [at, Math.min(bytes.length, at + random.between(1, lengthMax))]
}

/** A decimal number in the text becomes another one. */
function digitsChanged(bytes: Bytes, random: Prng): Bytes {
  const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39
  const starts = [...bytes.keys()].filter(
    (at) => isDigit(bytes[at] ?? 0) && !isDigit(bytes[at - 1] ?? 0),
  )
  if (starts.length === 0) return bytes
  const at = random.pick(starts)
  let end = at
  while (end < bytes.length && isDigit(bytes[end] ?? 0)) end++
  const length = random.between(1, random.chance(0.1) ? 20 : end - at)
  const digits = Array.from({ length }, () => String(random.below(10))).join('')
  return concatBytes(bytes.subarray(0, at), utf8(digits), bytes.subarray(end))
}
