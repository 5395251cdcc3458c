import { test } from 'tap'

import { eventRows } from '../../src/rows/event-rows.js'
import { messageRows } from '../../src/rows/message-rows.js'
import { eventEntry, messageEntry } from '../support/entries.js'
import { look, textOf } from '../support/looks.js'
import { timelineEvent } from '../support/objects.js'

const NAME = 'acct:0199aaaa-bbbb-8ccc-9ddd-eeeeffff0000'

test('an account without a name stands shortened in what happened', (t) => {
  const event = timelineEvent({ type: 'block', blocked: true })
  const object = { ...event, conversation: { ...event.conversation, name: NAME } }
  const said = eventRows(eventEntry(object), look()).map(textOf).join(' ')
  t.match(said, /acct:0199aaaa…ffff0000/)
  t.notMatch(said, NAME)
  t.end()
})

test('an account without a name stands shortened above what it wrote, and a long name whole', (t) => {
  const entry = messageEntry(1)
  const headed = (name: string): string => {
    const conversation = { ...entry.object.conversation, name }
    const object = { ...entry.object, conversation }
    const [header] = messageRows(
      { ...entry, object },
      { isGrouped: false, isExpanded: false },
      look(),
    )
    return header === undefined ? '' : textOf(header)
  }
  t.match(headed(NAME), /^acct:0199aaaa…ffff0000/)
  t.match(headed('@a_very_long_username_indeed.4711'), /^@a_very_long_username_indeed\.4711/)
  t.end()
})
