import type { EventObject, ReactionObject } from '@sotto/client-core'
import { errorObject, InputError } from '@sotto/protocol'
import { test } from 'tap'

import { THEM, reference, mine, told, deleted, reaction } from './changing.js'
import {
  answered,
  chatOf,
  chatScene,
  draftOf,
  EVENT,
  effectsOf,
  feed,
  line,
  lines,
  messageId,
  page,
  paneText,
  press,
  type,
} from './scene.js'

test('a change of what is not loaded changes nothing that is', async (t) => {
  const state = feed(chatScene(lines(101, 200), { isFull: true })).state
  const done = await answered(told(state, deleted(line(5)), reaction(line(6), '👍')), [
    ...lines(1, 4),
    ...lines(6, 200),
  ])
  t.same(
    chatOf(done.state).entries.map(({ id }) => id),
    chatOf(state).entries.map(({ id }) => id),
  )
})

test('an own change that will never be seen is a line between the messages', async (t) => {
  const state = chatScene(lines(1, 2))
  const error = errorObject(new InputError('content/invalid', 'it waited 14 days'))
  const failed: EventObject = {
    ...{ ...EVENT, type: 'change.failed', conversation: line(1).conversation, change: 'edit' },
    ...{ message: { id: messageId(2) }, error },
  }
  t.equal(effectsOf(told(state, failed), 'refresh').length, 1)
  const between = feed(
    state,
    page('refresh', lines(1, 2), {
      from: messageId(1),
      events: [
        {
          ...{ id: EVENT.id, ts: EVENT.ts, after: messageId(2), type: 'change.failed' as const },
          ...{ conversation: line(1).conversation, message: messageId(2), change: 'edit', error },
        },
      ],
    }),
  ).state
  t.match(paneText(between, 'timeline'), /Your edit of a message did not reach @friend1\.42/)
})

test('details name who reacted, and are read again when that changes', async (t) => {
  const state = press(chatScene([line(1)]), 'up', 'i').state
  const detail = (reactions: readonly ReactionObject[]) => ({
    kind: 'answer' as const,
    answer: {
      method: 'message.show' as const,
      params: { message: reference(line(1)) },
      result: {
        ...line(1),
        message: {
          ...line(1).message,
          edited: true,
          editedAt: EVENT.ts,
          deleted: false,
          reactions,
          receipts: [],
        },
      },
    },
  })
  const none = feed(state, detail([])).state
  t.match(paneText(none, 'overlay'), /Edited +Sat 31 Oct 12:00/)
  const again = told(none, reaction(line(1), '👍'))
  t.match(effectsOf(again, 'ask'), [{ call: { method: 'message.show' } }])
  const shown = feed(again.state, detail([{ emoji: '👍', sender: THEM, at: EVENT.ts }])).state
  t.match(paneText(shown, 'overlay'), /Reaction +👍 {2}@friend1\.42, Sat 31 Oct 12:00/)
})

test('a screen that is made narrow while something is edited or chosen holds it', async (t) => {
  const begun = press(chatScene([mine(1, 'one'), line(2)]), 'up', 'up', 'e').state
  const narrow = feed(begun, { kind: 'resize', size: { columns: 40, rows: 12 } }).state
  t.match(paneText(narrow, 'composer'), /editing[^]*> one/)
  t.equal(draftOf(press(type(narrow, '!').state, 'escape').state), '')
})
