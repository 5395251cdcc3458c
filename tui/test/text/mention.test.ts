import { test } from 'tap'

import { isNamedIn } from '../../src/text/mention.js'

test('a text names somebody by their username, whole or without its number', async (t) => {
  const named = ['@alice.42', 'ask @Alice.', '(@alice)', '@alice, come', 'x\n@ALICE.42!', '@alice.']
  t.same(
    named.filter((text) => isNamedIn(text, 'alice.42')),
    named,
  )
  const others = [
    ...['alice', 'alice.42', '@alice.421', '@alice.43', '@alicette', 'me@alice.42', '@@alice'],
    ...['@alice-b', '@alice_', 'https://x.org/@al', ''],
  ]
  t.same(
    others.filter((text) => isNamedIn(text, 'alice.42')),
    [],
  )
})
