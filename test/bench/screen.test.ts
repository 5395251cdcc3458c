import { join } from 'node:path'
import { test, type Test } from 'tap'
import { isolatedEnvironment, tempDir } from '../harness/index.js'
import { numberedText, numbersIn } from './screen/numbered.js'
import { usedMs } from './screen/process.js'
import { rowPainter } from './screen/programs.js'
import { Pty } from './screen/pty.js'

/** A script of Node on a terminal that is only counted. */
function play(t: Test, script: string): Pty {
  const env = isolatedEnvironment(join(tempDir(t), 'home'))
  return new Pty(t, { command: process.execPath, args: ['-e', script], env })
}

test('a message is known among bytes by its number', async (t) => {
  t.same(numbersIn(`${numberedText(7)}\r\n${numberedText(12_345)}`), [7, 12_345])
})

test('the bare row painter shows what is typed, and older rows for each page up', async (t) => {
  const { args, env, isWhole } = rowPainter(tempDir(t))
  const painter = new Pty(t, { command: process.execPath, args, env })
  await painter.until(isWhole, 'the first frame')
  const oldest = Math.min(...numbersIn(painter.shown))
  t.ok((await painter.press('a', (shown) => shown.includes('> a'))) > 0)
  await painter.press('b', (shown) => shown.includes('> ab'))
  await painter.press('\u0015', (shown) => shown === '> ')
  await painter.press('\u001b[5~', (shown) => numbersIn(shown).includes(oldest - 1))
  painter.type('\u0004')
  await painter.ended
  t.equal(painter.clears, 1, 'before its first frame')
})

test('a clear is counted once, however its bytes come', async (t) => {
  const pty = play(
    t,
    `const { stdout } = process
    stdout.write('\\x1b[2J\\x1b[3J\\x1b[2')
    setTimeout(() => stdout.write('Jand \\x1b[2K\\x1b[Jno more'), 50)`,
  )
  await pty.until((shown) => shown.includes('no more'), 'the end')
  t.equal(pty.clears, 3)
  t.equal(pty.shown, 'and no more')
  await pty.ended
})

test('whoever asks what the terminal can do is answered', async (t) => {
  const pty = play(
    t,
    `process.stdin.setRawMode(true)
    process.stdin.on('data', (bytes) => console.log(JSON.stringify(String(bytes))))
    process.stdout.write('\\x1b[c')`,
  )
  await pty.until((shown) => shown.includes('[?2026;2$y'), 'an answer')
  t.match(pty.shown, /\[\?62;22c/)
})

const noProc = process.platform === 'linux' ? false : 'only Linux has /proc'

test(
  'a process that works uses processor time, one that waits does not',
  { skip: noProc },
  async (t) => {
    const idle = play(t, `console.log('begun'); setInterval(() => undefined, 1000)`)
    const busy = play(t, `console.log('begun'); for (;;);`)
    await idle.until((shown) => shown.includes('begun'), 'the beginning')
    await busy.until((shown) => shown.includes('begun'), 'the beginning')
    const [idleMs, busyMs] = [usedMs(idle.pid), usedMs(busy.pid)]
    while (usedMs(busy.pid) - busyMs < 100) await new Promise((resolve) => setTimeout(resolve, 20))
    t.ok(usedMs(idle.pid) - idleMs < 100)
  },
)
