import type { ContactObject } from '@sotto/client-core'
import { test } from 'tap'

import { shortAccount } from '../../src/text/short-account.js'
import { CONTACT } from '../support/objects.js'
import {
  answered,
  callsOf,
  chatOf,
  chatScene,
  conversation,
  conversationId,
  effectsOf,
  feed,
  line,
  lines,
  opening,
  page,
  paneLines,
  paneText,
  press,
  scene,
  surface,
  type,
} from './scene.js'

const STRANGER = 'acct:0199aaaa-bbbb-8ccc-9ddd-eeeeffff0000'

/** Conversation 1 with somebody who says they are called so. */
function request(claims: Partial<ContactObject>, options: Parameters<typeof scene>[0] = {}) {
  const { id } = CONTACT
  const asked = conversation(1, { name: `acct:${id}`, trust: 'request', unread: 1 })
  const contact: ContactObject = {
    ...CONTACT,
    ...{ handle: null, alias: null, name: null, trust: 'request' },
    conversation: { id: asked.id, kind: 'direct', name: asked.name },
    ...claims,
  }
  return { ...options, conversations: [asked, conversation(2)], contacts: [contact] }
}

test('a request is shown by the username that it claims, marked, and by both ends of its account', async (t) => {
  const state = chatScene([line(1)], request({ claimedHandle: '@otter.3' }))
  t.match(paneText(state, 'list'), /\? @otter\.3/)
  t.match(paneText(state, 'list'), /not checked|request/)
  t.match(paneText(state, 'header'), /\? @otter\.3 {2}acct:0199aaaa…ffff0000/)
  t.match(paneText(press(state, 'ctrl+k').state, 'overlay'), /\? @otter\.3/)
  const byAccount = type(press(state, 'ctrl+k').state, 'ffff0000').state
  t.match(paneLines(byAccount, 'overlay')[3], /otter/, 'found by the account as well')
})

test('a claim that is no username, or is that of somebody known, is not shown as a name', async (t) => {
  for (const claims of [
    { claimedHandle: '@bob.42', claimHeldBy: CONTACT.id },
    { claimedHandle: '@bob.42 ✓ verified' },
    { claimedHandle: '\u202e@bob.42' },
    {},
  ]) {
    const state = chatScene([line(1)], request(claims))
    t.match(paneLines(state, 'header')[0], /^ acct:0199aaaa…ffff0000 {2}request/)
  }
  t.equal(shortAccount(STRANGER), 'acct:0199aaaa…ffff0000')
})

test('a request can be accepted, blocked and deleted from where it is read', async (t) => {
  const state = chatScene([line(1)], request({ claimedHandle: '@otter.3' }, { rows: 36 }))
  const told = paneText(state, 'notice').replaceAll(/\s+/g, ' ')
  for (const command of ['/accept', '/block', '/remove']) t.match(told, command)
  const done = press(type(state, '/remove').state, 'enter', 'y')
  t.match(effectsOf(done, 'ask').at(-1)?.call, { method: 'contact.remove' })
})

test('an empty list names what can be done next, in each filter', async (t) => {
  const empty = press(scene({ conversations: [], contacts: [] }), 'tab').state
  for (const filter of ['1', '2', '3', '4']) {
    const shown = paneLines(press(empty, filter).state, 'list').filter((each) => each !== '')
    t.ok(shown.length >= 5, `${filter}: ${shown.join(' / ')}`)
    t.same(
      shown.filter((each) => each.endsWith('…')),
      [],
      filter,
    )
  }
  t.match(paneText(press(empty, '3').state, 'list').replaceAll(/\s+/g, ' '), /sotto has none yet/)
})

test('a pinned conversation says so in a word', async (t) => {
  const state = scene({ conversations: [conversation(1, { pinned: true })] })
  t.match(paneLines(state, 'list')[0], / pin /)
})

test('oneself is no stranger: what is written to me are the notes', async (t) => {
  const self = conversation(3, { kind: 'self', name: 'me', trust: 'verified' })
  const state = scene({ conversations: [conversation(1), self] })
  for (const written of ['me', 'alice.42', '@Alice.42']) {
    const found = type(press(state, 'ctrl+n').state, written).state
    t.match(paneText(found, 'overlay'), /Notes to self/, written)
    t.notMatch(paneText(found, 'overlay'), /look/i, written)
    t.equal(press(found, 'enter').state.open, conversationId(3), written)
  }
  const begun = press(type(press(scene(), 'ctrl+n').state, 'me').state, 'enter')
  const [asked] = effectsOf(begun, 'ask')
  t.match(asked?.call, { method: 'conversation.unarchive', params: { conversation: 'me' } })
  const opened = feed(
    begun.state,
    {
      kind: 'answer',
      answer: {
        method: 'conversation.unarchive',
        params: { conversation: 'me' },
        result: self,
      },
    },
    { kind: 'list', conversations: [conversation(1), self], contacts: [], queued: 0 },
  )
  t.equal(opened.state.open, conversationId(3), 'they are begun where there were none')
})

