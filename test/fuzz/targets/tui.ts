import { utf8 } from '@sotto/protocol'
import {
  displayWidth,
  keepEnd,
  keepStart,
  parseLine,
  safeJson,
  safeLine,
  safeLines,
  safePrint,
} from '@sotto/tui'
import { must, textOf, type Target } from '../target.js'

/** What a terminal obeys, or what turns a text around: nothing of it may be left. */
const OBEYED = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\p{Surrogate}\ufeff]/u

export const tuiTargets: readonly Target[] = [
  {
    name: 'display',
    seeds: [
      ...['hello wörld', 'a\u202eb\u2066c', '\u001b[31mred\u001b[0m\nnext\tcell', '👩‍👩‍👧 👍🏽 e\u0301'],
      ...['\ue000 alone', '/help', '//text', 'שלום مرحبا 你好', '\u200d\u200d\u200b'],
    ].map(utf8),
    tokens: ['\u001b[', 'm', ';', '\n', '\r\n', '\t', '\u200d', '\ufe0f', '👍', '\u0301', '/quit'],
    run(input) {
      const text = textOf(input)
      must('a line is safe', !OBEYED.test(safeLine(text)))
      for (const line of safeLines(text))
        must('lines are safe', !OBEYED.test(line.replaceAll('\t', '')))
      const json = safeJson({ text })
      must('JSON is safe', !OBEYED.test(json))
      must('JSON keeps the text', (JSON.parse(json) as { text: string }).text === text)
      must('what was made safe stays', safeLine(safeLine(text)) === safeLine(text))
      const printed = safePrint(text, { painted: false })
      must('what is printed is safe', !OBEYED.test(printed.replaceAll(/[\t\n]/g, '')))
      const painted = safePrint(text, { painted: true })
      const plain = painted.replaceAll(/\u001b\[[\d;]*m|[\t\n]/g, '')
      must('what is painted is safe beside its colours', !OBEYED.test(plain))
      for (const width of [0, 1, 7]) {
        must('the start fits', displayWidth(keepStart(text, width, '…')) <= width)
        must('the end fits', displayWidth(keepEnd(text, width, '…')) <= width)
      }
      const typed = parseLine(text)
      if (typed.kind === 'text') must('a text is what was typed', text.endsWith(typed.text))
    },
  },
]
