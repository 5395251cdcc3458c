import { decode, encode, ownBytes, wire, type Bytes } from '@sotto/protocol'
import type { Answer } from '../answers.js'
import type { Leave } from '../mailbox/leave.js'
import type { SubmittedEnvelope } from '../mailbox/submit.js'
import type { PrekeyCounts, Waiting } from '../store/port.js'
import type { ClientFrame } from './client-frame.js'
import { deliverFrame, parseFast, submittedFrame } from './fast-frames.js'

/** Throws a ProtocolError on whatever is not a ClientFrame. */
export function parseClientFrame(bytes: Uint8Array): ClientFrame {
  return parseFast(bytes) ?? parseReflective(bytes)
}

/** The same for every form that protobuf allows; fast-frames.ts knows one. */
export function parseReflective(bytes: Uint8Array): ClientFrame {
  const { kind } = decode(wire.ClientFrameSchema, bytes)
  switch (kind.case) {
    case 'authenticate':
      return { kind: 'authenticate', authenticate: kind.value }
    case 'acknowledge':
      return {
        kind: 'acknowledge',
        epoch: Number(kind.value.epoch),
        seq: Number(kind.value.seq),
      }
    case 'ping':
      return { kind: 'ping', id: kind.value.id }
    case 'request':
      return parseRequest(kind.value)
    case undefined:
      return { kind: 'unknown' }
  }
}

function parseRequest({ id, method }: wire.Request): ClientFrame {
  if (method.case === 'submit') {
    const { route, leave, envelopes, ephemeral } = method.value
    const submit = {
      route: ownBytes(route),
      leave: parseLeave(leave),
      envelopes: envelopes.map(parseEnvelope),
      ephemeral,
    }
    return { kind: 'submit', id, submit }
  }
  if (method.case === 'submitOwn') {
    return { kind: 'submit-own', id, envelopes: method.value.envelopes.map(parseEnvelope) }
  }
  return { kind: 'request', id, method }
}

export function parseLeave(leave: wire.Leave | undefined): Leave | undefined {
  switch (leave?.kind.case) {
    case 'accessKey':
      return { kind: 'access-key', key: ownBytes(leave.kind.value) }
    case 'permit':
      return { kind: 'permit', permit: ownBytes(leave.kind.value) }
    case 'stranger':
      return { kind: 'stranger' }
    case 'invite': {
      const { key, errand } = leave.kind.value
      return { kind: 'invite', key: ownBytes(key), errand: ownBytes(errand) }
    }
    case undefined:
      return undefined
  }
}

function parseEnvelope(envelope: wire.SealedEnvelope): SubmittedEnvelope {
  return {
    device: envelope.device,
    registrationId: envelope.registrationId,
    key: ownBytes(envelope.idempotencyKey),
    body: ownBytes(envelope.body),
  }
}

export function resultFrame(id: number, answer: Answer): Bytes {
  if (answer.case === 'submitted') return submittedFrame(id, Number(answer.value.arrivalMs ?? 0n))
  return encode(wire.RelayFrameSchema, {
    kind: { case: 'result', value: { id, kind: answer } },
  })
}

/** An envelope or a gap on its way to its device. */
export function waitingFrame(waiting: Waiting): Bytes {
  if (waiting.kind === 'envelope') return deliverFrame(waiting)
  const seq = BigInt(waiting.seq)
  const arrivalMs = BigInt(waiting.arrivalMs)
  const reason = waiting.reason === 'quota' ? wire.GapReason.QUOTA : wire.GapReason.EXPIRED
  return encode(wire.RelayFrameSchema, {
    kind: { case: 'gap', value: { seq, arrivalMs, count: waiting.count, reason } },
  })
}

export function ephemeralFrame(body: Bytes, arrivalMs: number): Bytes {
  return encode(wire.RelayFrameSchema, {
    kind: { case: 'ephemeral', value: { body, arrivalMs: BigInt(arrivalMs) } },
  })
}

export function errorFrame(code: wire.ErrorCode, retryAfterMs = 0): Bytes {
  return encode(wire.RelayFrameSchema, {
    kind: { case: 'error', value: { code, retryAfterMs } },
  })
}

export function readyFrame(epoch: number, prekeys: PrekeyCounts): Bytes {
  return encode(wire.RelayFrameSchema, {
    kind: { case: 'ready', value: { epoch: BigInt(epoch), prekeys: { ...prekeys } } },
  })
}

export function prekeysFrame(prekeys: PrekeyCounts): Bytes {
  return encode(wire.RelayFrameSchema, { kind: { case: 'prekeys', value: { ...prekeys } } })
}

export function pongFrame(id: number, timeMs: number): Bytes {
  return encode(wire.RelayFrameSchema, {
    kind: { case: 'pong', value: { id, timeMs: BigInt(timeMs) } },
  })
}

export function drainFrame(afterMs: number): Bytes {
  return encode(wire.RelayFrameSchema, { kind: { case: 'drain', value: { afterMs } } })
}

export const QUEUE_EMPTY_FRAME: Bytes = encode(wire.RelayFrameSchema, {
  kind: { case: 'queueEmpty', value: {} },
})
