import type { VerifyQrObject } from '@sotto/client-core'
import { NotFoundError } from '@sotto/protocol'
import { test } from 'tap'

import { callOf } from '../../src/model/effect.js'
import { answer, asksOf, friend, refusal } from './people.js'
import {
  chatScene,
  conversation,
  effectsOf,
  feed,
  lines,
  paneLines,
  paneText,
  press,
  type,
} from './scene.js'

const BOB = friend(1)
const to = `acct:${BOB.id}`
const GROUPS = Array.from({ length: 12 }, (_, at) => String(10_000 + at * 1_111))
const NUMBER: VerifyQrObject = {
  ...{ handle: '@friend1.42', safetyNumber: GROUPS.join(''), verified: false },
  qr: Buffer.alloc(76, 5).toString('base64url'),
}

function verifying(size: { columns: number; rows: number }, shown = NUMBER) {
  const state = chatScene(lines(1, 2), {
    ...{ ...size, contacts: [BOB], conversations: [conversation(1)] },
  })
  const asked = press(state, 'alt+v')
  return feed(asked.state, answer('verify.qr', { to }, shown)).state
}

test('the number stands in rows of five groups beside its code', (t) => {
  const rows = paneLines(verifying({ columns: 120, rows: 36 }), 'overlay')
  t.match(rows[1], /^ 10000 11111 12222 13333 14444 .*█/)
  t.match(rows[2], /^ 15555 16666 17777 18888 19999 .*█/)
  t.match(rows[3], /^ 21110 22221 /)
  t.end()
})

test('on a narrow screen the code stands below the number', (t) => {
  const rows = paneLines(verifying({ columns: 60, rows: 60 }), 'overlay')
  t.match(rows[1], /^ 10000 11111 12222 13333 14444$/)
  t.match(rows.join('\n'), /Read it to each other[^]*\n *█/)
  t.end()
})

test('at 40 columns the number and what to do are all there', (t) => {
  const text = paneText(verifying({ columns: 40, rows: 24 }), 'overlay')
  for (const group of GROUPS) t.ok(text.includes(group))
  t.match(text.replaceAll(/\s+/g, ' '), /needs \d+ columns and \d+ rows/)
  t.end()
})

test('numbers that match make them verified', (t) => {
  const done = press(verifying({ columns: 100, rows: 30 }), 'm')
  t.match(asksOf(done), [{ method: 'verify.confirm', params: { to, number: NUMBER.safetyNumber } }])
  const params = { to, number: NUMBER.safetyNumber }
  const verified = { ...BOB, trust: 'verified' as const }
  const after = feed(done.state, answer('verify.confirm', params, verified))
  t.same(after.state.overlays, [])
  t.match(paneText(after.state, 'notice'), /@friend1\.42 is verified/)
  t.end()
})

test('numbers that differ verify nobody, and say what that may mean', (t) => {
  const done = press(verifying({ columns: 100, rows: 30 }), 'd')
  t.same(done.effects, [])
  t.match(paneText(done.state, 'overlay'), /once more[^]*somebody stands between you/)
  t.end()
})

test('who was verified and has another number is verified no more', (t) => {
  const done = press(verifying({ columns: 100, rows: 30 }, { ...NUMBER, verified: true }), 'd')
  t.match(asksOf(done), [{ method: 'verify.reset', params: { to } }])
  t.end()
})

test('an answer about somebody else verifies nobody here', (t) => {
  const asked = press(verifying({ columns: 100, rows: 30 }), 'm')
  const params = { to: `acct:${friend(2).id}`, number: NUMBER.safetyNumber }
  const { state } = feed(asked.state, answer('verify.confirm', params, friend(2)))
  t.match(state.overlays, [{ kind: 'verify', asked: { state: 'waiting' } }])
  t.end()
})

test('the number is copied in groups', (t) => {
  const done = press(verifying({ columns: 100, rows: 30 }), 'c')
  t.match(effectsOf(done, 'copy'), [{ text: GROUPS.join(' ') }])
  t.end()
})

test('a relay that cannot be asked is said in place of the number', (t) => {
  const state = chatScene(lines(1, 2), { contacts: [BOB], conversations: [conversation(1)] })
  const asked = press(type(state, '/verify').state, 'enter')
  const error = new NotFoundError('recipient/unknown', 'no such account')
  const told = feed(asked.state, refusal(callOf('verify.qr', { to }), error))
  t.match(paneText(told.state, 'overlay'), /no such account/)
  t.end()
})
