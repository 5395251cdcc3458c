import { SottoError } from '@sotto/protocol'
import fc from 'fast-check'
import { test } from 'tap'
import { searchMessages, type SearchRequest } from '../../src/conversation/search.js'
import { friends, strangers, type Desk } from '../support/desk.js'

function texts(desk: Desk, request: SearchRequest | string) {
  const asked = typeof request === 'string' ? { query: request } : request
  return searchMessages(desk.person.core, asked).map(({ message }) => message.text)
}

test('a search says who wrote what where, and where the match is', async (t) => {
  const { alice, bob } = await friends(t)
  await alice.write(bob, 'the deploy failed')
  await bob.catchUp()
  const [found] = searchMessages(bob.person.core, { query: 'deploy from:@alice.42' })
  t.match(found, {
    message: { text: 'the deploy failed' },
    sender: { id: alice.person.id, self: false },
    conversation: { kind: 'direct', name: '@alice.42' },
    match: { start: 4, end: 10 },
  })
})

test('operators in the query and beside it are the same; of several from: any', async (t) => {
  const { alice, bob } = await friends(t)
  await alice.write(bob, 'one')
  await bob.catchUp()
  await bob.write(alice, 'two')
  const both = ['two', 'one', 'hi', 'hello']
  t.same(texts(bob, 'from:me'), ['two', 'hi'])
  t.same(texts(bob, { from: ['me'] }), ['two', 'hi'])
  t.same(texts(bob, '-from:me'), ['one', 'hello'])
  t.same(texts(bob, 'from:me from:@alice.42'), both)
  t.same(texts(bob, 'in:@alice.42'), both)
  t.same(texts(bob, { query: 'from:me', in: ['me'] }), [])
  t.same(texts(bob, { in: [`id:${bob.conversation(alice)[0]!.conversation}`], limit: 1 }), ['two'])
  t.same(texts(bob, { query: 'one', has: ['link'] }), [])
  t.same(texts(bob, 'one type:text'), ['one'])
})

test('time is written as everywhere, and an age is that long ago', async (t) => {
  const { alice, bob } = await friends(t)
  const message = alice.compose(bob, 'one')
  t.same(texts(alice, 'one after:yesterday before:tomorrow'), ['one'])
  t.same(texts(alice, 'one after:7d'), ['one'])
  t.same(texts(alice, 'one before:7d'), [])
  t.same(texts(alice, { query: 'one', after: '2000-01-01', before: '2000-01-02T00:00:00Z' }), [])
  t.same(texts(alice, `before:${message}`), ['hi', 'hello'])
  t.same(texts(alice, `before:${message} -hello`), ['hi'])
})

test('what a query names and is not there, or not known yet, says so', async (t) => {
  const { alice } = await friends(t)
  const refused = (query: string) => {
    try {
      return texts(alice, query)
    } catch (thrown) {
      return thrown instanceof SottoError ? thrown.exitCode : thrown
    }
  }
  for (const query of ['from:@nobody', 'in:@nobody.99', 'from:bob', 'in:id:c_00000000'])
    t.equal(refused(query), 67, query)
  for (const query of ['', '   ', 'has:file', 'type:poll', '-has:link', 'before:soon', '-after:1d'])
    t.equal(refused(query), 64, query)
  t.equal(refused('before:m_00000000'), 67)
})

test('a request is found only once it is accepted', async (t) => {
  const { alice, bob } = strangers(t)
  await alice.add(bob)
  await alice.write(bob, 'needle of a stranger')
  await bob.catchUp()
  t.same(texts(bob, 'needle'), [])
  t.same(texts(bob, '-absent'), [])
  await bob.accept(alice)
  t.same(texts(bob, 'needle'), ['needle of a stranger'])
})

test('whatever is typed, a search finds or says what is wrong with it', async (t) => {
  const { alice, bob } = await friends(t)
  await alice.write(bob, 'AND NOT NEAR("x") {body}: ^a + * "quoted" 😀 \\ -- ;')
  const pieces = ['"', '-', ' OR ', ' ', '*', 'NEAR(', '{place}:', '^', '+', ')', "'", ';', ':']
  const more = [
    'AND',
    'NOT',
    'body',
    '😀',
    '\0',
    '\ud800',
    'a',
    'in:',
    'from:me',
    'has:link',
    'é',
    '日',
  ]
  const typed = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.constantFrom(...pieces, ...more)).map((all) => all.join('')),
  )
  const property = fc.property(typed, (query) => {
    try {
      texts(alice, query)
      return true
    } catch (thrown) {
      return thrown instanceof SottoError && [64, 67].includes(thrown.exitCode)
    }
  })
  fc.assert(property, { numRuns: 300 })
})
