import { UsageError } from '@sotto/protocol'
import { test } from 'tap'

import { parseFields, pickFields } from '../src/print/fields.js'

const EVENT = {
  seq: 1,
  sender: { handle: '@bob.42', name: null },
  message: { id: 'm_1', text: 'hi' },
}

test('the named fields are kept where they are, and what is not there is left out', async (t) => {
  t.same(pickFields(EVENT, parseFields('message.text, seq,nothing.here')), {
    seq: 1,
    message: { text: 'hi' },
  })
})

test('a field that is named as a whole is kept as a whole', async (t) => {
  t.same(pickFields(EVENT, parseFields('sender,sender.handle')), { sender: EVENT.sender })
  t.same(pickFields(EVENT, parseFields('sender.handle,sender')), { sender: EVENT.sender })
})

test('of a list the field of each is kept', async (t) => {
  const sent = { results: [{ recipient: '@bob.42', id: 'm_1' }, { recipient: 'me' }] }
  t.same(pickFields(sent, parseFields('results.id')), { results: [{ id: 'm_1' }, {}] })
})

test('what names no field is refused', async (t) => {
  for (const text of ['', ',', 'a,', '.a', 'a..b']) t.throws(() => parseFields(text), UsageError)
})
