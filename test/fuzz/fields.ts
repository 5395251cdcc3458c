import { concatBytes, type Bytes } from '@sotto/protocol'
import type { Prng } from '../simulation/prng.js'

/** One field of a protobuf message as it stands on the wire. */
interface WireField {
  readonly number: number
  readonly type: number
  /** Of a varint: its bytes. Of anything with a length: what the length counts. */
  readonly value: Uint8Array
}

const VARINT = 0
const FIXED_64 = 1
const COUNTED = 2
const FIXED_32 = 5
const DEPTH_MAX = 6

/**
 * The bytes with one field changed, doubled, taken away, put elsewhere or borrowed, at any depth, and
 * the lengths around it right: what a parser does with a field is not hidden behind its length. What
 * is no message stays as it is.
 */
export function editFields(bytes: Bytes, random: Prng, other: () => Bytes): Bytes {
  const fields = fieldsOf(bytes)
  if (fields === undefined || fields.length === 0) return bytes
  return joined(edited(fields, random, { other, depth: 0 }))
}

interface Place {
  readonly other: () => Bytes
  readonly depth: number
}

function edited(fields: readonly WireField[], random: Prng, place: Place): readonly WireField[] {
  const at = random.below(fields.length)
  const field = fields[at]
  if (field === undefined) return fields
  const inner = field.type === COUNTED ? fieldsOf(field.value) : undefined
  if (inner !== undefined && inner.length > 0 && place.depth < DEPTH_MAX && random.chance(0.65)) {
    const value = joined(edited(inner, random, { ...place, depth: place.depth + 1 }))
    return fields.with(at, { ...field, value })
  }
  switch (random.below(7)) {
    case 0:
      return fields.toSpliced(at, 1)
    case 1:
      return fields.toSpliced(random.below(fields.length + 1), 0, field)
    case 2:
      return fields.with(at, { ...field, number: random.between(1, 26) })
    case 3:
      return fields.toSpliced(random.below(fields.length + 1), 0, borrowed(random, place) ?? field)
    case 4:
      return fields.with(at, { ...(borrowed(random, place) ?? field), number: field.number })
    default:
      return fields.with(at, { ...field, value: newValue(field, random) })
  }
}

/** A field of another input, from whatever depth. */
function borrowed(random: Prng, { other }: Place): WireField | undefined {
  let fields = fieldsOf(other())
  let found: WireField | undefined
  for (let depth = 0; depth < DEPTH_MAX && fields !== undefined && fields.length > 0; depth++) {
    found = random.pick(fields)
    if (found.type !== COUNTED || random.chance(0.3)) return found
    fields = fieldsOf(found.value)
  }
  return found
}

const NUMBERS = [
  ...[0n, 1n, 2n, 7n, 8n, 126n, 127n, 128n, 129n, 255n, 256n, 1000n, 16383n, 16384n, 65535n],
  ...[0x7fffffffn, 0x80000000n, 0xffffffffn, 0x100000000n, 1n << 53n, (1n << 53n) + 1n],
  ...[253402300799999n, 253402300800000n, 8640000000000001n, (1n << 63n) - 1n, 1n << 63n],
  (1n << 64n) - 1n,
] as const
const LENGTHS = [0, 1, 15, 16, 17, 31, 32, 33, 64, 127, 128, 1024] as const

function newValue({ type, value }: WireField, random: Prng): Uint8Array {
  if (type === VARINT) return varint(random.pick(NUMBERS))
  if (type !== COUNTED) return random.bytes(value.length)
  if (random.chance(0.5)) {
    const length = random.pick(LENGTHS)
    return concatBytes(value, random.bytes(length)).slice(0, length)
  }
  const copy = value.slice()
  if (copy.length > 0) copy[random.below(copy.length)] = random.below(256)
  return copy
}

/** Undefined where the bytes are no message. Groups are none of ours. */
function fieldsOf(bytes: Uint8Array): readonly WireField[] | undefined {
  const fields: WireField[] = []
  let at = 0
  while (at < bytes.length) {
    const tag = varintAt(bytes, at)
    if (tag === undefined) return undefined
    const [number, type] = [Number(tag.value >> 3n), Number(tag.value & 7n)]
    const extent = extentOf(bytes, tag.end, type)
    if (number === 0 || extent === undefined || extent.end > bytes.length) return undefined
    fields.push({ number, type, value: bytes.slice(extent.from, extent.end) })
    at = extent.end
  }
  return fields
}

function extentOf(bytes: Uint8Array, at: number, type: number) {
  if (type === FIXED_64) return { from: at, end: at + 8 }
  if (type === FIXED_32) return { from: at, end: at + 4 }
  const number = varintAt(bytes, at)
  if (number === undefined) return undefined
  if (type === VARINT) return { from: at, end: number.end }
  return type === COUNTED ? { from: number.end, end: number.end + Number(number.value) } : undefined
}

function joined(fields: readonly WireField[]): Bytes {
  return concatBytes(
    ...fields.flatMap(({ number, type, value }) => {
      const tag = varint(BigInt(number * 8 + type))
      return type === COUNTED ? [tag, varint(BigInt(value.length)), value] : [tag, value]
    }),
  )
}

function varintAt(bytes: Uint8Array, at: number) {
  let value = 0n
  for (let index = 0; index < 10; index++) {
    const byte = bytes[at + index]
    if (byte === undefined) return undefined
    value |= BigInt(byte & 0x7f) << BigInt(7 * index)
    if (byte < 0x80) return { value, end: at + index + 1 }
  }
  return undefined
}

function varint(value: bigint): Bytes {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  return Uint8Array.of(...bytes, Number(rest))
}

/** A message whose only field, the first, repeats: how an input of several frames is written. */
export function asFields(parts: readonly Uint8Array[]): Bytes {
  return joined(parts.map((value) => ({ number: 1, type: COUNTED, value })))
}

/** The parts of such a message, as far as it is one; a damaged rest is one part more. */
export function partsOf(bytes: Uint8Array): readonly Uint8Array[] {
  return fieldsOf(bytes)?.map(({ value }) => value) ?? [bytes]
}
