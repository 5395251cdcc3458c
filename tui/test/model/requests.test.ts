import { TrustError } from '@sotto/protocol'
import { test } from 'tap'

import { callOf } from '../../src/model/effect.js'
import {
  callsOf,
  chatScene,
  conversation,
  effectsOf,
  feed,
  lines,
  paneText,
  press,
  type,
} from './scene.js'
import { answer, friend } from './people.js'

const CAROL = friend(1, { trust: 'request', claimedHandle: '@bob.42', name: 'Bob' })
const asking = (contact = CAROL, columns = 100) =>
  chatScene(lines(1, 2), {
    ...{ columns, contacts: [contact, friend(2)] },
    conversations: [conversation(1, { trust: 'request' }), conversation(2)],
  })

test('above the composer of a request stands who asks and what can be done about it', (t) => {
  const notice = paneText(asking(), 'notice')
  t.match(notice, /do not know.*call themselves @bob\.42, Bob/)
  t.match(notice, /\/accept: .*\/block: /s)
  t.notMatch(notice, /somebody else as/)
  t.end()
})

test('whoever claims the name of a contact is told apart from them', (t) => {
  const holder = friend(2, { alias: '@robert' })
  const claimant = { ...CAROL, claimHeldBy: holder.id }
  const state = feed(asking(claimant), {
    ...{ kind: 'list', conversations: [conversation(1)], queued: 0 },
    contacts: [claimant, holder],
  }).state
  t.match(paneText(state, 'notice').replaceAll(/\s+/g, ' '), /somebody else as @bob\.42: @robert\./)
  t.end()
})

test('on a narrow screen the notice is as high as what it says', (t) => {
  const notice = paneText(asking(CAROL, 40), 'notice')
  t.match(notice.replaceAll(/\s+/g, ' '), /and they are not told\./)
  t.end()
})

test('/accept accepts who is open, and says so', (t) => {
  const done = press(type(asking(), '/accept').state, 'enter')
  t.match(callsOf(done), [{ method: 'contact.accept', params: { to: `acct:${CAROL.id}` } }])
  t.match(effectsOf(done, 'call'), [{ done: '@friend1.42 is a contact now.' }])
  t.end()
})

test('who is a contact already cannot be accepted', (t) => {
  const state = chatScene(lines(1, 2), { contacts: [friend(1)] })
  const done = press(type(state, '/accept').state, 'enter')
  t.same(callsOf(done), [])
  t.match(paneText(done.state, 'notice'), /makes no sense here/)
  t.end()
})

test('/block asks once more, and Esc leaves it at that', (t) => {
  const asked = press(type(asking(), '/block').state, 'enter')
  t.same(
    asked.effects.filter(({ kind }) => kind === 'ask'),
    [],
  )
  t.match(paneText(asked.state, 'overlay'), /Block @friend1\.42\?[^]*They are not told/)
  t.match(paneText(asked.state, 'status'), /y yes/)
  t.same(press(asked.state, 'escape').state.overlays, [])
  t.end()
})

test('what was confirmed is done once, and the question goes when it is', (t) => {
  const asked = press(type(asking(), '/block').state, 'enter')
  const done = press(asked.state, 'y', 'y')
  const call = callOf('contact.block', { to: `acct:${CAROL.id}` })
  t.same(effectsOf(done, 'ask'), [{ kind: 'ask', call }])
  const blocked = { ...CAROL, blocked: true }
  const { state } = feed(done.state, answer('contact.block', { to: `acct:${CAROL.id}` }, blocked))
  t.same(state.overlays, [])
  t.match(paneText(state, 'notice'), /@friend1\.42 is blocked/)
  t.end()
})

test('what is refused is said where it was asked for, with what to do here', (t) => {
  const asked = press(type(asking(), '/block').state, 'enter')
  const done = press(asked.state, 'y')
  const [effect] = effectsOf(done, 'ask')
  const error = new TrustError('identity/changed', 'changed.', { fix: 'sotto verify show' })
  t.ok(effect)
  const call = effect?.call ?? callOf('contact.list', {})
  const { state } = feed(done.state, { kind: 'refused', refusal: { call, error } })
  t.match(paneText(state, 'overlay'), /changed\. \/why says/)
  t.notMatch(paneText(state, 'overlay'), /sotto verify/)
  t.end()
})

test('who is blocked is said to be, and is none of the requests', (t) => {
  const blocked = { ...CAROL, blocked: true }
  const state = asking(blocked)
  t.match(paneText(state, 'notice'), /is blocked.*\/unblock/)
  t.match(paneText(state, 'list'), /blocked/)
  const requests = { ...state, open: undefined, filter: 'requests' as const }
  t.match(paneText(requests, 'list'), /Nobody has asked/)
  const done = press(type(state, '/unblock').state, 'enter')
  t.match(callsOf(done), [{ method: 'contact.unblock' }])
  t.end()
})
