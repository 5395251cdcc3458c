import { test } from 'tap'

import { succeed } from '../harness/index.js'
import { beginPair } from './support/pair.js'

/** Dies at the mark: SIGKILL, nothing is cleaned up. */
const at = (name: string) => ({ env: { SOTTO_CRASHPOINT: name } })

interface AccountLine {
  readonly account: { readonly username: string | null }
}

for (const name of ['account.renamed', 'account.edited']) {
  test(`a change of username that dies at ${name} is finished by the same command`, async (t) => {
    const { alice, bob } = await beginPair(t)
    const edit = ['account', 'edit', '--username', 'alice.77', '--json']

    const died = await alice.run(edit, at(name))
    const again = await succeed(alice.run(edit))
    const shown = await succeed(alice.run(['account', 'show', '--json']))
    const found = await bob.run(['contact', 'add', '@alice.77', '--json'])

    t.equal(died.signal, 'SIGKILL')
    t.match(again.json<AccountLine>(), { account: { username: 'alice.77' } })
    t.match(shown.json<AccountLine>(), { account: { username: 'alice.77' } })
    t.equal(found.code, 0, found.stderr)
  })
}

test('a change of username that died before the label was written is seen by the next command', async (t) => {
  const { alice } = await beginPair(t)

  await alice.run(['account', 'edit', '--username', 'alice.77'], at('account.edited'))
  const before = await succeed(alice.run(['account', 'show', '--json']))
  await succeed(alice.run(['contact', 'list']))
  const after = await succeed(alice.run(['account', 'show', '--json']))

  t.match(before.json<AccountLine>(), { account: { username: 'alice.42' } })
  t.match(after.json<AccountLine>(), { account: { username: 'alice.77' } })
})
