import { TEXT_BYTES_MAX, UnavailableError } from '@sotto/protocol'
import { test } from 'tap'

import { THEM, reference, mine, told, deleted, edited } from './changing.js'
import {
  answered,
  chatOf,
  chatScene,
  conversationId,
  draftOf,
  effectsOf,
  feed,
  line,
  lines,
  messageId,
  opening,
  paneText,
  paste,
  press,
  scene,
  type,
} from './scene.js'

test('e puts a message of one’s own into the composer, and Enter sends what it is now', async (t) => {
  const state = type(chatScene([mine(1, 'on Tusday')]), 'half a draft').state
  const begun = press(state, 'alt+k', 'e')
  t.equal(draftOf(begun.state), 'on Tusday')
  t.match(paneText(begun.state, 'composer'), /editing {2}on Tusday +Esc leaves it as it was/)
  const sent = press(type(begun.state, '!').state, 'enter')
  t.match(effectsOf(sent, 'edit'), [
    {
      ...{ conversation: conversationId(1), message: messageId(1), text: 'on Tusday!' },
      reference: reference(mine(1, '')),
    },
  ])
  t.equal(draftOf(sent.state), 'half a draft')
  t.same(effectsOf(sent, 'send'), [])
})

test('what is written in an edit is never saved as the draft', async (t) => {
  const state = type(chatScene([mine(1, 'secret')]), 'draft').state
  const begun = press(state, 'alt+k', 'e')
  const written = type(begun.state, ' more')
  t.same([...effectsOf(begun, 'save-draft'), ...effectsOf(written, 'save-draft')], [])
  const kept = feed(written.state, { kind: 'sent', conversation: conversationId(1) })
  t.match(effectsOf(kept, 'save-draft'), [{ draft: /"text":"draft"/ }])
})

test('nobody is told that one types while a message is edited', async (t) => {
  const begun = press(chatScene([mine(1, 'one')]), 'up', 'e')
  const written = type(begun.state, ' more')
  t.same([...effectsOf(begun, 'typing'), ...effectsOf(written, 'typing')], [])
})

test('Esc and Ctrl+C leave an edit, and the draft and what it answers are back', async (t) => {
  const answering = press(chatScene([mine(1, 'one'), line(2)]), 'up', 'q').state
  const begun = press(type(answering, 'yes').state, 'alt+k', 'up', 'e').state
  t.equal(chatOf(begun).replyTo, undefined)
  for (const key of ['escape', 'ctrl+c']) {
    const left = press(begun, key).state
    t.equal(draftOf(left), 'yes')
    t.equal(chatOf(left).replyTo, messageId(2))
    t.equal(chatOf(left).editing, undefined)
  }
})

test('an edit that changes nothing sends nothing; one without a text is not sent', async (t) => {
  const begun = press(chatScene([mine(1, 'one')]), 'up', 'e').state
  const same = press(begun, 'enter')
  t.same(same.effects, [])
  t.equal(chatOf(same.state).editing, undefined)
  const empty = press(press(begun, 'ctrl+u').state, 'enter')
  t.same(effectsOf(empty, 'edit'), [])
  t.match(paneText(empty.state, 'notice'), /An edit needs a text/)
})

test('what begins with a slash is a message when it is edited, not a command', async (t) => {
  const begun = press(chatScene([mine(1, '/etc is full')]), 'up', 'e').state
  t.match(effectsOf(press(type(begun, ' again').state, 'enter'), 'edit'), [
    { text: '/etc is full again' },
  ])
})

test('an edit as long as a message may be is taken, and nothing beyond', async (t) => {
  const longest = 'x'.repeat(TEXT_BYTES_MAX)
  const begun = press(chatScene([mine(1, 'short')]), 'up', 'e').state
  const written = paste(press(begun, 'ctrl+u').state, longest).state
  const [sent] = effectsOf(press(written, 'enter', 'enter'), 'edit') // A long paste is confirmed first.
  t.ok(sent?.text === longest)
  t.ok(draftOf(type(written, 'y').state) === longest)
})

test('/edit is about the newest message of one’s own, and with a text it is at once', async (t) => {
  const state = chatScene([mine(1, 'one'), mine(2, 'two'), line(3)])
  t.equal(draftOf(press(type(state, '/edit ').state, 'enter').state), 'two')
  const done = press(type(state, '/edit deux').state, 'enter')
  t.match(effectsOf(done, 'edit'), [{ message: messageId(2), text: 'deux' }])
})

test('what others wrote is not edited', async (t) => {
  const done = press(chatScene([line(1)]), 'up', 'e')
  t.equal(chatOf(done.state).editing, undefined)
  t.equal(done.state.focus, 'timeline')
})

test('an edit that was not taken is in the composer again, with why', async (t) => {
  const begun = press(type(chatScene([mine(1, 'one')]), 'draft').state, 'alt+k', 'e').state
  const sent = press(type(begun, '!').state, 'enter').state
  const error = new UnavailableError('temporary/timeout', 'the disk is full')
  const refused = feed(sent, {
    ...{ kind: 'not-edited', conversation: conversationId(1), message: messageId(1) },
    ...{ text: 'one!', error },
  }).state
  t.equal(draftOf(refused), 'one!')
  t.match(paneText(refused, 'notice'), /the disk is full/)
  t.equal(draftOf(press(refused, 'escape').state), 'draft')
})

test('a text that was not sent goes into the draft while another one is edited', async (t) => {
  const begun = press(chatScene([mine(1, 'one')]), 'up', 'e').state
  const error = new UnavailableError('temporary/timeout', 'no')
  const refused = feed(begun, {
    ...{ kind: 'not-sent', conversation: conversationId(1), text: 'lost?', error },
    replyTo: undefined,
  }).state
  t.equal(draftOf(refused), 'one')
  t.equal(draftOf(press(refused, 'escape').state), 'lost?')
})

test('what comes from the editor goes to the message that was being edited, or nowhere', async (t) => {
  const begun = press(chatScene([mine(1, 'one'), line(2)]), 'up', 'up', 'e')
  const opened = press(begun.state, 'ctrl+o')
  t.match(effectsOf(opened, 'edit-draft'), [{ text: 'one', message: messageId(1) }])
  const back = { kind: 'edited', text: 'uno', message: messageId(1) } as const
  t.equal(draftOf(feed(opened.state, back).state), 'uno')
  const gone = told(opened.state, deleted(mine(1, 'one'))).state
  t.equal(draftOf(feed(gone, back).state), '')
})

test('an edit of somebody else changes the message and what quotes it, where one is', async (t) => {
  const quote = { id: messageId(2), author: THEM.id, quote: 'message 2' }
  const answer = line(50, { message: { replyTo: quote } })
  const stored = [...lines(1, 49), answer]
  const open = (await answered(opening(scene(), conversationId(1)), stored)).state
  const scrolled = press(open, 'up', 'up', 'page-up').state
  const anew = line(2, { text: 'second', message: { edited: true } })
  const done = told(scrolled, edited(anew))
  t.match(effectsOf(done, 'load-lines'), [{ messages: [messageId(2), messageId(50)] }])
  const after = await answered(done, [
    ...[line(1), anew, ...lines(3, 49)],
    line(50, { message: { replyTo: { ...quote, quote: 'second' } } }),
  ])
  t.same(chatOf(after.state).place, chatOf(scrolled).place)
  t.equal(chatOf(after.state).selected, chatOf(scrolled).selected)
  t.match(paneText(press(after.state, 'end').state, 'timeline'), /│ @friend1\.42: second/)
})
