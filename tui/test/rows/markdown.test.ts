import fc from 'fast-check'
import { test } from 'tap'

import { lexInline } from '../../src/rows/inline.js'
import { markdownLines } from '../../src/rows/markdown.js'
import { BOLD, ITALIC, STRIKE, type Span } from '../../src/rows/row.js'
import { UNICODE_SIGNS } from '../../src/rows/signs.js'
import { makeWidths, STANDARD } from '../../src/text/widths.js'
import { HOSTILE_TEXT } from '../support/texts.js'

const OPTIONS = { widths: makeWidths(STANDARD), signs: UNICODE_SIGNS }

function inline(text: string): readonly Span[] {
  const joined: Span[] = []
  for (const span of lexInline(text, 'text')) {
    const last = joined.at(-1)
    const isSame = last?.role === span.role && last.marks === span.marks && last.link === span.link
    if (isSame) joined[joined.length - 1] = { ...last, text: last.text + span.text }
    else joined.push(span)
  }
  return joined
}

function block(text: string): readonly string[] {
  return markdownLines(text, OPTIONS).map(({ first, spans }) =>
    [...first, ...spans].map((span) => span.text).join(''),
  )
}

test('bold, italic, struck and code look so', async (t) => {
  t.same(inline('**b** *i* ~~s~~ `c`'), [
    { text: 'b', role: 'text', marks: BOLD },
    { text: ' ', role: 'text' },
    { text: 'i', role: 'text', marks: ITALIC },
    { text: ' ', role: 'text' },
    { text: 's', role: 'text', marks: STRIKE },
    { text: ' ', role: 'text' },
    { text: 'c', role: 'code' },
  ])
})

test('emphasis is nested, and goes over a line end', async (t) => {
  t.same(inline('**b *i*\nb**'), [
    { text: 'b ', role: 'text', marks: BOLD },
    { text: 'i', role: 'text', marks: BOLD | ITALIC },
    { text: '\nb', role: 'text', marks: BOLD },
  ])
})

test('what is no emphasis stays as it was written', async (t) => {
  const texts = [
    ...['snake_case_name', '2*3*4', '* not', 'a ** b', '****', '~/foo and ~/bar', '`open', '\\x1b'],
    ...['**never closed', '[label](no address)', '[label](javascript:alert(1))', '<b>html</b>'],
  ]
  t.same(
    texts.map((text) => inline(text)),
    texts.map((text) => [{ text, role: 'text' }]),
  )
})

test('where two begin, the one that is closed counts', async (t) => {
  t.same(inline('*a **b* c'), [
    { text: 'a **b', role: 'text', marks: ITALIC },
    { text: ' c', role: 'text' },
  ])
})

test('a backslash takes a sign for what it is', async (t) => {
  t.same(inline('\\*a\\*'), [{ text: '*a*', role: 'text' }])
})

test('text without blanks is emphasised inside', async (t) => {
  t.same(inline('这是*重点*内容')[1], { text: '重点', role: 'text', marks: ITALIC })
})

test('an address is a link up to what ends the sentence', async (t) => {
  t.same(inline('(see https://example.org/a_b).'), [
    { text: '(see ', role: 'text' },
    { text: 'https://example.org/a_b', role: 'link', link: 'https://example.org/a_b' },
    { text: ').', role: 'text' },
  ])
})

test('a label that is not where it leads stands beside the real host', async (t) => {
  t.same(inline('[docs](https://example.org/x)'), [
    { text: 'docs', role: 'link', link: 'https://example.org/x' },
    { text: ' (example.org)', role: 'host' },
  ])
})

test('a label that looks like another address is marked', async (t) => {
  const [label, host] = inline('[https://bank.example/login](https://evil.example/)')
  t.same(label, { text: 'https://bank.example/login', role: 'link', link: 'https://evil.example/' })
  t.same(host, { text: ' (evil.example)', role: 'bad' })
  t.same(inline('[bank.example](https://bank.example.evil.org)')[1]?.role, 'bad')
})

test('a label that is the address needs nothing beside it', async (t) => {
  t.equal(inline('[example.org/a](https://example.org/a)').length, 1)
})

test('an address that hides its host says it', async (t) => {
  t.same(inline('https://bank.example@evil.example/')[1], { text: ' (evil.example)', role: 'bad' })
  t.match(inline('https://bаnk.example/')[1], { text: / \(xn--/, role: 'bad' })
})

test('usernames are mentions, mail addresses are not', async (t) => {
  t.same(inline('@bob.42 x@bob.42'), [
    { text: '@bob.42', role: 'mention' },
    { text: ' x@bob.42', role: 'text' },
  ])
})

test('quotes have bars, lists hang, headings are bold, and line ends stay', async (t) => {
  t.same(block('# Plan\n> why\n> > so\n- one\n  2. two\na\n\nb'), [
    ...['Plan', '│ why', '│ │ so', '• one', '  2. two', 'a', '', 'b'],
  ])
  t.same(markdownLines('# Plan', OPTIONS)[0]?.spans, [
    { text: 'Plan', role: 'heading', marks: BOLD },
  ])
})

test('code between fences is as it was written, with its language above', async (t) => {
  t.same(block('a\n```ts\nconst *a* = 1\n\n  b\n```\nc'), [
    ...['a', '│ ts', '│ const *a* = 1', '│ ', '│   b', 'c'],
  ])
  t.same(block('```\nnever closed'), ['│ never closed'])
})

test('what HTML would be is text', async (t) => {
  t.same(block('<script>x</script> &amp; <!-- c -->'), ['<script>x</script> &amp; <!-- c -->'])
})

/** What took other lexers minutes, or their stack. */
const NESTINGS = [
  ...['*[`>', '*a_', '_a', '**a', 'a**b', '[', '![', '](', '[a](', '[](', '`', '`a``', '>', '> - '],
  ...[
    'http://[',
    '<http://',
    '~~a ',
    '\\',
    '***a ',
    '(',
    '@a',
    '1. ',
    '# ',
    '```\n',
    '[a](http://b',
  ],
]

for (const nesting of NESTINGS) {
  test(`60 KB of ${JSON.stringify(nesting)} cost a bounded number of steps a character`, async (t) => {
    const text = nesting.repeat(Math.ceil(60_000 / nesting.length))
    const steps = { count: 0 }
    t.ok(markdownLines(text, { ...OPTIONS, steps }).length > 0)
    t.ok(steps.count <= 6 * text.length, `${String(steps.count)} steps`)
  })
}

test('no text comes out of it with anything that a terminal would obey', async (t) => {
  const property = fc.property(HOSTILE_TEXT, (text) =>
    markdownLines(text, OPTIONS).every(({ spans }) =>
      spans.every(
        (span) => !/[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u202a-\u202e]/.test(span.text),
      ),
    ),
  )
  fc.assert(property)
  t.pass('for every text that was tried')
})
