import { test } from 'tap'
import { friends, strangers, type Desk } from '../support/desk.js'
import type { Submission } from '../support/network.js'

/** The kinds of content in submissions, as their recipient opens them, in order. */
async function kindsFor(desk: Desk, submissions: readonly Submission[]): Promise<string[]> {
  const kinds: string[] = []
  for (const { envelopes } of submissions) {
    const opened = await desk.person.open({ body: new Uint8Array(envelopes[0]?.body ?? []) })
    kinds.push(opened.kind === 'opened' ? opened.sealed.content.kind : opened.kind)
  }
  return kinds
}

test('a text to somebody whose access key we lack is a request that carries our profile', async (t) => {
  const { alice, bob, network } = strangers(t)
  await alice.add(bob)
  await alice.write(bob, 'may I?')
  const [submission] = network.submissions
  t.match(submission?.leave, { kind: 'stranger' })
  const opened = await bob.person.open({
    body: new Uint8Array(submission?.envelopes[0]?.body ?? []),
  })
  t.match(opened, {
    kind: 'opened',
    sealed: {
      content: {
        kind: 'request',
        text: { body: 'may I?' },
        profile: { accessKey: alice.person.core.account.accessKey, username: 'alice.42' },
      },
    },
  })
})

test('a text to a contact whose access key we have is a text under that key', async (t) => {
  const { alice, bob, network } = await friends(t)
  await alice.write(bob, 'as friends')
  const key = bob.person.core.account.accessKey
  t.match(network.submissions, [{ leave: { kind: 'access-key', key } }])
  t.same(await kindsFor(bob, network.submissions), ['text'])
})

test('our profile goes out once, before the first text to a contact that lacks it', async (t) => {
  const { alice, bob, network } = await friends(t)
  alice.person.core.store.transact((tx) => {
    const contact = tx.contacts.byAccount(bob.person.id)
    if (contact !== undefined) tx.contacts.save({ ...contact, profileSent: 0 })
  })
  alice.compose(bob, 'first')
  alice.compose(bob, 'second')
  await alice.send()
  t.same(await kindsFor(bob, network.submissions), ['profile', 'text', 'text'])
})

test('a request that was accepted by the relay counts as our profile sent', async (t) => {
  const { alice, bob } = strangers(t)
  await alice.add(bob)
  await alice.write(bob, 'may I?')
  t.equal(alice.read.contacts.byAccount(bob.person.id)?.profileSent, 1)
})

test('the longest text that may be sent fits a request, which is the largest of all', async (t) => {
  const { alice, bob, network } = strangers(t)
  await alice.add(bob)
  const message = await alice.write(bob, 'x'.repeat(60 * 1024))
  t.equal(alice.status(message), 'accepted')
  t.equal(network.submissions[0]?.envelopes[0]?.body?.length, 64 * 1024)
})
