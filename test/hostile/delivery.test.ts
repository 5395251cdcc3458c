import type { wire } from '@sotto/protocol'
import { join } from 'node:path'
import { test } from 'tap'

import { makePerson, succeed } from '../harness/index.js'
import { attack } from './attack.js'
import type { RelayFrameInit } from './passage.js'
import { accountOf, beginFriends, countOf, newsOf, textsOf, type EventLine } from './scene.js'
import { recordDeliveries } from './tamperings.js'

test(
  'an old envelope under a new number is nothing new',
  attack(
    {
      attack: 'Delivers an envelope again, under a new number',
      achieves: 'nothing',
      seen: 'nothing: the message once',
    },
    async (t) => {
      const { relay, alice, bob } = await beginFriends(t)
      const bobAccount = await accountOf(bob)
      const delivered = recordDeliveries(relay)
      await succeed(alice.run(['send', bob.handle, 'only once']))
      const first = await newsOf(bob)
      for (const { body } of delivered) relay.forge(bobAccount, { kind: 'envelope', body })
      await succeed(alice.run(['send', bob.handle, 'and on']))

      const then = await newsOf(bob)

      t.same(textsOf(first), ['only once'])
      t.same(textsOf(then), ['and on'])
      t.equal(countOf(then, 'message.undecryptable'), 0)
    },
  ),
)

test(
  'an envelope in another’s mailbox does not open there',
  attack(
    {
      attack: 'Delivers an envelope to somebody else, and back to its author',
      achieves: 'a line in each mailbox; it opens in neither',
      seen: '`message.undecryptable`, without a name',
    },
    async (t) => {
      const { relay, dir, alice, bob } = await beginFriends(t)
      const carol = await makePerson(relay, dir, 'carol')
      const delivered = recordDeliveries(relay)
      await succeed(alice.run(['send', bob.handle, 'for Bob']))
      await newsOf(bob)
      relay.tampering = {}
      const [body] = delivered.map((each) => each.body)
      if (body === undefined) throw new Error('something was delivered')
      for (const person of [alice, carol])
        relay.forge(await accountOf(person), { kind: 'envelope', body })

      const [toAlice, toCarol] = [await newsOf(alice), await newsOf(carol)]

      t.equal(countOf(toCarol, 'message.undecryptable'), 1)
      t.equal(countOf(toAlice, 'message.undecryptable'), 1)
      t.same(textsOf(toCarol), [])
    },
  ),
)

test(
  'an envelope with one bit changed does not open, and the true one still does',
  attack(
    {
      attack: 'Changes a bit of an envelope, and delivers the true one after it',
      achieves: 'a line',
      seen: '`message.undecryptable`, then the message',
    },
    async (t) => {
      const { relay, alice, bob } = await beginFriends(t)
      const bobAccount = await accountOf(bob)
      const before = relay.requests('submit').length
      await succeed(alice.run(['send', bob.handle, 'whole']))
      const body = relay.requests('submit')[before]?.envelopes[0]?.body.slice()
      if (body === undefined) throw new Error('Alice has sent something')
      body[500] = (body[500] ?? 0) ^ 1
      relay.forge(bobAccount, { kind: 'envelope', body })

      const events = await newsOf(bob)

      t.equal(countOf(events, 'message.undecryptable'), 1)
      t.same(textsOf(events), ['whole'])
    },
  ),
)

test(
  'what is withheld for a while arrives once, and in its place',
  attack(
    {
      attack: 'Withholds envelopes for a while',
      achieves: 'delay',
      seen: 'the messages, later; until then the author sees `accepted`',
    },
    async (t) => {
      const { relay, alice, bob } = await beginFriends(t)
      relay.tampering = {
        down: ({ kind }) => (kind.case === 'deliver' ? [] : undefined),
      }
      const sent = await succeed(alice.run(['send', bob.handle, 'held back', '--json']))
      const meanwhile = await newsOf(bob)
      relay.tampering = {}
      await succeed(alice.run(['send', bob.handle, 'after it']))

      const later = await newsOf(bob)

      t.match(sent.stdout, /"status":"accepted"/)
      t.same(textsOf(meanwhile), [])
      t.same(textsOf(later), ['held back', 'after it'])
      t.equal(countOf(later, 'gap'), 0)
    },
  ),
)

