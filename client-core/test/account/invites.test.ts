import { readFileSync } from 'node:fs'
import {
  formatInviteLink,
  fromHex,
  hex,
  parseInviteLink,
  SecretBytes,
  type AccountId,
  type InviteLink,
} from '@sotto/protocol'
import { test, type Test } from 'tap'
import {
  createInvite,
  inviteProof,
  INVITES_MAX,
  listInvites,
  revokeInvite,
  type InviteTerms,
} from '../../src/account/invites.js'
import { addContact } from '../../src/conversation/contacts.js'
import { friends, strangers, type Desk, type Office } from '../support/desk.js'
import { Authority, Person } from '../support/world.js'

const DAY_MS = 24 * 60 * 60_000

/** A link that Alice made. */
function inviteOf({ alice }: Office, terms: InviteTerms = {}): string {
  return createInvite(alice.person.core, terms).link ?? ''
}

async function use(office: Office, desk: Desk, link: string): Promise<void> {
  await addContact(desk.person.core, office.network.door, { to: link, alias: undefined })
}

function trustOf(desk: Desk, peer: Desk): string | undefined {
  return desk.read.contacts.byAccount(peer.person.id)?.trust
}

async function invited(t: Test, terms: InviteTerms = {}) {
  const office = strangers(t)
  const link = inviteOf(office, terms)
  await use(office, office.bob, link)
  return { ...office, link }
}

test('using an invite resolves and stores its maker, and writes to nobody', async (t) => {
  const { alice, bob, network } = await invited(t)
  t.equal(trustOf(bob, alice), 'known')
  t.ok(bob.read.outbox.isEmpty())
  t.equal(network.submissions.length, 0)
})

test('the first message by an invite is from a contact: told at once, and answered', async (t) => {
  const { alice, bob } = await invited(t)
  await bob.write(alice, 'you asked me')
  await alice.catchUp()
  await alice.send()
  await bob.catchUp()
  t.equal(trustOf(alice, bob), 'known')
  t.same(alice.eventTypes(), ['contact.changed', 'message.received'])
  t.same(alice.texts(bob), ['you asked me'])
  t.same(
    bob.read.contacts.byAccount(alice.person.id)?.accessKey,
    alice.person.core.account.accessKey,
  )
})

test('once they have answered each other the proof goes no more', async (t) => {
  const { alice, bob, network } = await invited(t)
  await bob.write(alice, 'one')
  await alice.catchUp()
  await alice.send()
  await bob.catchUp()
  t.equal(bob.read.contacts.byAccount(alice.person.id)?.inviteSecret, null)
  network.submissions.length = 0
  await bob.write(alice, 'two')
  t.match(network.submissions.at(-1)?.leave, { kind: 'access-key' })
})

test('several texts before an answer use an invite once', async (t) => {
  const { alice, bob } = await invited(t, { uses: 2 })
  await bob.write(alice, 'one')
  await bob.write(alice, 'two')
  await alice.catchUp()
  t.match(listInvites(alice.person.core), [{ usesLeft: 1 }])
  t.same(alice.texts(bob), ['one', 'two'])
})

test('an envelope that comes again uses no invite again', async (t) => {
  const { alice, bob, network } = await invited(t, { uses: 2 })
  await bob.write(alice, 'one')
  await alice.deliver(network.mailbox(alice.person.id))
  await alice.deliver(network.mailbox(alice.person.id))
  t.match(listInvites(alice.person.core), [{ usesLeft: 1 }])
})

test('an invite that is used up makes the next an ordinary request', async (t) => {
  const office = await invited(t, { uses: 1 })
  const { alice, bob, link } = office
  const carol = office.hire('carol')
  await bob.write(alice, 'first')
  await alice.catchUp()
  await use(office, carol, link)
  await carol.write(alice, 'second')
  await alice.catchUp()
  t.same([trustOf(alice, bob), trustOf(alice, carol)], ['known', 'request'])
  t.match(listInvites(alice.person.core), [{ state: 'used', usesLeft: 0, link: null }])
})

