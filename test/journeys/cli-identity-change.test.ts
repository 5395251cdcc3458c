import { join } from 'node:path'

import { test, type Test } from 'tap'

import { makePerson, schemaFaults, succeed, type Person } from '../harness/index.js'
import { beginPair } from './support/pair.js'

interface Shown {
  readonly verify: { readonly safetyNumber: string; readonly changed?: boolean }
}
interface EventLine {
  readonly type: string
  readonly sender?: { readonly id: string }
  readonly successor?: string
}

async function verifyOf(person: Person, to: string): Promise<Shown['verify']> {
  return (await succeed(person.run(['verify', 'show', to, '--json']))).json<Shown>().verify
}

/** Bob gives his username up, and somebody else takes it; Alice has heard of neither. */
async function beginChanged(t: Test, options: { readonly verified: boolean }) {
  const { dir, relay, alice, bob } = await beginPair(t)
  if (options.verified) {
    const { safetyNumber } = await verifyOf(bob, alice.handle)
    await succeed(alice.run(['verify', 'confirm', bob.handle, '--number', safetyNumber]))
  }
  await succeed(bob.run(['account', 'edit', '--username', 'robert.77']))
  const newBob = await makePerson(relay, join(dir, 'new'), 'bob')
  return { alice, bob, newBob, handle: newBob.handle }
}

test('a verified contact whose username is another’s is not written to until the numbers are compared', async (t) => {
  const { alice, newBob, handle } = await beginChanged(t, { verified: true })
  await succeed(newBob.run(['send', alice.handle, 'it is me, Bob']))

  const added = await alice.run(['contact', 'add', handle, '--json'])
  const sent = await alice.run(['send', handle, 'are you Bob?'])
  const trusted = await alice.run(['contact', 'trust', handle, '--json'])
  const shown = await succeed(alice.run(['verify', 'show', handle, '--json']))
  const { safetyNumber } = await verifyOf(newBob, alice.handle)
  const confirmed = await succeed(
    alice.run(['verify', 'confirm', handle, '--number', safetyNumber, '--json']),
  )
  const log = await succeed(alice.run(['verify', 'log', handle, '--json']))

  t.match(added.error(), { code: 'identity/changed', exit: 80 })
  t.match(sent, { code: 80, stdout: '' })
  t.equal(
    sent.stderr,
    [
      "error: @bob.42's safety number changed. Not sent.  [identity/changed]",
      '  compare: sotto verify show @bob.42',
      '  then:    sotto verify confirm @bob.42 --number …     or, unverified:  sotto contact trust @bob.42',
      '',
    ].join('\n'),
  )
  t.match(trusted.error(), { code: 'identity/changed', exit: 80, fix: /verify confirm @bob\.42/ })
  t.match(shown.json<object>(), { verify: { safetyNumber, verified: false, changed: true } })
  t.match(confirmed.json<object>(), { contact: { handle: '@bob.42', trust: 'verified' } })
  t.match(log.jsonLines<object>()[0], { identity: { event: 'changed' } })
  t.same(schemaFaults('verify', shown.stdout), [])
  t.same(schemaFaults('contact', confirmed.stdout), [])
  t.same(schemaFaults('identity', log.stdout), [])
})

test('a contact who was never verified is trusted anew, and the new one gets the messages', async (t) => {
  const { alice, newBob, handle } = await beginChanged(t, { verified: false })
  const found = await alice.run(['contact', 'add', handle, '--json'])
  const before = await succeed(alice.run(['send', handle, 'to whom I know', '--json']))

  const trusted = await succeed(alice.run(['contact', 'trust', handle, '--json']))
  await succeed(alice.run(['send', handle, 'to the new one']))
  const received = await succeed(newBob.run(['receive', '--json']))
  const told = await succeed(alice.run(['receive', '--json', '--type', 'identity.changed']))

  t.match(found.error(), { code: 'identity/changed', exit: 80 })
  t.match(before.json<object>(), { results: [{ status: 'accepted', changed: true }] })
  t.match(before.stderr, /this went to the one you know/)
  t.match(trusted.json<{ contact: object }>().contact, { handle: '@bob.42', trust: 'known' })
  t.match(received.stdout, /to the new one/)
  t.notMatch(received.stdout, /to whom I know/)
  const [event] = told.jsonLines<EventLine>()
  t.equal(event?.successor, trusted.json<{ contact: { id: string } }>().contact.id)
  t.same(schemaFaults('event', told.stdout), [])
  t.same(schemaFaults('send', before.stdout), [])
})

test('a contact who says that they are called otherwise is renamed, and nothing has to be decided', async (t) => {
  const { alice, bob, newBob } = await beginChanged(t, { verified: true })
  await succeed(bob.run(['send', alice.handle, 'I am Robert now']))
  await succeed(alice.run(['receive']))
  await succeed(newBob.run(['send', alice.handle, 'hello']))
  const received = await succeed(alice.run(['receive', '--json']))
  const renamed = await succeed(alice.run(['contact', 'show', '@robert.77', '--json']))

  t.match(renamed.json<object>(), { contact: { handle: '@robert.77', trust: 'verified' } })
  t.notMatch(received.stdout, /identity\.changed/)
  t.match(received.jsonLines<EventLine>().at(-1), { type: 'contact.request' })
})
