import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { test, type Test } from 'tap'

import {
  historyOf,
  isolatedEnvironment,
  Screen,
  SOTTO,
  succeed,
  type Person,
} from '../harness/index.js'
import { openScreen, writeDraft } from './support/open-screen.js'
import { beginPair } from './support/pair.js'

const LOW = { rows: 24 }

const ENTERED = '\u001b[?1049h'
/** How a terminal is that nobody has told anything. */
const UNTOLD = {
  ...{ bracketedPasteMode: false, mouseTrackingMode: 'none', sendFocusMode: false },
  ...{ wraparoundMode: true, applicationCursorKeysMode: false, synchronizedOutputMode: false },
}

/** A shell with job control, which has the screen as its job. */
async function openShell(t: Test, { home }: Person): Promise<Screen> {
  const env = isolatedEnvironment(home, {
    ...{ SOTTO_HOME: home, TERM: 'xterm-256color', PS1: 'shell> ' },
  })
  const shell = new Screen(t, {
    ...{ by: ['bash', '--norc', '--noediting'], program: '-i', env, columns: 100, rows: 24 },
  })
  await shell.shows(/shell>$/m)
  shell.type(`'${process.execPath}' '${SOTTO}'\r`)
  await shell.until(({ isFull }) => isFull, 'the other screen')
  await shell.shows(/@bob\.42/)
  return shell
}

/** Opens the conversation with Bob and writes what is not sent. */
function isRestored(t: Test, screen: Screen): void {
  t.notOk(screen.isFull, 'what was on the terminal is there')
  t.match(screen.modes, UNTOLD)
  t.ok(screen.bytes.includes('\u001b[<u'), 'keys are as they were')
  t.ok(screen.bytes.trimEnd().lastIndexOf('\u001b[?25h') > screen.bytes.lastIndexOf('\u001b[?25l'))
}

test('Ctrl-Z stops it, the shell has its terminal, and fg brings back what was written', async (t) => {
  const { alice } = await beginPair(t)
  const shell = await openShell(t, alice)
  await writeDraft(shell, 'half a though')

  shell.type('\u001a')
  await shell.shows(/Stopped/)
  isRestored(t, shell)
  shell.type('stty -a\r')
  await shell.shows(/[^-]icanon[^]*[^-]echo /)
  shell.resize(90, 20)
  shell.type('fg\r')
  await shell.until(({ isFull }) => isFull, 'the other screen')
  await shell.shows(/> half a though/)
  await shell.until(({ lines }) => / Enter send /.test(lines[19] ?? ''), 'the last line of 20')
  shell.type('t')
  await shell.shows(/> half a thought/)
})

test('a stop that somebody else sends is the same', async (t) => {
  const { alice } = await beginPair(t)
  const shell = await openShell(t, alice)
  shell.type('\u001a')
  await shell.shows(/Stopped/)
  shell.type('clear; echo pid $(jobs -p) $((20 + 22))\r')
  await shell.shows(/pid \d+ 42/)
  const pid = Number(/pid (\d+) 42/.exec(shell.text)?.[1])
  shell.type('clear; fg\r')
  await shell.until(({ isFull }) => isFull, 'the other screen')
  await shell.shows(/@bob\.42/)

  process.kill(pid, 'SIGTSTP')
  await shell.shows(/Stopped/)
  isRestored(t, shell)
  shell.type('clear; fg\r')
  await shell.until(({ isFull }) => isFull, 'the other screen')

  process.kill(pid, 'SIGSTOP') // Nobody can do anything about this one before it happens.
  await shell.until(({ bytes }) => bytes.split('Stopped').length > 3, 'that it is stopped')
  shell.type('fg\r')
  await shell.until(({ bytes }) => bytes.split(ENTERED).length > 4, 'the screen once more')
  await shell.shows(/@bob\.42/)
})

test('where no shell could bring it back, Ctrl-Z leaves it where it is', async (t) => {
  const { alice } = await beginPair(t)
  const screen = openScreen(t, alice, LOW)
  await writeDraft(screen, 'still here')
  screen.type('\u001a')
  await screen.until(({ bytes }) => bytes.split(ENTERED).length === 3, 'the screen once more')
  await screen.shows(/> still here/)
})

for (const [signal, code] of [
  ['SIGTERM', 143],
  ['SIGHUP', 129],
  ['SIGINT', 130],
] as const)
  test(`${signal} ends it with the terminal as it was and the draft kept`, async (t) => {
    const { alice } = await beginPair(t)
    const screen = openScreen(t, alice, LOW)
    await writeDraft(screen, 'for later')
    process.kill(screen.pid, signal)
    t.equal(await screen.ended, code)
    isRestored(t, screen)

    const again = openScreen(t, alice, LOW)
    await again.shows(/Draft: for later/)
  })

for (const [what, failing] of [
  ['an error that nobody catches', 'throw new Error("of our own making")'],
  ['a promise that nobody handles', 'Promise.reject(new Error("of our own making"))'],
] as const)
  test(`${what} is told on the terminal as it was`, async (t) => {
    const { alice } = await beginPair(t)
    const breaking = `process.on("SIGUSR2", () => { ${failing} })`
    const screen = openScreen(t, alice, {
      ...LOW,
      by: [process.execPath, '--import', `data:text/javascript,${encodeURIComponent(breaking)}`],
    })
    await screen.shows(/@bob\.42/)
    process.kill(screen.pid, 'SIGUSR2')
    t.equal(await screen.ended, 70)
    isRestored(t, screen)
    t.match(screen.text, /of our own making|bug/i)
    t.notMatch(screen.text, /@bob\.42/)

    const folder = join(alice.home, 'crashes')
    t.match(screen.text.replaceAll('\n', ''), new RegExp(`nothing of yours: ${folder}/crash-`))
    const [report = ''] = readdirSync(folder)
    const told = readFileSync(join(folder, report), 'utf8')
    t.match(JSON.parse(told), { sotto: /^\d/, columns: 100, terminal: ['xterm-256color', null] })
    t.notMatch(told, /alice|bob|our own making|127\.0\.0\.1/)
    t.match((await alice.run(['doctor'])).stdout, /! crashes +1 report of a crash, .*crash-/)
  })

