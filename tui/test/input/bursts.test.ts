import { test } from 'tap'

import { Bursts } from '../../src/input/bursts.js'
import { InputDecoder } from '../../src/input/decoder.js'

/** What the bytes of some reads come to, each so many milliseconds after the one before. */
function told(reads: readonly string[], betweenMs = 5): readonly string[] {
  const [decoder, bursts] = [new InputDecoder(), new Bursts()]
  return reads.flatMap((read, at) =>
    bursts.read(decoder.push(Buffer.from(read)), at * betweenMs).map((event) => {
      if (event.kind === 'text') return event.text
      if (event.kind === 'paste')
        return `paste ${JSON.stringify(event.text)} ${String(event.bytes)}`
      return event.kind === 'key' ? event.key : event.kind
    }),
  )
}

test('what is typed and sent stays what it is, however it is read', (t) => {
  t.strictSame(told(['hello\r']), ['hello', 'enter'])
  t.strictSame(told(['hel', 'lo', '\r', 'you\r']), ['hel', 'lo', 'enter', 'you', 'enter'])
  t.strictSame(told(['\r\r']), ['enter', 'enter'])
  t.strictSame(told(['\u001b[A\r', 'hi\t']), ['up', 'enter', 'hi', 'tab'])
  t.end()
})

test('a text behind Enter in one read was pasted, with all that stands around it', (t) => {
  t.strictSame(told(['one\r\ttwo ü\rthree\r']), ['paste "one\\n\\ttwo ü\\nthree\\n" 18'])
  t.strictSame(told(['\u001b[Bone\rtwo\u001b[A']), ['down', 'paste "one\\ntwo" 7', 'up'])
  t.end()
})

test('what comes right behind it belongs to it, and what comes later is typed', (t) => {
  t.strictSame(told(['one\rtwo', '\r', 'three\r']), [
    ...['paste "one\\ntwo" 7', 'paste "\\n" 1', 'paste "three\\n" 6'],
  ])
  t.strictSame(told(['one\rtwo', 'three\r'], 60), ['paste "one\\ntwo" 7', 'three', 'enter'])
  t.end()
})

test('a paste that is marked is no part of a run', (t) => {
  t.strictSame(told(['a\r\u001b[200~b\u001b[201~\r']), ['a', 'enter', 'paste "b" 1', 'enter'])
  t.end()
})
