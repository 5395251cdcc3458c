import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import type { Bytes } from '@sotto/protocol'
import type { Leave } from '../mailbox/leave.js'
import type { SubmittedEnvelope } from '../mailbox/submit.js'
import type { ClientFrame } from './client-frame.js'

// The frames of the hot path, written and read by hand: the same wire format as frames.ts, which
// reads everything that is not in the plain form every client writes. Measured: a submission
// costs a fifth, a delivery a tenth of what the reflective codec takes.

const TAG = {
  /** Field number and wire type, as protobuf puts them into one number. */
  request: tag(2, WireType.LengthDelimited),
  acknowledge: tag(3, WireType.LengthDelimited),
  requestId: tag(1, WireType.Varint),
  submit: tag(12, WireType.LengthDelimited),
  route: tag(1, WireType.LengthDelimited),
  leave: tag(2, WireType.LengthDelimited),
  envelope: tag(3, WireType.LengthDelimited),
  accessKey: tag(1, WireType.LengthDelimited),
  stranger: tag(2, WireType.LengthDelimited),
  device: tag(1, WireType.Varint),
  registrationId: tag(2, WireType.Varint),
  key: tag(3, WireType.LengthDelimited),
  body: tag(4, WireType.LengthDelimited),
  epoch: tag(1, WireType.Varint),
  seq: tag(2, WireType.Varint),
} as const

/**
 * A submission or an acknowledgement in its plain form: every field once and in order. Undefined
 * for anything else, which is not to say that it is wrong. The bytes are views into `bytes`.
 */
export function parseFast(bytes: Uint8Array): ClientFrame | undefined {
  const first = bytes[0]
  if (first !== TAG.request && first !== TAG.acknowledge) return undefined
  try {
    const reader = new BinaryReader(bytes)
    reader.uint32()
    if (reader.uint32() !== reader.len - reader.pos) return undefined
    return first === TAG.request ? parseSubmit(reader) : parseAcknowledge(reader)
  } catch {
    return undefined // Cut short, most likely; the other codec says so.
  }
}

function parseSubmit(reader: BinaryReader): ClientFrame | undefined {
  if (reader.uint32() !== TAG.requestId) return undefined
  const id = reader.uint32()
  if (reader.uint32() !== TAG.submit) return undefined
  if (reader.uint32() !== reader.len - reader.pos) return undefined
  if (reader.uint32() !== TAG.route) return undefined
  const route = reader.bytes() as Bytes
  if (reader.uint32() !== TAG.leave) return undefined
  const leave = parseLeave(reader)
  if (leave === undefined) return undefined
  const envelopes: SubmittedEnvelope[] = []
  while (reader.pos < reader.len) {
    const envelope = reader.uint32() === TAG.envelope ? parseEnvelope(reader) : undefined
    if (envelope === undefined) return undefined
    envelopes.push(envelope)
  }
  return { kind: 'submit', id, submit: { route, leave, envelopes, ephemeral: false } }
}

function parseLeave(reader: BinaryReader): Leave | undefined {
  const end = reader.uint32() + reader.pos
  if (reader.pos === end) return undefined
  const kind = reader.uint32()
  if (kind !== TAG.accessKey && kind !== TAG.stranger) return undefined
  const value = reader.bytes() as Bytes
  if (reader.pos !== end) return undefined
  if (kind === TAG.accessKey) return { kind: 'access-key', key: value }
  return value.length === 0 ? { kind: 'stranger' } : undefined
}

function parseEnvelope(reader: BinaryReader): SubmittedEnvelope | undefined {
  const end = reader.uint32() + reader.pos
  if (reader.uint32() !== TAG.device) return undefined
  const device = reader.uint32()
  if (reader.uint32() !== TAG.registrationId) return undefined
  const registrationId = reader.uint32()
  if (reader.uint32() !== TAG.key) return undefined
  const key = reader.bytes() as Bytes
  if (reader.uint32() !== TAG.body) return undefined
  const body = reader.bytes() as Bytes
  return reader.pos === end ? { device, registrationId, key, body } : undefined
}

function parseAcknowledge(reader: BinaryReader): ClientFrame | undefined {
  if (reader.uint32() !== TAG.epoch) return undefined
  const epoch = reader.uint64()
  if (reader.uint32() !== TAG.seq) return undefined
  const seq = reader.uint64()
  if (reader.pos !== reader.len) return undefined
  return { kind: 'acknowledge', epoch: Number(epoch), seq: Number(seq) }
}

/** RelayFrame { result { id, submitted { arrival_ms } } } */
export function submittedFrame(id: number, arrivalMs: number): Bytes {
  const submitted = arrivalMs === 0 ? 0 : 1 + varintBytes(arrivalMs)
  const result = (id === 0 ? 0 : 1 + varintBytes(id)) + 2 + submitted
  const frame = Buffer.allocUnsafe(2 + result)
  frame[0] = tag(3, WireType.LengthDelimited)
  frame[1] = result
  let at = 2
  if (id !== 0) at = writeField(frame, at, { tag: tag(1, WireType.Varint), value: id })
  frame[at++] = tag(12, WireType.LengthDelimited)
  frame[at++] = submitted
  if (arrivalMs !== 0) writeField(frame, at, { tag: tag(1, WireType.Varint), value: arrivalMs })
  return frame
}

/** RelayFrame { deliver { seq, body, arrival_ms, stranger } } */
export function deliverFrame(delivered: {
  readonly seq: number
  readonly body: Bytes
  readonly arrivalMs: number
  readonly stranger: boolean
}): Bytes {
  const { seq, body, arrivalMs, stranger } = delivered
  const bodyHead = 1 + varintBytes(body.length)
  const length =
    1 +
    varintBytes(seq) +
    bodyHead +
    body.length +
    (1 + varintBytes(arrivalMs)) +
    (stranger ? 2 : 0)
  const frame = Buffer.allocUnsafe(1 + varintBytes(length) + length)
  let at = writeField(frame, 0, { tag: tag(4, WireType.LengthDelimited), value: length })
  at = writeField(frame, at, { tag: tag(1, WireType.Varint), value: seq })
  at = writeField(frame, at, { tag: tag(2, WireType.LengthDelimited), value: body.length })
  frame.set(body, at)
  at = writeField(frame, at + body.length, { tag: tag(3, WireType.Varint), value: arrivalMs })
  if (stranger) writeField(frame, at, { tag: tag(4, WireType.Varint), value: 1 })
  return frame
}

function tag(field: number, type: WireType): number {
  return field * 8 + type
}

/** A one-byte tag and a varint, where the value is a safe integer; answers where it ends. */
function writeField(
  frame: Uint8Array,
  at: number,
  field: { readonly tag: number; readonly value: number },
): number {
  frame[at++] = field.tag
  let rest = field.value
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) frame[at++] = (rest % 128) | 0x80
  frame[at++] = rest
  return at
}

function varintBytes(value: number): number {
  let bytes = 1
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 128)) bytes++
  return bytes
}
