import { test, type Test } from 'tap'

import { historyOf, succeed, type Person, type Screen } from '../harness/index.js'
import { openScreen } from './support/open-screen.js'
import { beginPair } from './support/pair.js'

const ESC = '\u001b'
const UP = '\u001b[A'

/** Both look at the conversation with each other, which has a message of each. */
async function bothLook(t: Test) {
  const pair = await beginPair(t)
  const { alice, bob } = pair
  await succeed(bob.run(['send', alice.handle, 'hello from bob']))
  await succeed(alice.run(['receive']))
  const screens = [await opened(t, alice, bob), await opened(t, bob, alice)] as const
  screens[0].type('hello from alise\r')
  for (const screen of screens) await screen.shows(/hello from bob[^]*hello from alise/)
  return { ...pair, screens }
}

async function opened(t: Test, person: Person, other: Person): Promise<Screen> {
  const screen = openScreen(t, person)
  await screen.shows(new RegExp(other.handle.replace('.', String.raw`\.`)))
  screen.type('\r')
  await screen.shows(/^.*> *$/m)
  return screen
}

test('what one reacts, edits and deletes is on the other’s open screen, both ways', async (t) => {
  const { alice, bob, screens } = await bothLook(t)
  const [ofAlice, ofBob] = screens

  ofBob.type(UP)
  await ofBob.shows(/Enter menu/)
  ofBob.type('r')
  await ofBob.shows(/React to @alice\.42: hello from alise/)
  ofBob.type('2')
  await ofBob.shows(/hello from alise\n.*\[❤️? you\]/u)
  await ofAlice.shows(/hello from alise.*\n.*❤️? @bob\.42/u)

  ofAlice.type('/edit\r')
  await ofAlice.shows(/editing {2}hello from alise[^]*> hello from alise/)
  ofAlice.type('\u007f\u007fce\r')
  await ofAlice.shows(/edited \d\d:\d\d[^]*hello from alice\n.*❤/)
  await ofBob.shows(/edited \d\d:\d\d[^]*hello from alice\n.*\[❤/)

  ofBob.type('r')
  await ofBob.shows(/take it back/)
  ofBob.type('\r')
  for (const screen of screens) await screen.until(({ text }) => !text.includes('❤'), 'no reaction')

  ofAlice.type('/react thumbsup\r')
  await ofAlice.shows(/hello from bob\n.*\[👍 you\]/u)
  await ofBob.shows(/hello from bob.*\n.*👍 @alice\.42/u)

  ofAlice.type('/delete\r')
  await ofAlice.shows(/Delete the message of You: hello from alice[^]*› Delete it for everyone/)
  ofAlice.type('\r')
  for (const screen of screens) await screen.shows(/message deleted/)
  for (const screen of screens) t.notMatch(screen.text, /hello from ali/)

  ofBob.type(UP)
  await ofBob.shows(/Enter menu/)
  ofBob.type('d')
  await ofBob.shows(/Delete the message of You: hello from bob/)
  ofBob.type(`${ESC}[B\r`)
  await ofBob.until(({ text }) => !text.includes('hello from bob'), 'gone here')
  t.match(ofAlice.text, /hello from bob/)

  const [kept, gone] = await historyOf(alice, bob.handle)
  t.match(kept, { message: { text: 'hello from bob', reactions: [{ emoji: '👍' }] } })
  t.match(gone, { message: { text: null, deleted: true } })
})
