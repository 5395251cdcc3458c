import { test } from 'tap'

import { welcome } from '../../src/model/overlays/welcome.js'
import { callsOf, conversationId, effectsOf, opening, paneText, press, scene } from './scene.js'

const first = () => press(welcome(scene({ conversations: [], contacts: [] })), 'f5').state

test('the first conversation offers to write, to be written to, and to look around', async (t) => {
  t.match(
    paneText(first(), 'overlay'),
    /You are @alice\.42[^]*1 {2}Write[^]*2 {2}Have[^]*3 {2}Look/,
  )
  t.match(press(first(), 'enter').state.overlays, [{ kind: 'welcome' }, { kind: 'meet' }])
  const invited = press(first(), 'down', 'enter')
  t.match(invited.state.overlays, [{ kind: 'welcome' }, { kind: 'invites' }])
  t.match(effectsOf(invited, 'ask'), [{ call: { method: 'invite.create' } }])
  t.same(press(first(), '3').state.overlays, [])
})

test('Esc comes back to it, and once more closes it', async (t) => {
  const meeting = press(first(), '1').state
  t.match(press(meeting, 'escape').state.overlays, [{ kind: 'welcome' }])
  t.same(press(meeting, 'escape', 'escape').state.overlays, [])
})

test('it is gone as soon as a conversation is open', async (t) => {
  const opened = opening(welcome(scene()), conversationId(1))
  t.same(opened.state.overlays, [])
  t.same(callsOf(opened), [])
})

test('on the smallest screen its three ways are seen', async (t) => {
  const small = welcome(scene({ columns: 40, rows: 16, conversations: [] }))
  t.match(paneText(press(small, 'f5').state, 'overlay'), /1 {2}Write[^]*2 {2}Have/)
})
