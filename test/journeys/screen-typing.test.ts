import { test } from 'tap'

import { startSotto, succeed } from '../harness/index.js'
import { openScreen } from './support/open-screen.js'
import { beginPair } from './support/pair.js'

const SIZE = { columns: 80, rows: 24 }
const ALONE = { columns: 40, rows: 12 }

interface Told {
  readonly type: string
}

test('who types is seen by the other while they do, at 40 columns too, and not once it is switched off', async (t) => {
  const { alice, bob } = await beginPair(t)
  await succeed(bob.run(['send', alice.handle, 'hello']))
  await succeed(alice.run(['receive']))
  await succeed(alice.run(['send', bob.handle, 'hi']))
  await succeed(bob.run(['receive']))
  await succeed(alice.run(['receive']))
  const types = 'typing.started,typing.stopped,backlog.done'
  const heard = startSotto(t, alice.home, ['receive', '--follow', '--json', '--type', types])
  await heard.json<Told>(({ type }) => type === 'backlog.done')
  const hears = (wanted: string) => heard.json<Told>(({ type }) => type === wanted)

  const screen = openScreen(t, bob, SIZE)
  await screen.shows(/@alice\.42/)
  screen.type('\r')
  await screen.shows(/hello/)
  screen.type('a thought')
  await hears('typing.started')
  screen.type('\u0003')
  await hears('typing.stopped')

  const other = openScreen(t, alice, ALONE)
  await other.shows(/@bob\.42/)
  other.type('\r')
  await other.shows(/hello/)
  screen.type('another')
  await other.shows(/@bob\.42.*typing\.\.\./)
  screen.type(' one\r')
  await other.shows(/another one/)
  await other.until(({ text }) => !text.includes('typing'), 'it to end with the message')
  other.type('/typing off\r')
  await other.shows(/Who is typing: off/)
})
