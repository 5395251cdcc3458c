import { test, type Test } from 'tap'

import type { Screen } from '../harness/index.js'
import { historyOf, succeed, type Person, type ScreenOptions } from '../harness/index.js'
import { openScreen } from './support/open-screen.js'
import { beginPair } from './support/pair.js'

const PASTE_BEGIN = '\u001b[200~'
const PASTE_END = '\u001b[201~'
const CTRL_F = '\u0006'
const CTRL_END = '\u001b[1;5F'

/** The edge between the list and the conversation stands in one column, on every line but two. */
function frameOf(screen: Screen): readonly number[] {
  return [...new Set(screen.columnsOf('│').slice(1, -1))]
}

async function opened(t: Test, person: Person, size: Partial<ScreenOptions> = {}): Promise<Screen> {
  const screen = openScreen(t, person, size)
  await screen.shows(/@bob\.42/)
  screen.type('\r')
  await screen.shows(/^.*> *$/m)
  return screen
}

test('what is hostile in a text leaves the screen whole', async (t) => {
  const { alice, bob } = await beginPair(t)
  const hostile = [
    '\u001b[2J\u001b[H\u001b]0;owned\u0007cleared',
    '\u202eesrever\u2066 bidi',
    `zero${'\u200b\u200d'.repeat(400)}width`,
    `tall e${'\u0301'.repeat(400)}`,
    `wide ${'漢'.repeat(120)}`,
    'flags 🇩🇪👨‍👩‍👧‍👦👍🏽 and \u0000 nul',
  ]
  for (const input of hostile) await succeed(bob.run(['send', alice.handle], { input }))
  await succeed(alice.run(['receive']))
  const screen = await opened(t, alice)
  await screen.shows(/\\x1b\[2J.*cleared/)
  t.strictSame(frameOf(screen), [24])
  screen.type(CTRL_END)
  await screen.shows(/nul/)
  t.strictSame(frameOf(screen), [24])
  t.match(screen.lines[0], /^ sotto/)
  t.notMatch(screen.text, /\u202e/)
})

test('a terminal that lies about widths has its panes in their places, and gets what is typed', async (t) => {
  const { alice, bob } = await beginPair(t)
  const wide = `wide ${'漢'.repeat(60)} 👨‍👩‍👧‍👦 e\u0301 end`
  await succeed(bob.run(['send', alice.handle], { input: wide }))
  await succeed(alice.run(['receive']))
  const screen = await opened(t, alice, { answers: 'wrong' })
  await screen.shows(/ end$/m)
  t.strictSame(frameOf(screen), [24])
  screen.type('漢字 as typed\r')
  await screen.shows(/You [^]*as typed/)
  t.strictSame(frameOf(screen), [24])
  t.equal((await historyOf(alice, bob.handle)).at(-1)?.message.text, '漢字 as typed')
})

test('a message of 3,000 lines is shown in part, and whole when it is asked for', async (t) => {
  const { alice, bob } = await beginPair(t)
  const text = Array.from({ length: 3_000 }, (_, at) => `line ${String(at + 1)}`).join('\n')
  await succeed(bob.run(['send', alice.handle], { input: text }))
  await succeed(alice.run(['receive']))
  const screen = await opened(t, alice)
  await screen.shows(/line 1$/m)
  screen.type(CTRL_END)
  await screen.shows(/line 60\n.*2940 more lines/)
  screen.type('\u001b[A')
  await screen.shows(/Enter menu/)
  screen.type('\r')
  await screen.until(({ text: seen }) => !seen.includes('more lines'), 'all of it')
  screen.type('G')
  await screen.shows(/line 3000$/m)
  t.strictSame(frameOf(screen), [24])
})

test('a paste of a megabyte is refused with its reason, and what was written stays', async (t) => {
  const { alice } = await beginPair(t)
  const screen = await opened(t, alice)
  screen.type('kept')
  await screen.shows(/> kept/)
  screen.type(PASTE_BEGIN + 'x'.repeat(1024 * 1024) + PASTE_END)
  await screen.shows(/Too long by \d+ bytes: not added/)
  t.match(screen.text, /> kept/)
})

test('a long paste is a chip, which is asked about before it goes, and goes whole', async (t) => {
  const { alice, bob } = await beginPair(t)
  const pasted = Array.from({ length: 40 }, (_, at) => `pasted ${String(at)}`).join('\n')
  const screen = await opened(t, alice)
  screen.type(`${PASTE_BEGIN}${pasted}${PASTE_END}`)
  await screen.shows(/> \[pasted 40 lines\]/)
  screen.type('\r')
  await screen.shows(/Long paste: Enter sends, Alt\+E shows it/)
  screen.type('\r')
  await screen.shows(/pasted 39/)
  await succeed(bob.run(['receive']))
  t.match((await historyOf(bob, alice.handle)).at(-1), { message: { text: pasted } })
})

test('of a block from a terminal that does not mark what is pasted nothing goes before Enter', async (t) => {
  const { alice, bob } = await beginPair(t)
  const screen = await opened(t, alice, { answers: 'none' })
  screen.type('deploy\rdrop table\rit is all\r')
  await screen.shows(/> deploy\n.* drop table\n.* it is all/)
  t.strictSame(
    (await historyOf(alice, bob.handle)).map(({ message }) => message.text),
    [],
    'nothing was sent',
  )
  screen.type('\r')
  await screen.shows(/You [^]*deploy[^]*it is all/)
  const [sent, ...others] = await historyOf(alice, bob.handle)
  t.match(sent?.message.text, /^deploy\ndrop table\nit is all/)
  t.strictSame(others, [], 'as one message')
})

test('what is looked for is found far above, and Esc leads back', async (t) => {
  const { alice, bob } = await beginPair(t)
  await succeed(bob.run(['send', alice.handle, 'the needle in the hay']))
  const hay = Array.from({ length: 150 }, (_, at) => `hay ${String(at)}`)
  await succeed(bob.run(['send', alice.handle, '--lines'], { input: `${hay.join('\n')}\n` }))
  await succeed(alice.run(['receive']))
  await succeed(alice.run(['conv', 'mark-read', bob.handle]))
  const screen = await opened(t, alice)
  await screen.shows(/hay 149/)
  t.notMatch(screen.text, /needle/)
  screen.type(CTRL_F)
  await screen.shows(/search: *$/m)
  screen.type('needle\r')
  await screen.shows(/the needle in the hay[^]*search: needle +1 of 1/)
  screen.type('\u001b')
  await screen.shows(/hay 149[^]*> *$/m)
})

test('a command, a mention and an emoji are completed above the draft', async (t) => {
  const { alice } = await beginPair(t)
  const screen = await opened(t, alice)
  screen.type('/arc')
  await screen.shows(/› \/archive/)
  screen.type('\u0015@bo')
  await screen.shows(/› @bob\.42/)
  screen.type('\t')
  await screen.shows(/> @bob\.42/)
  screen.type(':rocke')
  await screen.shows(/:rocket:/)
  screen.type('\u001b')
  await screen.until(({ text }) => !text.includes(':rocket:'), 'no choices')
  t.strictSame(frameOf(screen), [24])
})

test('at every width each pane is in its place', async (t) => {
  const { alice, bob } = await beginPair(t)
  await succeed(bob.run(['send', alice.handle, `a long one ${'word '.repeat(60)}`]))
  await succeed(alice.run(['receive']))
  const screen = await opened(t, alice, { columns: 120, rows: 36 })
  for (const columns of [80, 79, 60, 40]) {
    screen.resize(columns, 24)
    await screen.until(
      ({ lines }) => {
        const [title = '', ...rest] = lines
        const isFramed = title.startsWith(' sotto') && rest.at(-1)?.includes('Enter') === true
        return isFramed && rest.at(-2)?.endsWith('>') === true
      },
      `${String(columns)} columns`,
    )
  }
  t.pass()
})
