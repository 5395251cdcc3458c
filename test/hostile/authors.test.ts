import { makeMessageId, ownBytes, type AccountId, type Content } from '@sotto/protocol'
import { randomBytes } from 'node:crypto'
import { test, type Test } from 'tap'

import { succeed } from '../harness/index.js'
import { attack } from './attack.js'
import { Authority, type Claim } from './authority.js'
import { Forger, sha256 } from './forger.js'
import { accountOf, beginFriends, countOf, newsOf, textsOf } from './scene.js'

/** Friends, and Mallory, who has the relay's keys and who both of them are. */
async function beginForgery(t: Test) {
  const scene = await beginFriends(t)
  const mallory = await Forger.join(scene.relay)
  const alice = await accountOf(scene.alice)
  const bob = await accountOf(scene.bob)
  const own: Claim = { account: mallory.account, device: 1, identity: mallory.identity.publicKey }
  const authority = Authority.ofRelay(scene.relay)
  return { ...scene, mallory, accounts: { alice, bob }, own, authority }
}

/** What Bob hears after Mallory has written to him under `certificate`. */
async function writeUnder(
  { relay, bob, mallory, accounts }: Awaited<ReturnType<typeof beginForgery>>,
  certificate: ReturnType<Authority['certify']>,
) {
  const body = await mallory.seal(accounts.bob, text('I am Alice'), certificate)
  relay.forge(accounts.bob, { kind: 'envelope', body })
  return newsOf(bob)
}

function text(body: string): Content {
  const message = makeMessageId({ nowMs: Date.now(), random: ownBytes(randomBytes(10)) })
  return { kind: 'text', text: { message, body, replyTo: undefined, silent: false } }
}

test(
  'a certificate in a contact’s name for another key is refused',
  attack(
    {
      attack: 'Forges a certificate that gives a contact’s account its own key',
      achieves: 'a line; nothing is shown as the contact’s',
      seen: '`message.undecryptable`',
    },
    async (t) => {
      const scene = await beginForgery(t)
      const { accounts, own, authority } = scene

      const events = await writeUnder(scene, authority.certify({ ...own, account: accounts.alice }))

      t.equal(countOf(events, 'message.undecryptable'), 1)
      t.equal(countOf(events, 'contact.request'), 0)
      t.same(textsOf(events), [])
    },
  ),
)

test(
  'a certificate in a contact’s name for the contact’s true key is refused',
  attack(
    {
      attack: 'Forges a certificate for a contact’s true key and seals with its own',
      achieves: 'a line; nothing is shown as the contact’s',
      seen: '`message.undecryptable`',
    },
    async (t) => {
      const scene = await beginForgery(t)
      const { mallory, accounts, authority } = scene
      const identity = await mallory.identityOf(accounts.alice)

      const events = await writeUnder(
        scene,
        authority.certify({ account: accounts.alice, device: 1, identity }),
      )

      t.equal(countOf(events, 'message.undecryptable'), 1)
      t.equal(countOf(events, 'contact.request'), 0)
      t.same(textsOf(events), [])
    },
  ),
)

test(
  'a certificate under made-up keys is refused',
  attack(
    {
      attack: 'Delivers a message under a certificate of another root',
      achieves: 'a line',
      seen: '`message.undecryptable`',
    },
    async (t) => {
      const scene = await beginForgery(t)

      const events = await writeUnder(scene, Authority.madeUp().certify(scene.own))

      t.equal(countOf(events, 'message.undecryptable'), 1)
      t.equal(countOf(events, 'contact.request'), 0)
      t.same(textsOf(events), [])
    },
  ),
)

test(
  'a certificate that has ended is refused',
  attack(
    {
      attack: 'Delivers a message under a certificate that has ended',
      achieves: 'a line; with a false arrival it opens, and is its author’s own',
      seen: '`message.undecryptable`, or a `contact.request` of that author’s',
    },
    async (t) => {
      const { relay, bob, mallory, accounts, own, authority } = await beginForgery(t)
      const ended = Date.now() - 60_000
      const certificate = authority.certify({ ...own, expiresMs: ended })
      const late = await mallory.seal(accounts.bob, text('late'), certificate)
      const lied = await mallory.seal(accounts.bob, text('lied about'), certificate)
      relay.forge(accounts.bob, { kind: 'envelope', body: late })
      const refused = await newsOf(bob)
      const arrivalMs = ended - 60_000
      relay.forge(accounts.bob, { kind: 'envelope', body: lied, arrivalMs, stranger: true })

      const opened = await newsOf(bob)

      t.equal(countOf(refused, 'message.undecryptable'), 1)
      t.equal(countOf(opened, 'contact.request'), 1)
    },
  ),
)

