import { join } from 'node:path'
import { base64url } from '@sotto/protocol'
import { test } from 'tap'

import { personAt, succeed } from '../harness/index.js'
import { drainPrekeys } from '../harness/stranger.js'
import { attack } from './attack.js'
import { Doorway } from './doorway.js'
import { Forger } from './forger.js'
import { HostileRelay } from './hostile-relay.js'
import { accountOf, beginFriends, beginStrangers, countOf, newsOf, textsOf } from './scene.js'
import { answerLookups, changingBundles, mismatching, recordDeliveries } from './tamperings.js'

test(
  'another account’s keys in place of the recipient’s are refused, and nothing is sealed for them',
  attack(
    {
      attack: 'Hands out its own identity key and manifest in place of the recipient’s',
      achieves: 'nothing: the account id certifies the key',
      seen: 'the send fails, `identity/forged`, exit 80',
    },
    async (t) => {
      const { relay, alice, bob } = await beginStrangers(t)
      const mallory = await Forger.join(relay)
      const forged = await mallory.bundleOf(mallory.account)
      relay.tampering = changingBundles(() => forged)

      const sent = await alice.run(['send', bob.handle, 'for Bob alone', '--json'])

      t.match(sent.error(), { code: 'identity/forged', exit: 80 })
      t.same(relay.requests('submit'), [])
    },
  ),
)

test(
  'an identity key swapped inside the recipient’s manifest is refused',
  attack(
    {
      attack: 'Puts its own identity key into the recipient’s manifest and signs that itself',
      achieves: 'nothing: the account id certifies the key',
      seen: 'the send fails, `identity/forged`, exit 80',
    },
    async (t) => {
      const { relay, alice, bob } = await beginStrangers(t)
      const mallory = await Forger.join(relay)
      relay.tampering = changingBundles((bundle) => {
        const identityKey = mallory.identity.publicKey.serialize()
        const manifest = mallory.signChanged(bundle.manifest, { identityKey })
        return { ...bundle, manifest }
      })

      const sent = await alice.run(['send', bob.handle, 'for Bob alone', '--json'])

      t.match(sent.error(), { code: 'identity/forged', exit: 80 })
      t.same(relay.requests('submit'), [])
    },
  ),
)

test(
  'a device that the relay adds to a manifest is refused',
  attack(
    {
      attack: 'Adds a device of its own to a contact’s manifest',
      achieves: 'withholding: only the identity key signs devices',
      seen: 'the message stays `queued`, exit 79; nothing is sealed for the device',
    },
    async (t) => {
      const { relay, alice, bob } = await beginFriends(t)
      const mallory = await Forger.join(relay)
      const bobAccount = await accountOf(bob)
      const honest = await mallory.bundleOf(bobAccount)
      const before = relay.requests('submit').length
      const added = { id: 2, registrationId: 77, deviceKey: mallory.device.deviceKey }
      const { devices } = await mallory.bundleOf(mallory.account)
      const forged = {
        ...honest,
        manifest: mallory.signChanged(honest.manifest, { addDevice: added }),
        devices: devices.map((device) => ({ ...device, device: 2, registrationId: 77 })),
      }
      relay.tampering = mismatching(forged, { missing: [2] })

      const sent = await alice.run([
        'send',
        bob.handle,
        'for Bob alone',
        '--timeout',
        '3s',
        '--json',
      ])

      t.match(sent, { code: 79, stdout: /"status":"queued"/ })
      const envelopes = relay
        .requests('submit')
        .slice(before)
        .flatMap((submit) => submit.envelopes)
      t.ok(envelopes.length > 0, 'what was sealed before the lie is for Bob’s own device')
      t.same(
        envelopes.filter(({ device }) => device !== 1),
        [],
      )
    },
  ),
)

