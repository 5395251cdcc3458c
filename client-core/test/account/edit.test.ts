import { hex, PermissionError } from '@sotto/protocol'
import { test, type Test } from 'tap'
import { editAccount, type AccountChange } from '../../src/account/edit.js'
import { usernameHash } from '../../src/account/username-hash.js'
import { Desk, friends, strangers } from '../support/desk.js'
import { crashAt, type Person } from '../support/world.js'

/** The relay's side of a change of username, and how often the label was put right. */
class Registry {
  hash = ''
  asked = 0
  labels = 0
  refuse: Error | undefined

  async setUsername({ hash }: { readonly hash: Uint8Array }): Promise<void> {
    this.asked += 1
    if (this.refuse !== undefined) throw this.refuse
    this.hash = hex(hash)
  }

  async edit({ core }: Person, change: AccountChange) {
    const relabel = () => {
      this.labels += 1
    }
    return editAccount({ core, connection: this, relabel }, change)
  }
}

async function begin(t: Test) {
  return { ...(await friends(t)), registry: new Registry() }
}

test('a new name and status are in the account at once and reach contacts sealed', async (t) => {
  const { alice, bob, registry } = await begin(t)
  const events = bob.events().length
  const account = await registry.edit(alice.person, { name: 'Alice A.', status: 'at sea' })
  await alice.send()
  await bob.catchUp()
  t.match(account, { username: 'alice.42', name: 'Alice A.', status: 'at sea' })
  t.match(bob.read.contacts.byAccount(alice.person.id), { name: 'Alice A.', status: 'at sea' })
  const contact = { name: 'Alice A.', status: 'at sea' }
  t.match(bob.events().slice(events), [{ type: 'contact.changed', contact }])
  await alice.write(bob, 'ahoy')
  await bob.catchUp()
  t.match(bob.events().at(-1), { sender: contact, message: { text: 'ahoy' } })
  t.equal(registry.asked, 0, 'the relay has no part in it')
})

test('without the relay they wait, and only the last of several changes is sent', async (t) => {
  const { alice, bob, network, registry } = await begin(t)
  await registry.edit(alice.person, { status: 'one' })
  await registry.edit(alice.person, { status: 'two' })
  await alice.send()
  await bob.catchUp()
  t.equal(network.submissions.length, 1)
  t.equal(bob.read.contacts.byAccount(alice.person.id)?.status, 'two')
})

test('what is taken away is gone, and what is left out stays', async (t) => {
  const { alice, bob, registry } = await begin(t)
  await registry.edit(alice.person, { status: 'busy' })
  const account = await registry.edit(alice.person, { name: '' })
  await alice.send()
  await bob.catchUp()
  t.match(account, { username: 'alice.42', name: null, status: 'busy' })
  t.match(bob.read.contacts.byAccount(alice.person.id), { name: null, status: 'busy' })
})

test('a change to what is there already is none', async (t) => {
  const { alice, registry } = await begin(t)
  const { profileVersion } = alice.person.core.account
  await registry.edit(alice.person, { name: 'alice', status: '' })
  t.equal(alice.person.core.account.profileVersion, profileVersion)
  t.ok(alice.read.outbox.isEmpty())
})

test('a username is the relay’s first, then ours, then our contacts’', async (t) => {
  const { alice, bob, registry } = await begin(t)
  const account = await registry.edit(alice.person, { username: 'alice.77' })
  await alice.send()
  await bob.catchUp()
  t.equal(account.username, 'alice.77')
  t.equal(registry.hash, hex(usernameHash('alice.77')))
  t.equal(registry.labels, 1)
  t.equal(bob.read.contacts.byAccount(alice.person.id)?.claimed, 'alice.77')
})

test('a username can be given up', async (t) => {
  const { alice, registry } = await begin(t)
  const account = await registry.edit(alice.person, { username: null })
  t.equal(account.username, null)
  t.equal(registry.hash, '')
})

test('a username that somebody else has changes nothing, the name beside it neither', async (t) => {
  const { alice, registry } = await begin(t)
  registry.refuse = new PermissionError('username/taken', 'somebody else has that username')
  const { account } = alice.person.core
  await t.rejects(registry.edit(alice.person, { username: 'bob.42', name: 'Bob' }), {
    code: 'username/taken',
  })
  t.same(alice.read.account.own(), account)
})

test('what cannot be a name, a status or a username is refused before anybody is asked', async (t) => {
  const { alice, registry } = await begin(t)
  const refused = [
    { name: 'x'.repeat(129) },
    { status: 'x'.repeat(257) },
    { status: 'two\nlines' },
    { name: 'bell\u0007' },
    { status: '\ud800' },
    { username: 'alice' },
  ]
  for (const change of refused) {
    await t.rejects(registry.edit(alice.person, change), { code: 'usage/invalid' })
  }
  t.equal(registry.asked, 0)
})

test('strangers hear nothing of a change', async (t) => {
  const { alice, bob, network } = strangers(t)
  await alice.add(bob)
  await new Registry().edit(alice.person, { name: 'Somebody' })
  await alice.send()
  t.equal(network.submissions.length, 0)
})

test('dead after the relay gave the username, the same change again finishes it', async (t) => {
  const { alice, bob, network, registry } = await begin(t)
  const survivorOf = crashAt(t, alice.person, 'account.renamed')
  await registry.edit(alice.person, { username: 'alice.77' })
  const survivor = new Desk(survivorOf(), network)
  t.equal(survivor.person.core.account.username, 'alice.42')
  await registry.edit(survivor.person, { username: 'alice.77' })
  await survivor.send()
  await bob.catchUp()
  t.equal(survivor.person.core.account.username, 'alice.77')
  t.equal(bob.read.contacts.byAccount(alice.person.id)?.claimed, 'alice.77')
})

test('dead after the commit, the profile is on its way and the same change again says so', async (t) => {
  const { alice, bob, network, registry } = await begin(t)
  const survivorOf = crashAt(t, alice.person, 'account.edited')
  await registry.edit(alice.person, { username: 'alice.77' })
  const survivor = new Desk(survivorOf(), network)
  const { profileVersion } = survivor.person.core.account
  const account = await registry.edit(survivor.person, { username: 'alice.77' })
  await survivor.send()
  await bob.catchUp()
  t.equal(account.username, 'alice.77')
  t.equal(survivor.person.core.account.profileVersion, profileVersion)
  t.equal(registry.labels, 2)
  t.equal(bob.read.contacts.byAccount(alice.person.id)?.claimed, 'alice.77')
})
