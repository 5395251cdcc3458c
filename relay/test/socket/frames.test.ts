import fc from 'fast-check'
import t from 'tap'
import { decode, encode, wire } from '@sotto/protocol'
import { deliverFrame, parseFast, submittedFrame } from '../../src/socket/fast-frames.js'
import { parseClientFrame, parseReflective } from '../../src/socket/frames.js'

const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((each) => new Uint8Array(each))
const uint32 = fc.integer({ min: 0, max: 0xffffffff })
const arrival = fc.integer({ min: 0, max: 2 ** 45 })

const submits = fc.record({
  id: uint32,
  route: bytes(16),
  leave: fc.oneof(
    bytes(16).map((value) => ({ kind: { case: 'accessKey' as const, value } })),
    fc.constant({ kind: { case: 'stranger' as const, value: {} } }),
    fc.constant({ kind: { case: undefined } }),
  ),
  envelopes: fc.array(
    fc.record({
      device: fc.integer({ min: 0, max: 130 }),
      registrationId: uint32,
      idempotencyKey: bytes(16),
      body: fc.uint8Array({ maxLength: 2000 }).map((each) => new Uint8Array(each)),
    }),
    { maxLength: 5 },
  ),
})

function submitFrame({
  id,
  ...value
}: typeof submits extends fc.Arbitrary<infer Value> ? Value : never) {
  const method = { case: 'submit', value } as const
  return encode(wire.ClientFrameSchema, { kind: { case: 'request', value: { id, method } } })
}

t.test('a submission reads the same by hand as by reflection', async () => {
  fc.assert(
    fc.property(submits, (submit) => {
      const frame = submitFrame(submit)
      t.same(plain(parseClientFrame(frame)), plain(parseReflective(frame)))
    }),
    { numRuns: 300 },
  )
})

t.test('the plain form of a submission and an acknowledgement is read by hand', async (t) => {
  const submit = submitFrame({
    id: 7,
    route: new Uint8Array(16).fill(1),
    leave: { kind: { case: 'accessKey', value: new Uint8Array(16).fill(2) } },
    envelopes: [
      {
        device: 1,
        registrationId: 9,
        idempotencyKey: new Uint8Array(16),
        body: new Uint8Array(1024),
      },
    ],
  })
  const acknowledge = encode(wire.ClientFrameSchema, {
    kind: { case: 'acknowledge', value: { epoch: 3n, seq: 2n ** 40n } },
  })

  t.match(parseFast(submit), { kind: 'submit', id: 7 })
  t.same(parseFast(acknowledge), { kind: 'acknowledge', epoch: 3, seq: 2 ** 40 })
})

t.test('whatever bytes come, by hand reads nothing that reflection reads otherwise', async () => {
  const mutated = fc
    .tuple(submits, fc.nat(), fc.nat({ max: 255 }), fc.nat({ max: 3000 }))
    .map(([submit, at, byte, length]) => {
      const frame = submitFrame(submit)
      frame[at % frame.length] = byte
      return frame.slice(0, Math.max(1, Math.min(frame.length, length)))
    })
  fc.assert(
    fc.property(mutated, (frame) => {
      const byHand = parseFast(frame)
      if (byHand !== undefined) t.same(plain(byHand), plain(parseReflective(frame)))
    }),
    { numRuns: 1000 },
  )
})

t.test('what is written by hand is what reflection reads back', async () => {
  const delivered = fc.record({
    seq: fc.integer({ min: 1, max: 2 ** 50 }),
    body: fc.uint8Array({ maxLength: 70_000 }).map((each) => new Uint8Array(each)),
    arrivalMs: arrival,
    stranger: fc.boolean(),
  })
  fc.assert(
    fc.property(delivered, ({ seq, body, arrivalMs, stranger }) => {
      const { kind } = decode(
        wire.RelayFrameSchema,
        new Uint8Array(deliverFrame({ seq, body, arrivalMs, stranger })),
      )
      t.equal(kind.case, 'deliver')
      t.match(kind.value, { seq: BigInt(seq), arrivalMs: BigInt(arrivalMs), stranger })
      t.ok(kind.case === 'deliver' && Buffer.from(kind.value.body).equals(body))
    }),
    { numRuns: 100 },
  )
  fc.assert(
    fc.property(uint32, arrival, (id, arrivalMs) => {
      const reflective = encode(wire.RelayFrameSchema, {
        kind: {
          case: 'result',
          value: { id, kind: { case: 'submitted', value: { arrivalMs: BigInt(arrivalMs) } } },
        },
      })
      t.same(new Uint8Array(submittedFrame(id, arrivalMs)), reflective)
    }),
    { numRuns: 300 },
  )
})

/** Views into a frame and copies of it are the same bytes. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, each: unknown) =>
      each instanceof Uint8Array || Buffer.isBuffer(each)
        ? Buffer.from(each).toString('hex')
        : typeof each === 'bigint'
          ? String(each)
          : each,
    ),
  )
}
