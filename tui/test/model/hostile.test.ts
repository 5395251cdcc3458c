import { test } from 'tap'

import { graphemesOf } from '../../src/text/graphemes.js'
import { PANES } from '../../src/view/panes/table.js'
import type { PaneName } from '../../src/model/panes.js'
import type { UiState } from '../../src/model/state.js'
import { CONTACT } from '../support/objects.js'
import {
  answered,
  conversation,
  conversationId,
  line,
  opening,
  press,
  scene,
  surface,
  type,
} from './scene.js'

const HOSTILE = [
  '\u001b[2J\u001b]0;owned\u0007escapes',
  '\u202eesrever\u2066 \u200f bidi',
  `zero${'\u200b\u200d\ufeff'.repeat(300)}`,
  `tall${'\u0301'.repeat(300)}`,
  '漢'.repeat(100),
  '👩‍👩‍👧‍👦🇩🇪👍🏽'.repeat(30),
  `${'x'.repeat(500)}\nline\r\nline\u2028line\u0085line`,
  '',
]
const hostile = (number: number): string => HOSTILE[number % HOSTILE.length] ?? ''

const CONVERSATIONS = Array.from({ length: 200 }, (_, at) =>
  conversation(at + 1, {
    ...{ name: hostile(at), unread: at % 3, pinned: at < 2, muted: at % 5 === 0 },
    lastMessage: line(at, { text: hostile(at + 1) }).message,
  }),
)
const CONTACTS = HOSTILE.map((name) => ({ ...CONTACT, name, alias: name }))
/** As another client might send them, and ten thousand of them. */
const REACTIONS = Array.from({ length: 10_000 }, (_, at) => ({
  emoji: `${hostile(at)}${at < HOSTILE.length ? '' : String(at)}`,
  sender: { ...line(1).sender, name: hostile(at + 1), self: at % 9 === 0 },
  at: 'never',
}))
const STORED = HOSTILE.map((text, at) =>
  line(at, {
    ...{ text, own: at % 2 === 0, sender: { name: hostile(at + 3), handle: null } },
    message: { reactions: REACTIONS.slice(0, at === 3 ? REACTIONS.length : at) },
  }),
)

async function states(columns: number): Promise<readonly UiState[]> {
  const size = { columns, rows: 24, conversations: CONVERSATIONS, contacts: CONTACTS }
  const { state } = await answered(opening(scene(size), conversationId(1)), STORED)
  return [
    state,
    press(state, 'up').state,
    press(state, 'f2').state,
    press(state, 'f2', 'f').state,
    press(state, 'ctrl+k').state,
    type(state, '@').state,
    type(press(state, 'ctrl+f').state, '漢'.repeat(80)).state,
    press(press(state, 'up', 'q').state, 'enter').state,
    press(state, 'up', 'r').state,
    press(state, 'up', 'd').state,
    press(state, 'up', 'up', 'e').state,
  ]
}

/** Rows that are wider than their pane, and panes that have more of them than lines. */
function misfits(state: UiState): readonly string[] {
  return (Object.keys(state.panes) as PaneName[]).flatMap((name) => {
    const rect = state.panes[name]
    if (rect === undefined) return []
    const look = surface().look(rect.width)
    const { rows } = PANES[name](state, { look, height: rect.height, surface: surface() })
    const wide = rows.filter(({ width, spans }) => {
      const cells = spans.reduce((sum, span) => sum + widthOf(span.text, look.widths.of), 0)
      return width > rect.width || cells > rect.width
    })
    return [
      ...wide.map(({ width }) => `${name}: a row of ${String(width)} in ${String(rect.width)}`),
      ...(rows.length > rect.height ? [`${name}: ${String(rows.length)} rows`] : []),
    ]
  })
}

function widthOf(text: string, of: (grapheme: string) => number): number {
  return Array.from(graphemesOf(text)).reduce((sum, grapheme) => sum + of(grapheme), 0)
}

for (const columns of [40, 60, 80, 120])
  test(`whatever others are called and write, ${String(columns)} columns hold every pane`, async (t) => {
    for (const state of await states(columns)) t.strictSame(misfits(state), [])
  })
