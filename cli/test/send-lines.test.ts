import { PassThrough } from 'node:stream'

import type { MethodParams, SendOutcome } from '@sotto/client-core'
import { NotFoundError, StorageError } from '@sotto/protocol'
import { test } from 'tap'

import { readLines } from '../src/lines.js'
import { Output, ReaderGone } from '../src/print/output.js'
import type { LineDefaults } from '../src/send/line-request.js'
import { sendLines } from '../src/send/send-lines.js'
import { answering } from '@sotto/client-core/simulation'
import { SENT } from './support/objects.js'
import { Collector } from './support/world.js'

type Params = MethodParams<'message.send'>

const ACCEPTED: SendOutcome = { result: SENT, exitCode: 0 }

/** Lines that are typed one after the other, and a client whose answers the test gives. */
function sending(defaults: Partial<LineDefaults> = {}, capacity?: number) {
  const stdin = new PassThrough()
  const asked: { readonly params: Params; readonly answer: (outcome: SendOutcome) => void }[] = []
  const stdout = new Collector(false, capacity)
  const stderr = new Collector()
  const output = new Output({
    ...{ stdout, stderr, json: true, quiet: false, color: false, nowMs: Date.now },
  })
  const call = answering({
    'message.send': (params) => {
      if (params.text === 'nobody') throw new NotFoundError('recipient/unknown', 'nobody')
      if (params.text === 'disk') throw new StorageError('store/full', 'full')
      return new Promise((answer) => asked.push({ params, answer }))
    },
  })
  const done = sendLines({
    ...{ client: { call }, output, lines: readLines(stdin, 1024) },
    defaults: { to: ['@bob.42'], ndjson: false, ...defaults },
  })
  const lines = () =>
    stdout.text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { readonly line: number })
  return { stdin, asked, done, lines, stderr }
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await new Promise(setImmediate)
}

test('a line is sent when it comes, and its result printed when it is known', async (t) => {
  const { stdin, asked, done, lines } = sending()
  stdin.write('one\n')
  await turns()
  t.match(asked, [{ params: { to: ['@bob.42'], text: 'one' } }])
  asked[0]!.answer(ACCEPTED)
  await turns()
  t.match(lines(), [{ line: 1, status: 'accepted' }])
  stdin.end('two')
  await turns()
  asked[1]!.answer(ACCEPTED)
  t.equal((await done).end(), 0)
})

test('results come in the order of the lines, whichever is known first', async (t) => {
  const { stdin, asked, done, lines } = sending()
  stdin.end('one\n\ntwo\nnobody\n')
  await turns()
  asked[1]!.answer(ACCEPTED)
  await turns()
  t.same(lines(), [])
  asked[0]!.answer(ACCEPTED)
  const tally = await done
  t.match(lines(), [
    { line: 1, status: 'accepted' },
    { line: 3, status: 'accepted' },
    { line: 4, status: 'failed', error: { code: 'recipient/unknown', exit: 67 } },
  ])
  t.equal(tally.end(), 81)
})

test('at most 64 lines are under way, however many wait', async (t) => {
  const { stdin, asked } = sending()
  stdin.write('x\n'.repeat(100))
  await turns()
  t.equal(asked.length, 64)
  asked[0]!.answer(ACCEPTED)
  await turns()
  t.equal(asked.length, 65)
})

test('with --id each line has a key of its own, by its number', async (t) => {
  const { stdin, asked } = sending({ id: 'build' })
  stdin.write('one\n\nthree\n')
  await turns()
  t.same(
    asked.map(({ params }) => params.id),
    ['build:1', 'build:3'],
  )
})

test('a request says what the command line does not, and what is wrong with it is told', async (t) => {
  const { stdin, asked, done, lines } = sending({ ndjson: true, to: [], silent: true })
  const requests = [
    '{"to":["@bob.42"],"text":"one","id":"k1","silent":false,"wait":"queued","replyTo":"@last"}',
    '{"to":"me","text":"two"}',
    '{"text":"to nobody"}',
    '{"to":["bob"],"text":"x","id":"k4"}',
    '{"to":["me"]}',
    '{"to":["me"],"text":7}',
    '{"to":["me"],"text":"x","expire":"1h"}',
    '{"to":["me"],"text":"x","wait":"seen"}',
    'not json',
    '[]',
  ]
  stdin.end(requests.join('\r\n'))
  await turns()
  t.match(
    asked.map(({ params }) => params),
    [
      { to: ['@bob.42'], text: 'one', id: 'k1', silent: false, wait: 'queued', replyTo: '@last' },
      { to: ['me'], text: 'two', silent: true },
    ],
  )
  for (const { answer } of asked) answer(ACCEPTED)
  t.equal((await done).end(), 81)
  t.match(lines().slice(0, 4), [
    { line: 1, requestId: 'k1', status: 'accepted' },
    { line: 2 },
    { line: 3, error: { exit: 65 } },
    { line: 4, requestId: 'k4', error: { code: 'recipient/unknown', exit: 67 } },
  ])
  t.same(lines().length, 10)
  t.match(lines().slice(4), Array(6).fill({ error: { code: 'content/invalid' } }))
})

test('where all lines fail alike, that is how it ends', async (t) => {
  const { stdin, done } = sending({ ndjson: true })
  stdin.end('hello\nworld\n')
  t.equal((await done).end(), 65)
})

test('where all lines fail, but not alike, some failed', async (t) => {
  const { stdin, done } = sending({ ndjson: true })
  stdin.end('hello\n{"text":"nobody"}\n')
  t.equal((await done).end(), 81)
})

test('what waits is 79, and nothing at all is 0', async (t) => {
  const { stdin, asked, done } = sending()
  stdin.end('one\n')
  await turns()
  const result = { ...SENT, status: 'queued' as const }
  asked[0]!.answer({ result, exitCode: 79 })
  t.equal((await done).end(), 79)
  const empty = sending()
  empty.stdin.end()
  t.equal((await empty.done).end(), 0)
})

test('what no line can get past ends it', async (t) => {
  const { stdin, done } = sending()
  stdin.end('disk\nmore\n')
  await t.rejects(done, { code: 'store/full' })
})

test('once nobody reads the results, no further lines are begun', async (t) => {
  const { stdin, asked, done } = sending({}, 10)
  stdin.write('one\n')
  await turns()
  asked[0]!.answer(ACCEPTED)
  await t.rejects(done, ReaderGone)
  stdin.write('two\n')
  await turns()
  t.equal(asked.length, 1)
})

test('where the lines can be read no further, what was begun is told before it ends', async (t) => {
  const { stdin, asked, done, lines } = sending()
  stdin.write('one\n')
  await turns()
  stdin.destroy(Object.assign(new Error('read'), { code: 'EIO' }))
  await turns()
  asked[0]!.answer(ACCEPTED)
  await t.rejects(done, { code: 'file/unknown', message: 'stdin cannot be read' })
  t.match(lines(), [{ line: 1, status: 'accepted' }])
})
