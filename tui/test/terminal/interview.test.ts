import { test } from 'tap'

import { Interview, QUESTIONS } from '../../src/terminal/interview.js'
import { STANDARD, UNPROBED } from '../../src/text/widths.js'
import { decode } from '../support/decoding.js'

const ESC = '\u001b'

/** What is known of a terminal that answered so. */
function answered(...answers: readonly string[]) {
  const interview = new Interview()
  const ends = decode(answers.join('')).map(
    (event) => event.kind === 'reply' && interview.take(event.reply),
  )
  return { ends, capabilities: interview.capabilities }
}

test('a terminal that answers everything is known', async (t) => {
  const { ends, capabilities } = answered(
    `${ESC}]11;rgb:fdfd/f6f6/e3e3${ESC}\\`,
    `${ESC}[?2026;2$y`,
    `${ESC}[?2004;1$y`,
    `${ESC}P>|WezTerm 20240203${ESC}\\`,
    `${ESC}[2;3R`.repeat(8),
    `${ESC}[?65;4c`,
  )
  t.same(capabilities, {
    ...{ background: 'light', isSynchronized: true, marksPastes: true, probed: STANDARD },
    version: 'WezTerm 20240203',
  })
  t.same(ends.indexOf(true), ends.length - 1, 'the last answer ends it')
})

test('a terminal that only says that it is one is as any other', async (t) => {
  const { ends, capabilities } = answered(`${ESC}[?1;2c`)
  t.same(ends, [true])
  t.same(capabilities, {
    ...{ background: undefined, isSynchronized: false, marksPastes: false },
    ...{ probed: UNPROBED, version: undefined },
  })
})

test('a mode that a terminal does not know is none that it has', async (t) => {
  t.equal(answered(`${ESC}[?2026;0$y`).capabilities.isSynchronized, false)
  t.equal(answered(`${ESC}[?2026;4$y`).capabilities.isSynchronized, false)
})

test('dark is what is nearer to black', async (t) => {
  t.equal(answered(`${ESC}]11;rgb:00/2b/36${ESC}\\`).capabilities.background, 'dark')
  t.equal(answered(`${ESC}]11;rgb:00/ff/00${ESC}\\`).capabilities.background, 'light')
  t.equal(answered(`${ESC}]11;rgb:00/00/ff${ESC}\\`).capabilities.background, 'dark')
})

test('where the cursor is asked for, no answer can be the key Shift+F3', async (t) => {
  const [before = ''] = QUESTIONS.split(`${ESC}[6n`)
  t.match(before, `${ESC}[2;1H`)
  const twoWide = decode(`${ESC}[2;3R`)
  t.match(twoWide, [{ kind: 'reply', reply: { to: 'cursor-position', column: 3 } }])
})
