import { test } from 'tap'

import { PAGE_MESSAGES } from '../../src/model/chat.js'
import { conversationId, effectsOf, feed, lines, opening, page, paneLines, scene } from './scene.js'

test('a conversation that is opened asks for its newest page, and shows it at its end', (t) => {
  const opened = opening(scene(), conversationId(1))
  t.match(effectsOf(opened, 'load-page'), [{ which: 'newest', limit: PAGE_MESSAGES }])
  const { state } = feed(opened.state, page('newest', lines(1, 100), true))
  t.match(paneLines(state, 'timeline').at(-1), /message 100/)
  t.end()
})
