import { test } from 'tap'

import { answer, accountId, asksOf, friend } from './people.js'
import {
  chatScene,
  conversation,
  conversationId,
  draftOf,
  effectsOf,
  feed,
  lines,
  paneText,
  press,
  type,
} from './scene.js'

const NEW = friend(2, { trust: 'request', claimedHandle: '@friend1.42', claimHeldBy: accountId(1) })
const KNOWN = friend(1, { successor: NEW.id })
const VERIFIED = friend(1, { successor: NEW.id, trust: 'verified' })
const to = `acct:${KNOWN.id}`

const changed = (contact = VERIFIED) =>
  chatScene(lines(1, 2), {
    contacts: [contact, NEW],
    conversations: [
      conversation(1, { trust: contact.trust }),
      conversation(2, { trust: 'request' }),
    ],
  })

test('to somebody verified nothing is sent until it is decided, and the draft stays', (t) => {
  const state = changed()
  t.match(paneText(state, 'notice'), /safety number changed, and you had verified it/)
  t.match(paneText(state, 'header'), /safety number changed/)
  const done = press(type(state, 'secret').state, 'enter')
  t.same(effectsOf(done, 'send'), [])
  t.equal(draftOf(done.state), 'secret')
  t.match(paneText(done.state, 'notice'), /Not sent: @friend1\.42's safety number changed/)
  t.end()
})

test('to a contact who was never verified it goes to the one known, and that is said', (t) => {
  const state = changed(KNOWN)
  t.match(paneText(state, 'notice').replaceAll(/\s+/g, ' '), /goes to the one you know/)
  const done = press(type(state, 'hello').state, 'enter')
  t.match(effectsOf(done, 'send'), [{ text: 'hello' }])
  t.end()
})

test('in the conversation of the account that has the name now the same is asked', (t) => {
  const opened = press(changed(), 'alt+down').state
  t.equal(opened.open, conversationId(2))
  t.match(paneText(opened, 'notice').replaceAll(/\s+/g, ' '), /called @friend1\.42 now/)
  const done = press(opened, 'alt+v')
  t.match(asksOf(done), [{ method: 'verify.qr', params: { to } }])
  t.end()
})

test('comparing shows the number of the account that has the name now, and matching opens it', (t) => {
  const asked = press(changed(), 'alt+v')
  const number = { handle: '@friend1.42', safetyNumber: '12345'.repeat(12), verified: false }
  const shown = { ...number, changed: true as const, qr: 'AQID' }
  const { state } = feed(asked.state, answer('verify.qr', { to }, shown))
  t.match(paneText(state, 'overlay').replaceAll(/\s+/g, ' '), /called @friend1\.42 now/)
  const params = { to, number: shown.safetyNumber }
  const adopted = { ...NEW, trust: 'verified' as const }
  const done = feed(press(state, 'm').state, answer('verify.confirm', params, adopted))
  t.equal(done.state.open, conversationId(2))
  t.end()
})

test('/trust asks once more, ends what was verified, and opens the new account', (t) => {
  const asked = press(type(changed(), '/trust').state, 'enter')
  t.match(paneText(asked.state, 'overlay').replaceAll(/\s+/g, ' '), /You had verified them/)
  const first = press(asked.state, 'y')
  t.match(asksOf(first), [{ method: 'verify.reset', params: { to } }])
  const second = feed(first.state, answer('verify.reset', { to }, KNOWN))
  t.match(asksOf(second), [{ method: 'contact.trust', params: { to } }])
  const trusted = { ...NEW, trust: 'known' as const }
  const done = feed(second.state, answer('contact.trust', { to }, trusted))
  t.equal(done.state.open, conversationId(2))
  t.same(done.state.overlays, [])
  t.end()
})

test('/why explains it and leads to either decision', (t) => {
  const asked = press(type(changed(), '/why').state, 'enter')
  t.match(paneText(asked.state, 'overlay').replaceAll(/\s+/g, ' '), /lost their device.*relay lies/)
  t.match(press(asked.state, 'v').state.overlays, [{ kind: 'verify' }])
  t.match(press(asked.state, 't').state.overlays, [{ kind: 'confirm' }])
  t.end()
})

test('where nothing changed there is nothing to trust and nothing to explain', (t) => {
  const state = changed(friend(1))
  t.match(paneText(press(type(state, '/why').state, 'enter').state, 'notice'), /makes no sense/)
  t.match(paneText(press(type(state, '/trust').state, 'enter').state, 'notice'), /makes no sense/)
  t.end()
})