test(
  'an older manifest than the one known is refused',
  attack(
    {
      attack: 'Rolls a contact’s manifest back to an older one',
      achieves: 'withholding: what was removed stays removed',
      seen: 'the message stays queued, exit 79, and says `identity/forged`',
    },
    async (t) => {
      const { relay, alice } = await beginStrangers(t)
      const peer = await Forger.join(relay)
      const old = await peer.bundleOf(peer.account)
      const newer = peer.signNext()
      const to = `acct:${peer.account}`
      relay.tampering = changingBundles(({ manifest, ...bundle }) => ({
        ...bundle,
        ...(manifest === undefined ? {} : { manifest: { ...manifest, ...newer } }),
      }))
      await succeed(alice.run(['send', to, 'one']))
      relay.tampering = mismatching(old)

      const sent = await alice.run(['send', to, 'two', '--timeout', '3s', '--json'])

      t.match(sent, { code: 79, stdout: /"status":"queued".*"code":"identity\/forged"/ })
    },
  ),
)

test(
  'a prekey that the recipient did not sign starts no session',
  attack(
    {
      attack: 'Puts a prekey of its own beside the recipient’s true identity key',
      achieves: 'withholding: nothing is sealed',
      seen: 'the send fails, `wire/unexpected`, exit 76',
    },
    async (t) => {
      const { relay, alice, bob } = await beginStrangers(t)
      const mallory = await Forger.join(relay)
      const [own] = (await mallory.bundleOf(mallory.account)).devices
      relay.tampering = changingBundles((bundle) => ({
        ...bundle,
        devices: bundle.devices.map((device) => ({ ...device, signed: own?.signed })),
      }))

      const sent = await alice.run(['send', bob.handle, 'hi', '--json'])

      t.match(sent.error(), { code: 'wire/unexpected', exit: 76 })
      t.same(relay.requests('submit'), [])
    },
  ),
)

test(
  'where only last-resort keys are handed out, a first message arrives, and once however often it is delivered',
  attack(
    {
      attack:
        'Takes all one-time prekeys, so that only last-resort keys are left, and delivers the first message again under a new number',
      achieves: 'the first message leans on keys that live for days; nothing by the repetition',
      seen: 'the message, once',
    },
    async (t) => {
      const { relay, alice, bob } = await beginStrangers(t)
      const bobAccount = await accountOf(bob)
      await succeed(bob.run(['contact', 'add', alice.handle]))
      await drainPrekeys(relay.honestUrl, bob.home, 100)
      const delivered = recordDeliveries(relay)
      await succeed(alice.run(['send', bob.handle, 'only once']))
      const first = await newsOf(bob)
      for (const { body } of delivered) relay.forge(bobAccount, { kind: 'envelope', body })

      const again = await newsOf(bob)

      t.same(textsOf(first), ['only once'])
      t.ok(delivered.length > 0, 'there was something to deliver again')
      t.same(textsOf(again), [])
    },
  ),
)

test(
  'a relay that says over and over that no prekeys are left makes no more than a bounded number',
  attack(
    {
      attack: 'Says at every moment that no prekeys are left',
      achieves: 'work, and a few megabytes of keys at most',
      seen: 'nothing',
    },
    async (t) => {
      const { relay, bob, alice } = await beginFriends(t)
      relay.tampering = {
        down: ({ kind }) => {
          if (kind.case !== 'queueEmpty') return undefined
          const counts = { oneTimeEc: 0, oneTimeKyber: 0, lastResortUsed: true }
          const storm = Array.from({ length: 2000 }, () => ({
            kind: { case: 'prekeys' as const, value: counts },
          }))
          return [...storm, { kind }]
        },
      }
      await succeed(alice.run(['send', bob.handle, 'through the storm']))

      const events = await newsOf(bob)

      t.same(textsOf(events), ['through the storm'])
      const published = relay.requests('publishPrekeys').flatMap((stock) => stock.oneTimeKyber)
      t.ok(published.length < 1000)
    },
  ),
)

