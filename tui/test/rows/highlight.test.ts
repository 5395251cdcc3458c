import fc from 'fast-check'
import { test } from 'tap'

import { highlightCode } from '../../src/rows/highlight.js'

test('keywords, strings, numbers, comments and calls are told apart', async (t) => {
  t.same(highlightCode([`const a = f('x', 1) // c`], 'ts'), [
    [
      { text: 'const', role: 'code-keyword' },
      { text: ' a = ', role: 'code' },
      { text: 'f', role: 'code-name' },
      { text: '(', role: 'code' },
      { text: `'x'`, role: 'code-string' },
      { text: ', ', role: 'code' },
      { text: '1', role: 'code-number' },
      { text: ') ', role: 'code' },
      { text: '// c', role: 'code-comment' },
    ],
  ])
})

test('comments and strings over several lines go on', async (t) => {
  const [, comment] = highlightCode(['/* a', 'b */ if'], 'rust')
  t.same(
    comment?.map(({ role }) => role),
    ['code-comment', 'code', 'code-keyword'],
  )
  const [, string] = highlightCode(['"""a', 'b"""'], 'python')
  t.same(string, [{ text: 'b"""', role: 'code-string' }])
})

test('a difference has what came and what went', async (t) => {
  const lines = highlightCode(['@@ -1 +1 @@', '-a', '+b', ' c'], 'diff')
  t.same(
    lines.map(([span]) => span?.role),
    ['code-keyword', 'code-removed', 'code-added', 'code'],
  )
})

test('SQL is in any case, and an unknown language has no colours', async (t) => {
  t.equal(highlightCode(['SELECT 1'], 'sql')[0]?.[0]?.role, 'code-keyword')
  t.same(highlightCode(['if 1'], 'brainfuck'), [[{ text: 'if 1', role: 'code' }]])
})

test('the colours of a code change nothing in it', async (t) => {
  const languages = fc.constantFrom(
    'ts',
    'c',
    'rust',
    'go',
    'py',
    'rb',
    'sh',
    'sql',
    'yaml',
    'html',
    'diff',
  )
  const line = fc.string({
    unit: fc.oneof(
      fc.constantFrom(
        '/*',
        '*/',
        '//',
        '#',
        '"',
        "'",
        '`',
        '"""',
        '\\',
        '<!--',
        ' ',
        'if',
        '0x1',
        '東',
      ),
      fc.string({ minLength: 1, maxLength: 1, unit: 'binary' }),
    ),
  })
  const property = fc.property(languages, fc.array(line), (language, lines) => {
    const back = highlightCode(lines, language).map((spans) =>
      spans.map(({ text }) => text).join(''),
    )
    return back.join('\n') === lines.join('\n')
  })
  fc.assert(property)
  t.pass('for every code that was tried')
})
