import type { InviteObject } from '@sotto/client-core'
import { test } from 'tap'

import { answer, asksOf } from './people.js'
import { effectsOf, feed, paneLines, paneText, press, scene, type } from './scene.js'

const LINK = `sotto://relay.example/invite#${'Ab3'.repeat(60)}`
const INVITE: InviteObject = {
  ...{ id: 'i_0011223344', link: LINK, state: 'live', uses: 1, usesLeft: 1 },
  ...{ expiresAt: '2026-11-07T13:00:00.000Z', createdAt: '2026-10-31T13:00:00.000Z' },
}
const OVER: InviteObject = { ...INVITE, id: 'i_9988776655', link: null, state: 'used', usesLeft: 0 }

function inviting(size: { columns: number; rows: number }) {
  const { state } = press(scene(size), 'enter')
  const asked = press(type(state, '/invite').state, 'enter')
  mustAsk(asked)
  return feed(asked.state, answer('invite.create', {}, INVITE))
}

function mustAsk(done: ReturnType<typeof press>): void {
  if (asksOf(done).length !== 1) throw new Error('no invite was asked for')
}

test('/invite makes a link, copies it, and shows it with its code', (t) => {
  const made = inviting({ columns: 120, rows: 40 })
  const shown = paneText(made.state, 'overlay')
  t.match(effectsOf(made, 'copy'), [{ text: LINK }])
  t.match(shown, /The first one to use this link.*until/)
  t.ok(shown.replaceAll(/\s/g, '').includes(LINK), 'the whole link is there')
  t.match(shown, /█▀▀▀▀▀█/)
  t.end()
})

test('where the code has no room, what it needs is said', (t) => {
  const made = inviting({ columns: 60, rows: 24 })
  const shown = paneText(made.state, 'overlay')
  t.notMatch(shown, /▀▀▀/)
  t.match(shown, /needs \d+ columns and \d+ rows/)
  t.ok(shown.replaceAll(/\s/g, '').includes(LINK), 'the whole link is there')
  t.end()
})

test('all invites are listed, those that work first, and one is revoked after a question', (t) => {
  const made = inviting({ columns: 100, rows: 30 })
  const listing = press(made.state, 'l')
  t.match(asksOf(listing), [{ method: 'invite.list' }])
  const listed = feed(listing.state, answer('invite.list', {}, [INVITE, OVER]))
  t.match(paneLines(listed.state, 'overlay').slice(1, 3), [
    /› i_0011.*1 of 1 left/,
    / {2}i_99.*used/,
  ])

  const asked = press(listed.state, 'r')
  t.match(paneText(asked.state, 'overlay'), /Revoke the invite i_0011223344\?/)
  const revoking = press(asked.state, 'y')
  t.match(asksOf(revoking), [{ method: 'invite.revoke', params: { id: 'i_0011223344' } }])
  const revoked = { ...INVITE, link: null, state: 'revoked' as const }
  const done = feed(revoking.state, answer('invite.revoke', { id: INVITE.id }, revoked))
  t.match(asksOf(done), [{ method: 'invite.list' }])
  t.equal(done.state.overlays.length, 1)
  t.end()
})

test('what is over can neither be shown nor revoked', (t) => {
  const listing = press(inviting({ columns: 100, rows: 30 }).state, 'l')
  const listed = feed(listing.state, answer('invite.list', {}, [OVER]))
  const tried = press(listed.state, 'enter', 'r', 'c')
  t.same(tried.effects, [])
  t.equal(tried.state.overlays.length, 1)
  t.end()
})