test(
  'a username that is answered with another account is believed once, and told once it is a contact’s',
  attack(
    {
      attack: 'Answers the lookup of a contact’s username with an account of its own',
      achieves: 'nothing but holding up what goes to a verified contact',
      seen: '`identity.changed`; sends go to the account known, or fail with `identity/changed`, exit 80',
    },
    async (t) => {
      const { relay, alice, bob } = await beginFriends(t)
      const mallory = await Forger.join(relay)
      const before = relay.requests('submit').length
      const { route } = await mallory.bundleOf(mallory.account)
      answerLookups(relay, mallory)

      const added = await alice.run(['contact', 'add', bob.handle, '--json'])
      const told = await newsOf(alice)
      await succeed(alice.run(['send', bob.handle, 'still for Bob', '--json']))

      t.match(added.error(), { code: 'identity/changed', exit: 80 })
      t.equal(countOf(told, 'identity.changed'), 1)
      const routes = relay
        .requests('submit')
        .slice(before)
        .map((submit) => base64url(submit.route))
      t.ok(routes.length > 0)
      t.notOk(routes.includes(base64url(route)), 'nothing goes to the other account')
    },
  ),
)

test(
  'who was never met is whoever the relay says they are, until safety numbers are compared',
  attack(
    {
      attack: 'Answers the first lookup of a username with an account of its own',
      achieves: 'it gets what is written to that name, until safety numbers are compared',
      seen: '`verify confirm` with the true number: exit 1',
    },
    async (t) => {
      const { relay, alice, bob } = await beginStrangers(t)
      const mallory = await Forger.join(relay)
      answerLookups(relay, mallory)
      await succeed(alice.run(['contact', 'add', bob.handle]))
      relay.tampering = {}
      await succeed(bob.run(['contact', 'add', alice.handle]))
      const shown = await succeed(bob.run(['verify', 'show', alice.handle, '--json']))
      const { safetyNumber } = shown.json<{ verify: { safetyNumber: string } }>().verify

      const compared = await alice.run(['verify', 'confirm', bob.handle, '--number', safetyNumber])

      t.equal(compared.code, 1)
    },
  ),
)

test(
  'an invite link leads to whom it names, whatever the relay answers',
  attack(
    {
      attack: 'Answers for the maker of an invite link with an account of its own',
      achieves: 'nothing: the link names account and identity key',
      seen: '`identity/forged`, exit 80',
    },
    async (t) => {
      const { relay, alice, bob } = await beginStrangers(t)
      const mallory = await Forger.join(relay)
      const made = await succeed(bob.run(['invite', 'create', '--json']))
      const { link } = made.json<{ invite: { link: string } }>().invite
      const forged = await mallory.bundleOf(mallory.account)
      relay.tampering = changingBundles(() => forged)

      const accepted = await alice.run(['invite', 'accept', link, '--json'])

      t.match(accepted.error(), { code: 'identity/forged', exit: 80 })
    },
  ),
)

test(
  'a relay under another root key than the one given makes no account',
  attack(
    {
      attack: 'Shows another root key than the one in the address',
      achieves: 'nothing',
      seen: '`relay/root-changed`, exit 76; no account is made',
    },
    async (t) => {
      const { relay, dir } = await beginStrangers(t)
      const carol = personAt(join(dir, 'carol'), 'carol')
      const address = `${relay.url}#root=${base64url(new Uint8Array(33).fill(5))}`

      const created = await carol.run([
        'account',
        'create',
        '--relay',
        address,
        '--username',
        'carol.42',
        '--json',
      ])

      t.match(created.error(), { code: 'relay/root-changed', exit: 76 })
    },
  ),
)

test(
  'an account whose relay changes its root key later goes on under the one it knows',
  attack(
    {
      attack: 'Changes its root key and its parameters later',
      achieves: 'nothing: the first root key is kept for good',
      seen: '`sotto doctor`: the relay `shows another root key`',
    },
    async (t) => {
      const { relay, dir, alice, bob } = await beginFriends(t)
      const other = await HostileRelay.start(t, {
        dir: join(dir, 'other'),
        doorway: await Doorway.open(t),
      })
      relay.httpTampering = (_request, response) => {
        void fetch(`${other.honestUrl}/v1/parameters`)
          .then((answer) => answer.arrayBuffer())
          .then((body) => response.writeHead(200).end(Buffer.from(body)))
        return true
      }

      const examined = await alice.run(['doctor', '--json'])
      await succeed(alice.run(['send', bob.handle, 'as before']))

      t.match(examined.stdout, /shows another root key/)
      t.same(textsOf(await newsOf(bob)), ['as before'])
    },
  ),
)
