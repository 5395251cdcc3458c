import { test } from 'tap'
import { friends, strangers } from '../support/desk.js'
import { sendFrom } from '../support/send-from.js'

test('the same key and content answer with the message sent before', async (t) => {
  const { alice, bob, network } = await friends(t)
  const request = { to: ['@bob.42'], text: 'deployed', id: 'deploy-1' }
  const first = await sendFrom(alice, request)
  const second = await sendFrom(alice, request)
  t.equal(second.result.id, first.result.id)
  t.equal(network.submissions.length, 1)
  await bob.catchUp()
  t.equal(bob.texts(alice).length, 3)
})

test('the same key with another content is refused, and nothing is sent', async (t) => {
  const { alice, network } = await friends(t)
  await sendFrom(alice, { to: ['@bob.42'], text: 'deployed', id: 'deploy-1' })
  const other = sendFrom(alice, { to: ['@bob.42'], text: 'rolled back', id: 'deploy-1' })
  await t.rejects(other, { code: 'send-id/reused', exitCode: 65 })
  t.equal(network.submissions.length, 1)
})

test('two calls at once with one key send one message', async (t) => {
  const { alice, network, bob } = strangers(t)
  network.join(bob.person)
  const request = { to: ['@bob.42'], text: 'deployed', id: 'deploy-1' }
  const [one, other] = await Promise.all([sendFrom(alice, request), sendFrom(alice, request)])
  t.equal(one.result.id, other.result.id)
  await bob.catchUp()
  await bob.accept(alice)
  t.same(bob.texts(alice), ['deployed'])
})

test('tried again with one key, only those are written to who were not', async (t) => {
  const office = await friends(t)
  const { alice, bob, network } = office
  const request = { to: ['@bob.42', '@carol.42'], text: 'all hands', id: 'k' }
  const first = await sendFrom(alice, request)
  t.equal(first.exitCode, 81)
  t.match(first.result.results, [
    { recipient: '@bob.42', status: 'accepted' },
    { recipient: '@carol.42', status: 'failed', error: { code: 'recipient/unknown' } },
  ])
  const carol = office.hire('carol')
  const second = await sendFrom(alice, request)
  t.equal(second.exitCode, 0)
  t.equal(network.mailbox(carol.person.id).length, 1)
  await bob.catchUp()
  t.same(bob.texts(alice).slice(2), ['all hands'])
})
