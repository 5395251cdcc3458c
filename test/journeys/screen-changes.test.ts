import { test, type Test } from 'tap'

import { historyOf, succeed, type Person, type Screen } from '../harness/index.js'
import { HeapSnapshots } from './support/heap-snapshots.js'
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

test('nothing of a deleted message is left in the memory of an open screen, nor of an edited text', async (t) => {
  const { alice, bob, dir } = await beginPair(t)
  const [first, second, answer] = ['xylophone-first', 'glockenspiel-second', 'marimba-own']
  await succeed(bob.run(['send', alice.handle, `${first} text`]))
  await succeed(alice.run(['receive']))
  const ofBob = await opened(t, bob, alice)
  const snapshots = new HeapSnapshots(dir)
  const screen = openScreen(t, alice, { env: snapshots.env })
  const held = async (): Promise<readonly string[]> => {
    const heap = await snapshots.take(screen.pid)
    return [first, second, answer].filter((word) => heap.includes(word))
  }
  await screen.shows(/@bob\.42/)
  screen.type('\r')
  await screen.shows(new RegExp(`${first}[^]*^.*> *$`, 'm'))
  screen.type(UP)
  await screen.shows(/Enter menu/)
  screen.type('q')
  await screen.shows(/replying to/)
  screen.type(`${answer}\r`)
  await screen.shows(new RegExp(`│ @bob.42: ${first}[^]*${answer}`))
  t.same(await held(), [first, answer])

  ofBob.type(`/edit ${second} text\r`)
  await screen.shows(new RegExp(`│ @bob.42: ${second}`))
  t.same(await held(), [second, answer])

  ofBob.type('/delete\r')
  await ofBob.shows(/Delete the message of You/)
  ofBob.type('\r')
  await screen.shows(/message deleted[^]*│ @bob.42: message deleted/)
  t.same(await held(), [answer])

  screen.type('/edit\r')
  await screen.shows(new RegExp(`> ${answer}`))
  screen.type(' more')
  await screen.shows(new RegExp(`> ${answer} more`))
  screen.type(ESC)
  await screen.until(({ text }) => !text.includes('more'), 'the edit is left')
  screen.type('/delete\r')
  await screen.shows(/Delete the message of You/)
  screen.type('\r')
  await screen.until(({ text }) => !text.includes(answer), 'gone')
  t.same(await held(), [])
})
test('what another shell changes is on the open screen at once, and a draft stays', async (t) => {
  const { alice, bob } = await beginPair(t)
  await succeed(bob.run(['send', alice.handle, 'the first text']))
  await succeed(alice.run(['receive']))
  const screen = await opened(t, alice, bob)
  await screen.shows(/the first text/)
  screen.type('half a draft')
  await screen.shows(/> half a draft/)
  await succeed(bob.run(['message', 'edit', '@last', 'the second text']))
  await screen.shows(/edited[^]*the second text/)
  await succeed(alice.run(['message', 'react', '@last', '🎉']))
  await screen.shows(/\[🎉 you\]/u)
  await succeed(bob.run(['message', 'delete', '@last', '--everyone', '--yes']))
  await screen.shows(/message deleted[^]*> half a draft/)
})
