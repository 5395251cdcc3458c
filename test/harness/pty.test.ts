import { test } from 'tap'

import { spawnOnTerminal } from './pty.js'

const END = 'the end'
const PROGRAM = `process.stdout.write('x'.repeat(9000) + '${END}')`

test('what a program wrote before it ended is read, however busy the reader is', async (t) => {
  const pty = spawnOnTerminal(process.execPath, ['-e', PROGRAM], { cols: 80, rows: 24 })
  const busy = setInterval(() => {
    const until = Date.now() + 300 // Longer than the library waits before it closes.
    while (Date.now() < until);
  }, 20)
  let text = ''
  pty.onData((data) => (text += data))
  const code = await new Promise((resolve) => pty.onExit(({ exitCode }) => resolve(exitCode)))
  clearInterval(busy)

  t.equal(code, 0)
  t.ok(text.endsWith(END), `${String(text.length)} characters`)
})
