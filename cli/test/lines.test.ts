import { Readable } from 'node:stream'

import { test } from 'tap'

import { readLines, type Line } from '../src/lines.js'

async function linesOf(...chunks: readonly (string | Uint8Array)[]): Promise<readonly Line[]> {
  const lines: Line[] = []
  const stream = Readable.from(chunks.map((chunk) => Buffer.from(chunk)))
  for await (const line of readLines(stream, 8)) lines.push(line)
  return lines
}

test('lines are cut at their ends, wherever the chunks are, and a last line needs none', async (t) => {
  t.same(await linesOf('one\ntw', 'o\r', '\n\nlast'), [
    { number: 1, text: 'one' },
    { number: 2, text: 'two' },
    { number: 3, text: '' },
    { number: 4, text: 'last' },
  ])
  t.same(await linesOf(''), [])
  t.same(await linesOf('one\n'), [{ number: 1, text: 'one' }])
})

test('a character may be torn between two chunks', async (t) => {
  const bytes = Buffer.from('süß\n')
  t.same(await linesOf(bytes.subarray(0, 2), bytes.subarray(2)), [{ number: 1, text: 'süß' }])
})

test('a line that is too long, or no text, is told by its number and the others go on', async (t) => {
  const lines = await linesOf(
    '12345678\r\n',
    '123456789\n',
    'x'.repeat(99_999),
    '\nok\n',
    new Uint8Array([0xff, 0x0a]),
  )
  t.match(lines, [
    { number: 1, text: '12345678' },
    { number: 2, error: { code: 'content/too-large' } },
    { number: 3, error: { code: 'content/too-large' } },
    { number: 4, text: 'ok' },
    { number: 5, error: { code: 'content/invalid' } },
  ])
})
