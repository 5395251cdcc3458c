import type { SearchObject } from '@sotto/client-core'
import { UsageError } from '@sotto/protocol'
import { test } from 'tap'

import type { Action } from '../../src/model/action.js'
import {
  chatScene,
  conversationId,
  effectsOf,
  feed,
  line,
  lines,
  messageId,
  paneText,
  press,
  type,
} from './scene.js'

const hit = (number: number): SearchObject => ({
  ...line(number, { conversation: 2, text: `the deploy ${String(number)} failed` }),
  match: { start: 4, end: 10 },
})
const found = (query: string, ...numbers: readonly number[]): Action => ({
  ...{ kind: 'found', query, hits: numbers.map(hit) },
})
const searching = () => press(chatScene(lines(1, 2)), 'ctrl+g').state

test('what is typed is looked for in all conversations, and shown with who said it where and when', (t) => {
  const typed = type(searching(), 'deploy')
  t.same(effectsOf(typed, 'search'), [{ kind: 'search', query: 'deploy' }])
  const { state } = feed(typed.state, found('deploy', 7))
  t.match(paneText(state, 'overlay'), /10:07 +@friend2\.42.*the deploy 7 failed/)
  t.end()
})

test('an answer that was overtaken by what is typed now is dropped', (t) => {
  const { state } = type(searching(), 'deploy')
  t.equal(feed(state, found('depl', 7)).state, state)
  t.end()
})

test('Enter opens the conversation around what was found', (t) => {
  const { state } = feed(type(searching(), 'deploy').state, found('deploy', 7, 6))
  const opened = press(state, 'down', 'enter')
  t.equal(opened.state.open, conversationId(2))
  t.same(opened.state.overlays, [])
  t.match(effectsOf(opened, 'load-page'), [
    { conversation: conversationId(2), which: 'around', from: messageId(6) },
  ])
  t.end()
})

test('a query that is none says why below the line, until something else is typed', (t) => {
  const error = new UsageError('usage/invalid', 'OR stands between two words')
  const { state } = type(searching(), 'OR')
  const refused = feed(state, { kind: 'not-found', query: 'OR', error }).state
  t.match(paneText(refused, 'overlay'), /> OR\n +OR stands between two words/)
  const { state: again } = feed(type(refused, 'der').state, found('ORder', 3))
  t.match(paneText(again, 'overlay'), /the deploy 3 failed/)
  t.end()
})

test('the palette looks for messages too, once there is enough to look for', (t) => {
  const open = press(chatScene(lines(1, 2)), 'ctrl+k').state
  t.same(effectsOf(type(open, 'de'), 'search'), [])
  const typed = type(open, 'deploy')
  t.same(effectsOf(typed, 'search'), [{ kind: 'search', query: 'deploy' }])
  const { state } = feed(typed.state, found('deploy', 7))
  t.match(paneText(state, 'overlay'), /the deploy 7 failed/)
  t.equal(press(state, 'page-down', 'enter').state.open, conversationId(2))
  t.end()
})
