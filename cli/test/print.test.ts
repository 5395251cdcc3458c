import { PLAIN } from '@sotto/tui'
import { test } from 'tap'

import { renderError } from '../src/print/error.js'
import { renderAccountDetail, renderOutbox, renderSent } from '../src/print/lines.js'
import { errorOfOutcome } from '../src/print/outcome.js'
import { renderContact, renderVerify } from '../src/print/people.js'
import * as objects from './support/objects.js'

const LOOK = { paint: PLAIN, nowMs: Date.parse('2026-11-30T12:00:00Z') }

test('what was sent is one line with its exact state', async (t) => {
  const [result] = objects.SENT.results
  t.equal(renderSent(result!, LOOK), `✓ accepted  ${objects.MESSAGE.id}  @bob.42`)
  t.equal(
    renderSent({ recipient: '@x.11', status: 'failed', error: objects.ERROR }, LOOK),
    '✗ failed  @x.11  cannot reach the relay',
  )
})

test('a safety number is three rows of four groups', async (t) => {
  const row = '  12345 12345 12345 12345'
  t.equal(renderVerify(objects.VERIFY, LOOK), `@bob.42  not verified\n${row}\n${row}\n${row}`)
})

test('a contact shows how they are written to, the trust and other names', async (t) => {
  t.equal(renderContact(objects.CONTACT, LOOK), '@bob.42  known  @bob  Bob')
})

test('names of others cannot command the terminal', async (t) => {
  const contact = { ...objects.CONTACT, name: 'Bob\u001b[2J\u202eevil\nnew line' }
  t.equal(renderContact(contact, LOOK), '@bob.42  known  @bob  Bob\\x1b[2J\\u202eevil\\x0anew line')
})

test('an account says where its key is', async (t) => {
  t.match(renderAccountDetail(objects.ACCOUNT_DETAIL, LOOK), /store key +in a file/)
})

test('the outbox says how often it was tried', async (t) => {
  t.match(renderOutbox(objects.OUTBOX, LOOK), /… queued {2}m_\w+ {2}@bob\.42 {2}2 attempts, next /)
})

test('an error is a line and what to do below it', async (t) => {
  const text = renderError({ ...objects.ERROR, fix: 'first\nsecond' }, PLAIN)
  t.equal(text, 'error: cannot reach the relay  [relay/unreachable]\n  first\n  second')
})

test('queued is told as queued, whatever held it up', async (t) => {
  const [sent] = objects.SENT.results
  const queued = { ...sent!, status: 'queued' as const, error: objects.ERROR }
  const outcome = { result: { ...objects.SENT, results: [queued] }, exitCode: 79 }
  t.match(errorOfOutcome(outcome), { code: 'message/queued', exit: 79 })
})

test('several recipients of which one fails are a partial failure that names it', async (t) => {
  const failed = { recipient: '@x.11', status: 'failed' as const, error: objects.ERROR }
  const results = [...objects.SENT.results, failed]
  t.match(errorOfOutcome({ result: { ...objects.SENT, results }, exitCode: 81 }), {
    code: 'recipients/partial',
    fix: /@x\.11/,
  })
})

test('who is only queued beside somebody who fails is not counted as failed, and is not to be sent to again', async (t) => {
  const [sent] = objects.SENT.results
  const queued = { ...sent!, status: 'queued' as const, error: objects.ERROR }
  const failed = { recipient: '@x.11', status: 'failed' as const, error: objects.ERROR }
  const result = { ...objects.SENT, results: [queued, failed] }

  t.match(errorOfOutcome({ result, exitCode: 81 }), {
    message: '1 of 2 recipients failed',
    fix: `@x.11: ${objects.ERROR.message}\n${sent!.recipient}: queued; it will be sent, do not send it again`,
  })
})

test('a send that got where it should has no error', async (t) => {
  t.equal(errorOfOutcome({ result: objects.SENT, exitCode: 0 }), undefined)
})
