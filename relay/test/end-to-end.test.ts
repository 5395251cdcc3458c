import t from 'tap'
import { PublicKey, SenderCertificate } from '@signalapp/libsignal-client'
import { decode, openParameters, wire } from '@sotto/protocol'
import { verify } from '../src/keys.js'
import { random, registeredAccount, STRANGER } from './harness/test-account.js'
import { TestDoor } from './harness/test-door.js'
import { testRelay } from './harness/test-relay.js'

t.test('an envelope goes in by the anonymous door and out by the identified one', async (t) => {
  const relay = await testRelay(t)
  const bob = await registeredAccount(relay)
  const receiving = await TestDoor.login(relay.url, bob)
  await receiving.next('queueEmpty')
  const sending = await TestDoor.open(relay.url, 'anonymous')
  const body = random(1024)

  const submitted = await sending.expect(
    {
      case: 'submit',
      value: {
        route: bob.route,
        leave: { kind: { case: 'accessKey', value: bob.accessKey } },
        envelopes: [bob.envelope({ body })],
      },
    },
    'submitted',
  )

  const delivered = await receiving.next('deliver')
  t.same(new Uint8Array(delivered.body), body)
  t.equal(delivered.seq, 1n)
  t.equal(delivered.arrivalMs, submitted.arrivalMs)
  t.equal(delivered.stranger, false)
})

t.test('a stranger looks a name up, fetches a bundle and submits', async (t) => {
  const relay = await testRelay(t)
  const bob = await registeredAccount(relay, { username: 'bob.42' })
  const stranger = await TestDoor.open(relay.url, 'anonymous')
  const { usernames } = await import('@signalapp/libsignal-client')

  const owner = await stranger.expect(
    { case: 'lookupUsername', value: { hash: usernames.hash('bob.42'), leave: STRANGER } },
    'usernameOwner',
  )
  const bundle = await stranger.expect(
    {
      case: 'fetchBundle',
      value: { account: owner.account, leave: STRANGER },
    },
    'bundle',
  )
  await stranger.expect(
    {
      case: 'submit',
      value: {
        route: bundle.route,
        leave: STRANGER,
        envelopes: [bob.envelope()],
      },
    },
    'submitted',
  )

  t.same(new Uint8Array(owner.account), bob.idBytes)
  t.equal(bundle.devices[0]?.oneTimeEc?.id, 1)
  const receiving = await TestDoor.login(relay.url, bob)
  t.equal((await receiving.next('deliver')).stranger, true)
})

t.test('a drawn certificate is valid under the root that the parameters name', async (t) => {
  const relay = await testRelay(t)
  const bob = await registeredAccount(relay)
  const door = await TestDoor.login(relay.url, bob)

  const drawn = await door.expect({ case: 'drawCertificate', value: {} }, 'certificate')

  const response = await fetch(`${relay.url}/v1/parameters`)
  const signed = decode(wire.SignedParametersSchema, new Uint8Array(await response.arrayBuffer()))
  const parameters = openParameters(signed, verify)
  const certificate = SenderCertificate.deserialize(new Uint8Array(drawn.certificate))
  const root = PublicKey.deserialize(parameters.certificateRoot)
  t.ok(certificate.validate(root, Date.now()))
  t.equal(certificate.senderUuid(), bob.id)
  t.equal(certificate.senderDeviceId(), 1)
  t.notOk(certificate.validate(root, Number(drawn.expiresMs) + 1))
  t.same(parameters.rootKey, relay.rootKey)
})
