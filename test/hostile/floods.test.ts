import { randomBytes } from 'node:crypto'
import { statSync } from 'node:fs'
import { makeMessageId, ownBytes, wire } from '@sotto/protocol'
import { test } from 'tap'

import { filesBelow, succeed, type Person } from '../harness/index.js'
import { attack } from './attack.js'
import { Authority } from './authority.js'
import { Forger, textContent } from './forger.js'
import type { Forged } from './mailbox.js'
import { accountOf, beginFriends, countOf, newsOf, textsOf } from './scene.js'

const MIB = 2 ** 20

function bytesOnDisk({ home }: Person): number {
  return filesBelow(home).reduce((sum, file) => sum + statSync(file).size, 0)
}

test(
  'a flood of envelopes that will not open takes bounded space, and true ones still arrive',
  attack(
    {
      attack: 'Floods a mailbox with envelopes that will not open',
      achieves: 'the space of 1,000 envelopes, 64 MiB at most, and as many lines as it sends',
      seen: '`message.undecryptable` for each; then the messages',
    },
    async (t) => {
      const { relay, alice, bob } = await beginFriends(t)
      const bobAccount = await accountOf(bob)
      const junk = (): Forged => ({ kind: 'envelope', body: ownBytes(randomBytes(16_384)) })
      const before = bytesOnDisk(bob)
      let told = 0
      for (let wave = 0; wave < 5; wave++) {
        relay.forge(bobAccount, ...Array.from({ length: 500 }, junk))
        told += countOf(await newsOf(bob), 'message.undecryptable')
      }
      await succeed(alice.run(['send', bob.handle, 'through the flood']))

      const events = await newsOf(bob)

      t.equal(told, 2500)
      t.same(textsOf(events), ['through the flood'])
      const grown = bytesOnDisk(bob) - before
      t.ok(grown < 28 * MIB, `2,500 envelopes of 16 KiB took ${String(grown)} bytes`)
    },
  ),
)

test(
  'a relay that delivers more than its own window is left',
  attack(
    {
      attack: 'Delivers without end, and waits for no acknowledgement',
      achieves: 'withholding: the connection is dropped at 1,024 envelopes',
      seen: 'what was committed; `receive` ends 69 or 76 while it lasts',
    },
    async (t) => {
      const { relay, alice, bob } = await beginFriends(t)
      const bobAccount = await accountOf(bob)
      const gap: Forged = { kind: 'gap', count: 1, reason: wire.GapReason.QUOTA }
      relay.forge(bobAccount, ...Array.from({ length: 20_000 }, () => gap))
      const flooded = await bob.run(['receive', '--drain', '--json', '--type', 'gap'])
      await succeed(alice.run(['send', bob.handle, 'afterwards']))

      const events = await newsOf(bob)

      t.ok([69, 76].includes(flooded.code ?? 0), `exit ${String(flooded.code)}`)
      t.same(textsOf(events), ['afterwards'])
    },
  ),
)

test(
  'of one stranger who writes without end fifty texts are kept, and no more is told than one request',
  attack(
    {
      attack: 'Lets a stranger of its own write without end',
      achieves: 'one request, and the space of 50 texts',
      seen: 'one `contact.request`; when it is accepted, the rest as a `gap`, reason `held`',
    },
    async (t) => {
      const { relay, bob } = await beginFriends(t)
      const bobAccount = await accountOf(bob)
      const mallory = await Forger.join(relay)
      const identity = mallory.identity.publicKey
      const certificate = Authority.ofRelay(relay).certify({
        ...{ account: mallory.account, device: 1, identity },
      })
      for (let count = 0; count < 70; count++) {
        const id = makeMessageId({ nowMs: Date.now(), random: ownBytes(randomBytes(10)) })
        const body = await mallory.seal(
          bobAccount,
          textContent(`spam ${String(count)}`, id),
          certificate,
        )
        relay.forge(bobAccount, { kind: 'envelope', body, stranger: true })
      }
      const told = await newsOf(bob)
      await succeed(bob.run(['contact', 'accept', `acct:${mallory.account}`]))

      const accepted = await newsOf(bob)

      t.equal(countOf(told, 'contact.request'), 1)
      t.equal(textsOf(told).length, 0)
      t.match(
        accepted.find(({ type }) => type === 'gap'),
        { count: 20, reason: 'held' },
      )
    },
  ),
)

test(
  'gaps that nothing was lost in are told, and cost a line each',
  attack(
    {
      attack: 'Makes up gaps',
      achieves: 'false lines; at most a million events are held',
      seen: '`gap`',
    },
    async (t) => {
      const { relay, alice, bob } = await beginFriends(t)
      const bobAccount = await accountOf(bob)
      const gap: Forged = { kind: 'gap', count: 0xffffffff, reason: wire.GapReason.EXPIRED }
      relay.forge(bobAccount, ...Array.from({ length: 500 }, () => gap))
      const told = await newsOf(bob)
      await succeed(alice.run(['send', bob.handle, 'nothing was lost']))

      const events = await newsOf(bob)

      t.equal(countOf(told, 'gap'), 500)
      t.same(textsOf(events), ['nothing was lost'])
    },
  ),
)
