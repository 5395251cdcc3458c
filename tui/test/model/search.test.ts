import { UsageError } from '@sotto/protocol'
import { test } from 'tap'

import type { Action } from '../../src/model/action.js'
import type { UiState } from '../../src/model/state.js'
import type { Step } from '../../src/model/step.js'
import { PANES } from '../../src/view/panes/table.js'
import {
  answered,
  chatOf,
  conversationId,
  draftOf,
  effectsOf,
  feed,
  line,
  lines,
  messageId,
  opening,
  paneLines,
  paneText,
  press,
  scene,
  surface,
  type,
} from './scene.js'

const STORED = [
  ...lines(1, 99),
  line(100, { text: 'the Deploy went wrong' }),
  ...lines(101, 599),
  line(600, { text: 'deploy again' }),
  ...lines(601, 700),
]

const open = async (): Promise<UiState> =>
  (await answered(opening(scene(), conversationId(1)), STORED)).state

/** What the core answers where these were found. */
function answerTo(asked: Step, numbers: readonly number[]): Action {
  const [effect] = effectsOf(asked, 'ask')
  if (effect?.call.method !== 'message.search') throw new Error('no search was asked for')
  const result = numbers.map((number) => {
    const found = line(number, { text: STORED[number - 1]?.message.text ?? '' })
    const start = (found.message.text ?? '').toLowerCase().indexOf('deploy')
    return { ...found, match: { start, end: start + 6 } }
  })
  const { params } = effect.call
  return { kind: 'answer', answer: { method: 'message.search', params, result } }
}

/** The answer has come, and what it leads to is loaded. */
function searched(asked: Step, numbers: readonly number[]): Promise<Step> {
  return answered(feed(asked.state, answerTo(asked, numbers)), STORED)
}

function markedIn(state: UiState): readonly string[] {
  const { timeline } = state.panes
  if (timeline === undefined) return []
  const look = surface().look(timeline.width)
  const drawn = PANES.timeline(state, { look, height: timeline.height, surface: surface() })
  return drawn.rows.flatMap(({ spans }) =>
    spans.filter(({ role }) => role === 'match').map(({ text }) => text),
  )
}

test('Ctrl+F finds in the open conversation alone, the newest first, and marks it', async (t) => {
  const asked = press(type(press(await open(), 'ctrl+f').state, 'deploy').state, 'enter')
  t.match(effectsOf(asked, 'ask'), [
    { call: { params: { query: 'deploy', in: [`id:${conversationId(1)}`] } } },
  ])
  const { state } = await searched(asked, [600, 100])
  t.match(paneText(state, 'timeline'), /deploy again/)
  t.strictSame(markedIn(state), ['deploy'])
  t.match(paneText(state, 'composer'), /search: deploy +1 of 2/)
})

test('n and N lead to the next and back, loaded where they are not, and Esc to where one was', async (t) => {
  const begun = await open()
  const asked = press(type(press(begun, 'ctrl+f').state, 'deploy').state, 'enter')
  const found = await searched(asked, [600, 100])
  const older = await answered(press(found.state, 'n'), STORED)
  t.equal(chatOf(older.state).selected, messageId(100))
  t.strictSame(markedIn(older.state), ['Deploy'])
  const newer = await answered(press(older.state, 'N'), STORED)
  t.equal(chatOf(newer.state).selected, messageId(600))
  const left = await answered(press(older.state, 'escape'), STORED)
  t.strictSame(paneLines(left.state, 'timeline'), paneLines(begun, 'timeline'))
  t.match(left.state, { focus: 'composer' })
})

test('/search looks at once, and the draft is as it was', async (t) => {
  const asked = press(type(await open(), '/search deploy from:@bob.42').state, 'enter')
  t.match(effectsOf(asked, 'ask'), [{ call: { params: { query: 'deploy from:@bob.42' } } }])
  const { state } = await searched(asked, [600])
  t.equal(draftOf(press(state, 'escape').state), '')
})

test('nothing found is said, and so is a query that is none', async (t) => {
  const asked = press(type(press(await open(), 'ctrl+f').state, 'zzz').state, 'enter')
  t.match(paneText((await searched(asked, [])).state, 'composer'), /nothing found/)
  const [effect] = effectsOf(asked, 'ask')
  const error = new UsageError('usage/invalid', 'a quotation mark is missing')
  const refused = effect && feed(asked.state, { kind: 'refused', refusal: { ...effect, error } })
  t.match(refused && paneText(refused.state, 'notice'), /quotation mark/)
})

test('an answer that comes when nothing is looked for any more moves nothing', async (t) => {
  const asked = press(type(press(await open(), 'ctrl+f').state, 'deploy').state, 'enter')
  const { state: closed } = press(asked.state, 'escape')
  const { state } = feed(closed, answerTo(asked, [600]))
  t.strictSame(paneLines(state, 'timeline'), paneLines(closed, 'timeline'))
})

test('n is a letter where nothing is looked for', async (t) => {
  const chosen = press(await open(), 'up').state
  t.match(draftOf(type(chosen, 'no').state), 'no')
})