test('an invite for any number of people is not counted', async (t) => {
  const office = await invited(t, { uses: 0 })
  const { alice, bob, link } = office
  const carol = office.hire('carol')
  await bob.write(alice, 'first')
  await alice.catchUp()
  await use(office, carol, link)
  await carol.write(alice, 'second')
  await alice.catchUp()
  t.same([trustOf(alice, bob), trustOf(alice, carol)], ['known', 'known'])
  t.match(listInvites(alice.person.core), [{ state: 'live', uses: null, usesLeft: null }])
})

test('a revoked invite makes a request of what comes by it', async (t) => {
  const { alice, bob } = await invited(t)
  const id = listInvites(alice.person.core)[0]?.id ?? ''
  const revoked = revokeInvite(alice.person.core, id.slice(0, 6))
  await bob.write(alice, 'too late')
  await alice.catchUp()
  t.match(revoked, { state: 'revoked', link: null })
  t.equal(trustOf(alice, bob), 'request')
})

test('an invite is good by the time at which a message came to the relay, not by our clock', async (t) => {
  const { alice, bob, clock } = await invited(t, { lifetimeMs: DAY_MS })
  await bob.write(alice, 'in time')
  clock.jump(30 * DAY_MS)
  t.match(listInvites(alice.person.core), [{ state: 'expired' }])
  await alice.catchUp()
  t.equal(trustOf(alice, bob), 'known')
})

test('a message that came to the relay after the end is a request', async (t) => {
  const { alice, bob, network } = await invited(t, { lifetimeMs: DAY_MS })
  await bob.write(alice, 'too late')
  const letters = network.mailbox(alice.person.id)
  const endMs = Date.parse(listInvites(alice.person.core)[0]?.expiresAt ?? '')
  await alice.deliver(letters.map((letter) => ({ ...letter, arrivalMs: endMs })))
  t.equal(trustOf(alice, bob), 'request')
})

test('a proof under another secret makes a request, and uses nothing up', async (t) => {
  const office = await invited(t)
  const { alice, link } = office
  const carol = office.hire('carol')
  const guessed = { ...parseInviteLink(link), secret: new SecretBytes(new Uint8Array(16)) }
  await use(office, carol, formatInviteLink(guessed))
  await carol.write(alice, 'guessed')
  await alice.catchUp()
  t.equal(trustOf(alice, carol), 'request')
  t.match(listInvites(alice.person.core), [{ usesLeft: 1 }])
})

test('somebody whose request waits becomes a contact when they show an invite', async (t) => {
  const office = strangers(t)
  const { alice, bob } = office
  await bob.add(alice)
  await bob.write(alice, 'please?')
  await alice.catchUp()
  await use(office, bob, inviteOf(office))
  await bob.write(alice, 'by your link')
  await alice.catchUp()
  t.equal(trustOf(alice, bob), 'known')
  t.same(
    alice.eventTypes().filter((type) => type === 'message.received'),
    ['message.received', 'message.received'],
  )
})

test('somebody who is blocked stays so, whatever they show', async (t) => {
  const { alice, bob } = await invited(t)
  await bob.write(alice, 'one')
  await alice.catchUp()
  const { core } = alice.person
  core.store.transact((tx) => {
    const contact = tx.contacts.byAccount(bob.person.id)
    if (contact !== undefined) tx.contacts.save({ ...contact, blocked: true, trust: 'request' })
  })
  await bob.write(alice, 'two')
  await alice.catchUp()
  t.same(alice.texts(bob), ['one'])
})

test('who shows an invite and the name of a contact waits for a person to decide', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  const mallory = office.hire('bob')
  await use(office, mallory, inviteOf(office))
  await mallory.write(alice, 'it is me, Bob')
  await alice.catchUp()
  t.equal(trustOf(alice, mallory), 'request')
  t.equal(trustOf(alice, bob), 'known')
  t.match(listInvites(alice.person.core), [{ usesLeft: 1 }])
})