test(
  'an envelope that is left out between two others is told as missing',
  attack(
    {
      attack: 'Leaves an envelope out for ever, and delivers what comes after it',
      achieves: 'withholding',
      seen: 'the recipient: `gap`, reason `missing`; the author: never `delivered`',
    },
    async (t) => {
      const { relay, alice, bob } = await beginFriends(t)
      await succeed(alice.run(['send', bob.handle, 'left out']))
      await succeed(alice.run(['send', bob.handle, 'let through']))
      let passed = 0
      relay.tampering = {
        down: ({ kind }) => {
          if (kind.case !== 'deliver') return undefined
          passed += 1
          return passed === 1 ? [] : undefined
        },
      }

      const events = await newsOf(bob)
      relay.tampering = {}
      const waited = await alice.run([
        'send',
        bob.handle,
        'x',
        '--wait',
        'delivered',
        '--timeout',
        '1s',
      ])
      const history = await succeed(alice.run(['history', bob.handle, '--json']))

      t.same(textsOf(events), ['let through'])
      t.match(
        events.find(({ type }) => type === 'gap'),
        { count: 1, reason: 'missing' },
      )
      t.equal(waited.code, 85)
      const leftOut = history.stdout.split('\n').find((line) => line.includes('left out'))
      t.notMatch(leftOut, /"status":"delivered"/)
    },
  ),
)

test(
  'an envelope that is left out at the end is never delivered, and its author is told no more than accepted',
  attack(
    {
      attack: 'Says that it has accepted a message and throws it away',
      achieves: 'withholding, unnoticed by the recipient',
      seen: 'the author: `accepted`, and never delivered; waiting for that ends with exit 85',
    },
    async (t) => {
      const { relay, alice, bob } = await beginFriends(t)
      relay.tampering = {
        up: ({ kind }, passage) => {
          if (kind.case !== 'request' || kind.value.method.case !== 'submit') return undefined
          const value = { arrivalMs: BigInt(Date.now()) }
          passage.answer(kind.value, { case: 'submitted', value })
          return []
        },
      }

      const sent = await alice.run([
        'send',
        bob.handle,
        'thrown away',
        '--wait',
        'delivered',
        '--timeout',
        '1s',
        '--json',
      ])

      t.match(sent, { code: 85, stdout: /"status":"accepted"/ })
      t.same(textsOf(await newsOf(bob)), [])
    },
  ),
)

test(
  'envelopes out of order end the connection, and all come on the next one',
  attack(
    {
      attack: 'Delivers envelopes out of their order',
      achieves: 'delay: the connection is dropped and made anew',
      seen: 'the messages in their order',
    },
    async (t) => {
      const { relay, alice, bob } = await beginFriends(t)
      for (const body of ['one', 'two', 'three'])
        await succeed(alice.run(['send', bob.handle, body]))
      const held: RelayFrameInit[] = []
      let disorders = 0
      relay.tampering = {
        down: (frame) => {
          if (disorders > 0) return undefined
          if (frame.kind.case === 'deliver') held.push(frame)
          if (frame.kind.case !== 'deliver' || held.length === 3) {
            if (held.length < 3) return undefined
            disorders += 1
            return held.toReversed()
          }
          return []
        },
      }

      const received = await succeed(
        bob.run([
          'receive',
          '--timeout',
          '8s',
          '--max',
          '3',
          '--json',
          '--type',
          'message.received,gap',
        ]),
      )

      t.equal(disorders, 1)
      const events = received.jsonLines<EventLine>()
      t.same(textsOf(events), ['one', 'two', 'three'])
    },
  ),
)

