import type { OutboxObject } from '@sotto/client-core'
import { test } from 'tap'

import { callOf } from '../../src/model/effect.js'
import { answer, asksOf, friend, refusal } from './people.js'
import {
  callsOf,
  chatScene,
  conversation,
  effectsOf,
  feed,
  line,
  messageId,
  paneText,
  press,
  type,
} from './scene.js'
import { NotFoundError } from '@sotto/protocol'

function writing(status: 'queued' | 'failed') {
  const own = line(2, { own: true, message: { status } })
  return chatScene([line(1), own], { contacts: [friend(1)], conversations: [conversation(1)] })
}

const FAILED: OutboxObject = {
  ...{ id: messageId(2), status: 'failed', recipients: ['@friend1.42'], attempts: 0 },
  ...{ sentAt: '2026-10-31T12:00:00.000Z', nextAttemptAt: null },
  error: {
    ...{ code: 'relay/refused', message: 'the relay did not take it', fix: '', exit: 77 },
    ...{ retryable: false, retryAfterMs: null },
  },
}
const message = messageId(2)

test('a failed message that is chosen says why, and Shift+R tries again', (t) => {
  const chosen = press(writing('failed'), 'up')
  t.match(asksOf(chosen), [{ method: 'outbox.show', params: { message } }])
  const { state } = feed(chosen.state, answer('outbox.show', { message }, FAILED))
  t.match(paneText(state, 'notice'), /Not sent: the relay did not take it.*Shift\+R/)
  t.match(callsOf(press(state, 'shift+r')), [{ method: 'outbox.retry' }])
  t.notMatch(paneText(press(state, 'up').state, 'notice'), /Not sent/)
  t.end()
})

test('a message that waits is taken back', (t) => {
  const chosen = press(writing('queued'), 'up')
  const waiting = { ...FAILED, status: 'queued' as const, attempts: 3 }
  const { state } = feed(chosen.state, answer('outbox.show', { message }, waiting))
  t.match(paneText(state, 'notice').replaceAll(/\s+/g, ' '), /Tried 3 times.*c takes it back/)
  const done = press(state, 'c')
  t.match(asksOf(done), [{ method: 'outbox.cancel', params: { messages: [message] } }])
  const cancelled = { ...FAILED, mayHaveArrived: false }
  const after = feed(done.state, answer('outbox.cancel', { messages: [message] }, [cancelled]))
  t.match(paneText(after.state, 'notice'), /Taken back: it was not sent/)
  t.match(effectsOf(after, 'refresh'), [{}])
  t.end()
})

test('/cancel takes back the newest that waits, and says so where none does', (t) => {
  const done = press(type(writing('queued'), '/cancel').state, 'enter')
  t.match(asksOf(done), [{ method: 'outbox.cancel', params: { messages: [message] } }])
  const none = press(type(writing('failed'), '/cancel').state, 'enter')
  t.same(asksOf(none), [])
  t.match(paneText(none.state, 'notice'), /Nothing of yours waits/)
  t.end()
})

test('that a message went meanwhile is no failure', (t) => {
  const chosen = press(writing('queued'), 'up')
  const error = new NotFoundError('message/settled', 'sent')
  const { state } = feed(chosen.state, refusal(callOf('outbox.show', { message }), error))
  t.same(state.toasts, [])
  t.end()
})
