import type { ShownMessage } from './entry.js'
import type { Look } from './look.js'
import { markdownLines, type TextLine } from './markdown.js'

type Message = ShownMessage['message']

interface Body {
  readonly isIn: (message: Message) => boolean
  readonly lines: (message: Message, look: Look) => readonly TextLine[]
}

/** What a message may be made of, in the order in which it stands below each other. */
const BODIES: readonly Body[] = [
  { isIn: ({ deleted }) => deleted === true, lines: (_, { words }) => [notice(words.deleted)] },
  {
    isIn: ({ deleted, unsupported }) => deleted !== true && unsupported === true,
    lines: (_, { words }) => [notice(words.unsupported)],
  },
  {
    isIn: ({ deleted, unsupported, text }) =>
      deleted !== true && unsupported !== true && text !== null,
    lines: ({ text }, look) => markdownLines(text ?? '', look),
  },
]

/** What a message says, as lines to be wrapped, safe and as the terminal can show them. */
export function bodyLines(message: Message, look: Look): readonly TextLine[] {
  return BODIES.filter(({ isIn }) => isIn(message)).flatMap(({ lines }) => lines(message, look))
}

function notice(text: string): TextLine {
  return { kind: 'text', spans: [{ text, role: 'dim' }], first: [], rest: [] }
}