test(
  'a device that no manifest lists is refused',
  attack(
    {
      attack: 'Forges a certificate for another device of a true author',
      achieves: 'a line',
      seen: '`message.undecryptable`',
    },
    async (t) => {
      const scene = await beginForgery(t)
      const { own, authority } = scene

      const events = await writeUnder(scene, authority.certify({ ...own, device: 2 }))

      t.equal(countOf(events, 'message.undecryptable'), 1)
      t.equal(countOf(events, 'contact.request'), 0)
      t.same(textsOf(events), [])
    },
  ),
)

/** Alice has sent Bob a secret, and the relay has kept the envelope. */
async function beginResend(t: Test) {
  const forgery = await beginForgery(t)
  const { relay, alice, bob } = forgery
  const before = relay.requests('submit').length
  await succeed(alice.run(['send', bob.handle, 'a secret for Bob']))
  const [submit] = relay.requests('submit').slice(before)
  const envelope = submit?.envelopes[0]?.body
  if (envelope === undefined) throw new Error('Alice has sent something')
  await newsOf(bob)
  await newsOf(alice) // Bob's receipt.
  return { ...forgery, envelope, sentBefore: relay.requests('submit').length }
}

/** An error that says: this did not open here, send it again. */
async function errorAbout(mallory: Forger, to: AccountId, envelope: Uint8Array): Promise<Content> {
  const message = await mallory.decryptionError(to)
  return { kind: 'decryption-error', message, digest: sha256(envelope) }
}

test(
  'a decryption error in a contact’s name makes nobody send anything again',
  attack(
    {
      attack:
        'Forges a decryption error of the recipient’s, under either key, so that a message is sent again',
      achieves: 'two lines; nothing is sent',
      seen: '`message.undecryptable`',
    },
    async (t) => {
      const { relay, alice, mallory, accounts, own, authority, envelope, sentBefore } =
        await beginResend(t)
      const identity = await mallory.identityOf(accounts.bob)
      for (const claimed of [own.identity, identity]) {
        const certificate = authority.certify({ ...own, account: accounts.bob, identity: claimed })
        const error = await errorAbout(mallory, accounts.alice, envelope)
        const body = await mallory.sealPlain(accounts.alice, error, certificate)
        relay.forge(accounts.alice, { kind: 'envelope', body })
      }

      const events = await newsOf(alice)

      t.equal(countOf(events, 'message.undecryptable'), 2)
      t.equal(relay.requests('submit').length, sentBefore)
    },
  ),
)

test(
  'a decryption error of an attacker’s own gets nothing that went to somebody else',
  attack(
    {
      attack: 'Sends a decryption error of its own about a message that went to somebody else',
      achieves: 'a line at most; nothing is sent',
      seen: '`message.undecryptable` from a stranger; from a contact nothing',
    },
    async (t) => {
      const { relay, alice, mallory, accounts, own, authority, envelope, sentBefore } =
        await beginResend(t)
      const certificate = authority.certify(own)
      const error = await errorAbout(mallory, accounts.alice, envelope)
      const forge = async (): Promise<void> => {
        const body = await mallory.sealPlain(accounts.alice, error, certificate)
        relay.forge(accounts.alice, { kind: 'envelope', body })
      }
      await forge()
      const fromStranger = await newsOf(alice)
      await succeed(alice.run(['contact', 'add', `acct:${mallory.account}`]))
      await forge()

      const fromContact = await newsOf(alice)

      t.equal(countOf(fromStranger, 'message.undecryptable'), 1)
      t.equal(countOf(fromContact, 'message.undecryptable'), 0)
      t.equal(relay.requests('submit').length, sentBefore)
    },
  ),
)

test(
  'a certificate that is not this device’s is not used',
  attack(
    {
      attack: 'Gives a device a certificate that is not its own',
      achieves: 'withholding: nothing is sealed under it',
      seen: 'messages go under the one before while it lives; without, they stay queued',
    },
    async (t) => {
      const { relay, alice, bob, own, authority } = await beginForgery(t)
      relay.aheadMs = 25 * 60 * 60_000 // So that a new one is due.
      const notOurs = authority.certify(own).serialize()
      let given = 0
      relay.tampering = {
        down: ({ kind }) => {
          if (kind.case !== 'result' || kind.value.kind.case !== 'certificate') return undefined
          given += 1
          const certificate = { ...kind.value.kind.value, certificate: notOurs }
          const value = {
            id: kind.value.id,
            kind: { case: 'certificate' as const, value: certificate },
          }
          return [{ kind: { case: 'result', value } }]
        },
      }
      await newsOf(alice)
      await succeed(alice.run(['send', bob.handle, 'under the old one']))

      const events = await newsOf(bob)

      t.ok(given > 0, 'a false certificate was given')
      t.same(textsOf(events), ['under the old one'])
    },
  ),
)