test('a terminal that answers no question has its frame as soon as any other', async (t) => {
  const { alice } = await beginPair(t)
  const screen = openScreen(t, alice, { ...LOW, answers: 'none' })
  await screen.shows(/@bob\.42/)
  screen.type('\u0004')
  t.equal(await screen.ended, 0)
  isRestored(t, screen)
})

test('a terminal that has become too small says so, does nothing unseen, and keeps all', async (t) => {
  const { alice, bob } = await beginPair(t)
  const screen = openScreen(t, alice, LOW)
  await writeDraft(screen, 'not yet')
  screen.resize(30, 8)
  await screen.until(({ lines }) => {
    return /^ +Too small: sotto needs 40$/m.test(lines.join('\n')) && lines[0] === ''
  }, 'that it is too small')
  screen.type(' and more\r')
  screen.resize(10, 3)
  await screen.shows(/^Too small/)
  screen.resize(80, 20)
  await screen.shows(/> not yet$/m)
  t.same(await historyOf(alice, bob.handle), [])
  screen.resize(39, 10)
  await screen.shows(/Too small/)
  screen.type('\u0003')
  t.equal(await screen.ended, 0)
})

test('of a storm of sizes the last one is shown', async (t) => {
  const { alice } = await beginPair(t)
  const screen = openScreen(t, alice, LOW)
  await writeDraft(screen, 'hold tight')
  for (let at = 0; at < 200; at++) screen.resize(60 + (at % 80), 12 + (at % 25))
  screen.resize(120, 30)
  await screen.until(({ lines }) => {
    const [title = '', ...rest] = lines
    return title.includes('sotto') && / Enter send /.test(rest[28] ?? '')
  }, 'the last size')
  await screen.shows(/│.*> hold tight$/m)
  t.notMatch(screen.bytes.slice(screen.bytes.indexOf('sotto')), '\u001b[2J', 'nothing was cleared')
})

test('the editor has the draft and the terminal, and what it leaves comes back', async (t) => {
  const { alice } = await beginPair(t)
  const screen = openScreen(t, alice, { ...LOW, env: { EDITOR: 'vi' } })
  await writeDraft(screen, 'first line')
  screen.type('\u000f')
  await screen.shows(/^~/m)
  await screen.shows(/^first line/m)
  screen.type('osecond line\u001b')
  await screen.shows(/^second line/m)
  screen.type(':wq\r')
  await screen.shows(/> first line\n.*second line/)
})

test('what an editor had when everything was killed is gone at the next start', async (t) => {
  const { alice, dir } = { ...(await beginPair(t)) }
  const editor = join(dir, 'editor')
  writeFileSync(editor, '#!/bin/sh\necho editing\nread line\n')
  chmodSync(editor, 0o755)
  const screen = openScreen(t, alice, { env: { EDITOR: editor } })
  await writeDraft(screen, 'half a secret')
  screen.type('\u000f')
  await screen.shows(/editing/)
  const folder = join(alice.home, '.run', 'sotto-editor')
  const [left = ''] = readdirSync(folder)
  const file = join(folder, left, 'message.md')
  t.equal(readFileSync(file, 'utf8'), 'half a secret')
  t.same(
    [folder, file].map((path) => statSync(path).mode & 0o777),
    [0o700, 0o600],
  )
  process.kill(screen.pid, 'SIGKILL')
  await screen.ended

  const again = openScreen(t, alice)
  await again.until(() => readdirSync(folder).length === 0, 'that nothing is left')
})

test('an editor that fails leaves the draft as it was, and Ctrl-C is its own', async (t) => {
  const { alice, dir } = { ...(await beginPair(t)) }
  const editor = join(dir, 'editor')
  writeFileSync(editor, '#!/bin/sh\necho editing\nread line\n')
  chmodSync(editor, 0o755)
  const screen = openScreen(t, alice, { ...LOW, env: { EDITOR: editor } })
  await writeDraft(screen, 'as it was')
  screen.type('\u000f')
  await screen.shows(/editing/)
  screen.type('\u0003')
  await screen.shows(/was ended|ended with[^]*> as it was/)
  screen.type('.')
  await screen.shows(/> as it was\./)
})

test('a text is in no notification unless it is wanted there', async (t) => {
  const { alice, bob } = await beginPair(t)
  const screen = openScreen(t, alice, { ...LOW, env: { TERM_PROGRAM: 'WezTerm' } })
  await screen.shows(/@bob\.42/)
  await succeed(bob.run(['send', alice.handle, 'between us']))
  await screen.until(({ bytes }) => bytes.includes('\u001b]777;'), 'a notification')
  const [, told = ''] = /\u001b\]777;notify;([^\u001b]*)/.exec(screen.bytes) ?? []
  t.equal(told, '@bob.42;1 new message')
  t.ok(screen.bytes.includes('\u0007'))
})
