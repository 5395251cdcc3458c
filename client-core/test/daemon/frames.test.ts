import fc from 'fast-check'
import { test } from 'tap'
import { Frames } from '../../src/daemon/frames.js'
import { parseAnswer, parseQuestion, questionLine, resultLine, RPC } from '../../src/daemon/rpc.js'

function linesOf(pieces: readonly Uint8Array[], bytesMax = 1000): readonly string[] {
  const frames = new Frames(bytesMax)
  return pieces.flatMap((piece) =>
    [...frames.take(piece)].map((line) => Buffer.from(line).toString()),
  )
}

function cutAt(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const cuts = [0, ...[...places].sort((a, b) => a - b), bytes.length]
  return cuts.slice(1).map((end, index) => bytes.subarray(cuts[index], end))
}

test('lines are the same, at whichever byte what carries them is cut', async (t) => {
  const bytes = Buffer.from('{"a":"ä€🙂"}\n\n[1]\n"last"\n')
  for (let at = 0; at <= bytes.length; at++) {
    t.same(linesOf(cutAt(bytes, [at])), ['{"a":"ä€🙂"}', '[1]', '"last"'], `cut at ${at}`)
  }
})

test('lines are the same, however many pieces they come in', async (t) => {
  fc.assert(
    fc.property(fc.array(fc.json()), fc.array(fc.nat()), (values, places) => {
      const lines = values.map((value) => JSON.stringify(JSON.parse(value)))
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''))
      const pieces = cutAt(
        bytes,
        places.map((place) => place % (bytes.length + 1)),
      )
      t.same(linesOf(pieces, 1_000_000), lines)
    }),
  )
})

test('a line that is too long is refused as soon as it is, whole or half', async (t) => {
  const frames = new Frames(10)
  t.same([...frames.take(Buffer.from('0123456789\n'))].length, 1)
  t.throws(() => [...frames.take(Buffer.from('01234567890'))], { code: 'wire/malformed' })
  const slow = new Frames(10)
  t.same([...slow.take(Buffer.from('0123456789'))], [])
  t.throws(() => [...slow.take(Buffer.from('0'))], { code: 'wire/malformed' })
})

const KINDS = new Set(['question', 'fault'])

test('any bytes at all are a question or a fault, and never anything else', async (t) => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const { kind } = parseQuestion(bytes)
      t.ok(KINDS.has(kind))
      t.ok(parseAnswer(bytes).kind !== 'result' || bytes.length > 0)
    }),
  )
})

test('any JSON at all is a question or a fault', async (t) => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      const { kind } = parseQuestion(Buffer.from(json))
      t.ok(KINDS.has(kind))
    }),
  )
})

test('questions and answers come through as they were', async (t) => {
  fc.assert(
    fc.property(fc.nat(), fc.string(), fc.jsonValue(), (id, method, value) => {
      const plain: unknown = JSON.parse(JSON.stringify(value))
      t.same(parseQuestion(Buffer.from(questionLine(id, method, { value }))), {
        ...{ kind: 'question', id, method, params: { value: plain } },
      })
      t.same(parseAnswer(Buffer.from(resultLine(id, value))), {
        ...{ kind: 'result', id, result: plain },
      })
    }),
  )
})

for (const [what, line, code] of [
  ['what is no JSON', '{"jsonrpc"', RPC.parseError],
  ['what is no UTF-8', Buffer.from([0x22, 0xff, 0x22]), RPC.parseError],
  ['a batch', '[]', RPC.invalidRequest],
  ['another protocol', '{"jsonrpc":"1.0","method":"a","id":1}', RPC.invalidRequest],
  ['a request without a method', '{"jsonrpc":"2.0","id":1}', RPC.invalidRequest],
  ['an id that is none', '{"jsonrpc":"2.0","method":"a","id":{}}', RPC.invalidRequest],
] as const) {
  test(`${what} is refused with ${code}`, async (t) => {
    t.match(parseQuestion(Buffer.from(line)), { kind: 'fault', fault: { code } })
  })
}

test('fields of the envelope that are not ours are passed over', async (t) => {
  const line = '{"jsonrpc":"2.0","method":"a","id":"x","trace":1}'
  t.same(parseQuestion(Buffer.from(line)), {
    ...{ kind: 'question', id: 'x', method: 'a', params: {} },
  })
})