test(
  'envelopes whose numbers are exchanged are all shown, in the order that the relay chose',
  attack(
    {
      attack: 'Exchanges the numbers and the arrivals of envelopes',
      achieves: 'another order of messages',
      seen: 'the messages in that order',
    },
    async (t) => {
      const { relay, alice, bob } = await beginFriends(t)
      for (const body of ['one', 'two']) await succeed(alice.run(['send', bob.handle, body]))
      let first: wire.Deliver | undefined
      let exchanged = false
      relay.tampering = {
        down: ({ kind }) => {
          if (kind.case !== 'deliver' || exchanged) return undefined
          if (first === undefined) {
            first = kind.value
            return []
          }
          exchanged = true
          const [one, two] = [first, kind.value]
          return [
            {
              kind: { case: 'deliver', value: { ...two, seq: one.seq, arrivalMs: one.arrivalMs } },
            },
            {
              kind: { case: 'deliver', value: { ...one, seq: two.seq, arrivalMs: two.arrivalMs } },
            },
          ]
        },
      }

      const events = await newsOf(bob)

      t.same(textsOf(events), ['two', 'one'])
    },
  ),
)

test(
  'an envelope that is delivered twice under one number ends the connection, and is shown once',
  attack(
    {
      attack: 'Delivers an envelope twice under one number',
      achieves: 'delay: the connection is dropped and made anew',
      seen: 'the message once',
    },
    async (t) => {
      const { relay, alice, bob } = await beginFriends(t)
      await succeed(alice.run(['send', bob.handle, 'just once']))
      let doubled = 0
      relay.tampering = {
        down: (frame) => {
          if (frame.kind.case !== 'deliver' || doubled > 0) return undefined
          doubled += 1
          return [frame, frame]
        },
      }

      const received = await succeed(bob.run(['receive', '--timeout', '3s', '--json']))

      t.equal(doubled, 1)
      t.equal(received.stdout.split('"just once"').length - 1, 1)
    },
  ),
)

test(
  'a relay that was put back and says so is told as a gap, and what follows arrives',
  attack(
    {
      attack: 'Comes back from a backup, and says so',
      achieves: 'delay of what was accepted since: its author sends it again',
      seen: '`gap`, reason `relay-restored`, and what was lost, once its author has been online',
    },
    async (t) => {
      const { relay, dir, alice, bob } = await beginFriends(t)
      const backup = join(dir, 'backup')
      await relay.backUp(backup)
      await succeed(alice.run(['send', bob.handle, 'lost with the disk']))
      await relay.putBack(backup, { restored: true })
      await newsOf(alice)
      await succeed(alice.run(['send', bob.handle, 'after it']))

      const events = await newsOf(bob)

      t.same(textsOf(events), ['lost with the disk', 'after it'])
      t.match(
        events.find(({ type }) => type === 'gap'),
        { reason: 'relay-restored' },
      )
    },
  ),
)

test(
  'a relay that was put back and does not say so loses nothing that is sent afterwards',
  attack(
    {
      attack: 'Goes back to an old backup without saying so',
      achieves: 'withholding of what was accepted since',
      seen: 'what is sent afterwards, and a `gap`, reason `relay-restored`',
    },
    async (t) => {
      const { relay, dir, alice, bob } = await beginFriends(t)
      const backup = join(dir, 'backup')
      await relay.backUp(backup)
      await succeed(alice.run(['send', bob.handle, 'before']))
      const before = await newsOf(bob)
      await relay.putBack(backup, { restored: false })
      await succeed(alice.run(['send', bob.handle, 'after it']))

      const events = await newsOf(bob)

      t.same(textsOf(before), ['before'])
      t.same(textsOf(events), ['after it'])
      t.match(
        events.find(({ type }) => type === 'gap'),
        { reason: 'relay-restored' },
      )
    },
  ),
)
