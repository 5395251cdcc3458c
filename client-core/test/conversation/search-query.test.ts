import { SottoError } from '@sotto/protocol'
import fc from 'fast-check'
import { test } from 'tap'
import {
  parseSearchQuery,
  QUERY_CHARACTERS_MAX,
  QUERY_TERMS_MAX,
} from '../../src/conversation/search-query.js'

const term = (text: string) => ({ text, prefix: false })

test('bare words must all be there', async (t) => {
  t.match(parseSearchQuery('  deploy \t failed\n'), {
    all: [[term('deploy')], [term('failed')]],
    none: [],
    operators: [],
  })
})

test('a phrase is one term, and so are words in curly quotation marks', async (t) => {
  t.same(parseSearchQuery('"roll back" now').all, [[term('roll back')], [term('now')]])
  t.same(parseSearchQuery('“roll back”').all, [[term('roll back')]])
})

test('a dash before a word or a phrase excludes it; one by itself or inside is text', async (t) => {
  t.same(parseSearchQuery('-no -"not this" well-known -').all, [[term('well-known')], [term('-')]])
  t.same(parseSearchQuery('-no -"not this"').none, [term('no'), term('not this')])
})

test('OR in capitals joins its neighbours, as many as there are', async (t) => {
  t.same(parseSearchQuery('a b OR "c d" OR e f').all, [
    [term('a')],
    [term('b'), term('c d'), term('e')],
    [term('f')],
  ])
  t.same(parseSearchQuery('this or that "OR"').all, [
    [term('this')],
    [term('or')],
    [term('that')],
    [term('OR')],
  ])
})

test('OR with nothing to join says how it is meant', async (t) => {
  for (const query of ['OR', 'a OR', 'OR a', 'a OR OR b', 'a OR -b', '-a OR b', 'from:@a OR b'])
    t.throws(() => parseSearchQuery(query), { code: 'usage/invalid', message: /^OR joins/ }, query)
})

test('a star at the end asks for beginnings, of a phrase too', async (t) => {
  t.same(parseSearchQuery('deploy* "roll ba"* -old*'), {
    all: [[{ text: 'deploy', prefix: true }], [{ text: 'roll ba', prefix: true }]],
    none: [{ text: 'old', prefix: true }],
    operators: [],
  })
  t.same(parseSearchQuery('* a*b "c*"').all, [[term('*')], [term('a*b')], [term('c*')]])
})

test('operators have a value, quoted where it holds a space; other colons are text', async (t) => {
  t.same(parseSearchQuery('from:@bob -in:me before:"yesterday 08:00"').operators, [
    { name: 'from', value: '@bob', excluded: false },
    { name: 'in', value: 'me', excluded: true },
    { name: 'before', value: 'yesterday 08:00', excluded: false },
  ])
  t.same(parseSearchQuery('http://example.com/ From:x 10:30 "from:@bob"').all.flat(), [
    term('http://example.com/'),
    term('From:x'),
    term('10:30'),
    term('from:@bob'),
  ])
})

test('what is not finished or not known is refused with what to write', async (t) => {
  const refused = (query: string) => {
    try {
      parseSearchQuery(query)
      return 'taken'
    } catch (thrown) {
      return thrown instanceof SottoError ? thrown.message : 'another error'
    }
  }
  t.equal(refused('"open'), 'a quotation mark is not closed')
  t.equal(refused('""'), 'there is nothing between the quotation marks')
  t.equal(refused('from: @bob'), 'from: has no value')
  t.equal(refused('(a OR b) c'), 'parentheses do not group')
  t.equal(refused('x'.repeat(QUERY_CHARACTERS_MAX + 1)), 'the query is too long')
  t.equal(refused('x '.repeat(QUERY_TERMS_MAX + 1)), 'the query has too many words')
  t.equal(refused('main() a)'), 'taken')
})

test('whatever is typed is a query or a usage error', (t) => {
  const pieces = [
    '"',
    '-',
    'OR',
    ' ',
    '*',
    'from:',
    '@bob',
    '(',
    ':',
    'a',
    '\0',
    '\ud800',
    '😀',
    '“',
  ]
  const typed = fc.oneof(
    fc.string(),
    fc.array(fc.constantFrom(...pieces)).map((all) => all.join('')),
  )
  const property = fc.property(typed, (written) => {
    try {
      const { all, none, operators } = parseSearchQuery(written)
      const texts = [...all.flat(), ...none].map(({ text }) => text)
      return [...texts, ...operators.map(({ value }) => value)].every((text) => text !== '')
    } catch (thrown) {
      return thrown instanceof SottoError && thrown.code === 'usage/invalid'
    }
  })
  fc.assert(property, { numRuns: 500 })
  t.end()
})