/** Bob given a link that differs from Alice's in one thing. */
async function usingChanged(t: Test, change: (link: InviteLink) => Partial<InviteLink>) {
  const office = strangers(t)
  const link = parseInviteLink(inviteOf(office))
  const changed = formatInviteLink({ ...link, ...change(link) })
  return { ...office, using: use(office, office.bob, changed) }
}

test('an identity that is not the one in the link is refused, and nobody is kept', async (t) => {
  const { alice, bob, using } = await usingChanged(t, () => ({
    identityHash: new Uint8Array(32).fill(7),
  }))
  await t.rejects(using, { code: 'identity/forged', exitCode: 80 })
  t.equal(trustOf(bob, alice), undefined)
})

test('an identity that we know already is held against the link, too', async (t) => {
  const office = await friends(t)
  const link = parseInviteLink(inviteOf(office))
  const changed = formatInviteLink({ ...link, identityHash: new Uint8Array(32).fill(7) })
  await t.rejects(use(office, office.bob, changed), { code: 'identity/forged' })
})

test('a relay that answers with somebody else’s keys is found out by the link', async (t) => {
  const office = strangers(t)
  const mallory = office.hire('mallory')
  office.network.answerBundle = () => mallory.person.bundle()
  await t.rejects(use(office, office.bob, inviteOf(office)), { code: 'identity/forged' })
})

test('a link of another relay, or with other keys of ours, is refused before anybody is asked', async (t) => {
  const other = new Uint8Array(32).fill(9)
  const elsewhere = await usingChanged(t, () => ({
    relay: 'https://elsewhere.example',
    relayRootHash: other,
  }))
  const root = await usingChanged(t, () => ({ relayRootHash: other }))
  const certificate = await usingChanged(t, () => ({ certificateRootHash: other }))
  await t.rejects(elsewhere.using, { code: 'invite/elsewhere', exitCode: 67 })
  await t.rejects(root.using, { code: 'relay/root-changed' })
  await t.rejects(certificate.using, { code: 'relay/root-changed' })
  t.same(
    [elsewhere, root, certificate].map(({ network }) => network.bundlesAsked.length),
    [0, 0, 0],
  )
})

test('our relay by another name is our relay', async (t) => {
  const { alice, bob, using } = await usingChanged(t, () => ({ relay: 'https://other.name' }))
  await using
  t.equal(trustOf(bob, alice), 'known')
})

test('one’s own invite is not for oneself', async (t) => {
  const office = strangers(t)
  await t.rejects(use(office, office.alice, inviteOf(office)), { code: 'recipient/self' })
})

test('an invite that is not there cannot be revoked, nor one that is hardly named', async (t) => {
  const { core } = new Person(t, new Authority(), 'alice')
  createInvite(core, {})
  t.throws(() => revokeInvite(core, 'i_0'), { code: 'invite/unknown' })
  t.throws(() => revokeInvite(core, 'i_zzzzzzzzzz'), { code: 'invite/unknown' })
})

test('invites are bounded: those that are over go first, and live ones never', async (t) => {
  const { core } = new Person(t, new Authority(), 'alice')
  const first = createInvite(core, {})
  revokeInvite(core, first.id)
  for (let made = 1; made <= INVITES_MAX; made++) createInvite(core, {})
  t.equal(listInvites(core).length, INVITES_MAX)
  t.notOk(listInvites(core).some(({ id }) => id === first.id))
  t.throws(() => createInvite(core, {}), { code: 'content/invalid' })
})

test('a proof is the one of the vectors, and another for every sender', async (t) => {
  const file = new URL('../../../../protocol/vectors/invite.json', import.meta.url)
  interface Proof {
    readonly sender: AccountId
    readonly recipient: AccountId
    readonly secret: string
    readonly proof: string
  }
  const { proofs } = JSON.parse(readFileSync(file, 'utf8')) as { readonly proofs: readonly Proof[] }
  const [vector] = proofs
  const { sender, recipient, secret, proof } = vector!
  const bytes = fromHex(secret)!
  t.equal(hex(inviteProof(bytes, { sender, recipient })), proof)
  t.not(hex(inviteProof(bytes, { sender: recipient, recipient: sender })), proof)
})