test('more unread than is loaded at once: it opens in them, and the divider stands where they begin', async (t) => {
  const stored = lines(1, 1_000)
  const unread = scene({ conversations: [conversation(1, { unread: 900 })] })
  let done = await answered(opening(unread, conversationId(1)), stored)
  t.equal(chatOf(done.state).firstUnread, undefined)
  t.same(callsOf(done), [], 'nothing counts as read')
  for (let pages = 0; pages < 40 && chatOf(done.state).firstUnread === undefined; pages++)
    done = await answered(press(done.state, 'alt+u'), stored)
  t.match(chatOf(done.state).firstUnread, { count: 900, id: stored[100]!.message.id })
  done = await answered(press(done.state, 'alt+u'), stored)
  t.match(paneText(done.state, 'timeline'), /900 new messages[^]*message 101\n/)
})

test('behind the oldest that was found older ones are asked for', async (t) => {
  const stored = lines(1, 450)
  const state = feed(chatScene([]), page('newest', stored)).state
  const asked = press(type(press(state, 'ctrl+f').state, 'message').state, 'enter')
  const hits = (count: number) =>
    stored
      .slice(-count)
      .reverse()
      .map((each) => ({ ...each, match: null }))
  const answer = (limit: number) => {
    const params = { query: 'message', in: [`id:${conversationId(1)}`], limit }
    return {
      kind: 'answer' as const,
      answer: { method: 'message.search' as const, params, result: hits(Math.min(limit, 450)) },
    }
  }
  t.match(effectsOf(asked, 'ask').at(-1)?.call.params, { limit: 200 })
  let done = feed(asked.state, answer(200))
  for (let turn = 0; turn < 200; turn++) done = press(done.state, 'n')
  t.match(effectsOf(done, 'ask').at(-1)?.call.params, { limit: 400 })
  done = feed(done.state, answer(400))
  t.equal(chatOf(done.state).search?.at, 200)
  t.equal(chatOf(done.state).selected, stored[449 - 200]?.message.id)
})

test('an overlay that is higher than the screen is scrolled, and says that there is more', async (t) => {
  const small = chatScene(
    [line(1)],
    request(
      {
        claimedHandle: '@otter.3',
        name: 'Otto of Otterberg, third of that name, keeper of the seven mills at the lake',
      },
      { columns: 40, rows: 12 },
    ),
  )
  t.match(paneLines(small, 'notice').at(-1), /F4 shows all of it/)
  t.ok(paneLines(small, 'notice').length <= 4)
  const whole = press(small, 'f4').state
  t.match(paneLines(whole, 'overlay').at(-1), /more \(PgDn\)/)
  const seen = new Set(paneLines(whole, 'overlay'))
  let state = whole
  for (let turn = 0; turn < 20; turn++) {
    state = press(state, turn % 2 === 0 ? 'down' : 'page-down').state
    for (const each of paneLines(state, 'overlay')) seen.add(each)
  }
  t.notMatch(paneLines(state, 'overlay').at(-1), /more/)
  t.match([...seen].join(' '), /\/remove/)
  t.match([...seen].join(' '), /\/accept/)
  t.equal(press(state, 'escape').state.overlays.length, 0)
})

test('in a list that is higher than the screen what is chosen is seen', async (t) => {
  const small = chatScene([line(1)], {
    columns: 40,
    rows: 12,
    contacts: [
      { ...CONTACT, conversation: { id: conversationId(1), kind: 'direct', name: '@friend1.42' } },
    ],
  })
  const detail = {
    since: '2026-10-01T00:00:00Z',
    messages: { sent: 1, received: 2, unread: 0, held: 0, dropped: 0 },
  }
  const info = feed(press(small, 'alt+i').state, {
    kind: 'answer',
    answer: {
      method: 'contact.show',
      params: { to: `acct:${CONTACT.id}` },
      result: {
        ...CONTACT,
        ...detail,
        conversation: { id: conversationId(1), kind: 'direct', name: '@friend1.42' },
      },
    },
  }).state
  for (let turn = 0, state = info; turn < 6; turn++, state = press(state, 'down').state)
    t.match(paneText(state, 'overlay'), /›/, String(turn))
  const above = press(info, 'page-up').state
  t.match(paneText(above, 'overlay'), surface().words.screen.people.info.username)
})
