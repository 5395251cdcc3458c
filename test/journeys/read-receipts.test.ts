import { test } from 'tap'

import { startSotto, succeed } from '../harness/index.js'
import { openScreen } from './support/open-screen.js'
import { beginPair } from './support/pair.js'

const F3 = '\u001bOR'
const RIGHT = '\u001b[C'
const SMALL = { columns: 80, rows: 24 }

interface Shown {
  readonly account: { readonly readReceipts?: boolean }
}

interface Sent {
  readonly id: string
}

test('with read receipts off others learn that a message came and not that it was read, until they are on', async (t) => {
  const { alice, bob } = await beginPair(t)
  const off = await succeed(bob.run(['account', 'edit', '--read-receipts', 'off', '--json']))
  t.match(off.json<Shown>(), { account: { readReceipts: false } })
  t.match((await succeed(bob.run(['account', 'show']))).stdout, /receipts +off/)

  const sent = await succeed(alice.run(['send', bob.handle, 'read me', '--json']))
  const { id } = sent.json<Sent>()
  await succeed(bob.run(['receive']))
  await succeed(bob.run(['conv', 'mark-read', alice.handle]))
  await succeed(bob.run(['send', alice.handle, 'I have read it', '--wait', 'accepted']))
  await succeed(alice.run(['receive']))
  const receipts = await succeed(alice.run(['message', 'receipts', id, '--json']))
  t.notMatch(receipts.stdout, /"read"/)

  await succeed(bob.run(['account', 'edit', '--read-receipts', 'on']))
  startSotto(t, alice.home, ['receive', '--follow'])
  startSotto(t, bob.home, ['receive', '--follow'])
  const again = alice.run(['send', bob.handle, 'and this?', '--wait', 'read', '--timeout', '60s'], {
    timeoutMs: 90_000,
  })
  await succeed(bob.run(['receive', '--as', 'second', '--timeout', '3s']))
  await succeed(bob.run(['conv', 'mark-read', alice.handle]))
  await succeed(again)
})

test('whoever shows nothing is shown nothing, and does not wait for what cannot come', async (t) => {
  const { alice, bob } = await beginPair(t)
  await succeed(alice.run(['account', 'edit', '--read-receipts', 'off']))
  const refused = await alice.run(['send', bob.handle, 'hi', '--wait', 'read', '--json'])
  t.match(refused.error(), { code: 'usage/invalid', exit: 64, message: /read receipts are off/ })
  t.equal((await succeed(alice.run(['outbox', 'list', '--json']))).stdout, '')
  t.match((await alice.run(['account', 'edit', '--read-receipts', 'maybe'])).code, 64)
})

test('the switch in the settings of the screen is the account’s, and outlives kill -9', async (t) => {
  const { alice } = await beginPair(t)
  const screen = openScreen(t, alice, SMALL)
  await screen.shows(/@bob\.42/)
  screen.type(F3)
  await screen.shows(/Privacy\n› Read receipts +on$/m)
  screen.type(RIGHT)
  await screen.shows(/› Read receipts +off$/m)
  process.kill(screen.pid, 'SIGKILL')
  await screen.ended
  t.match((await succeed(alice.run(['account', 'show', '--json']))).json<Shown>(), {
    account: { readReceipts: false },
  })
  const again = openScreen(t, alice, SMALL)
  await again.shows(/@bob\.42/)
  again.type(F3)
  await again.shows(/› Read receipts +off$/m)
})
