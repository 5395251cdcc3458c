import { inspect } from 'node:util'
import fc from 'fast-check'
import { test } from 'tap'
import { base64url, SecretBytes } from '../src/bytes.js'
import { formatInviteLink, parseInviteLink, type InviteLink } from '../src/invite-link.js'
import { accountId, bytes } from './arbitraries.js'
import { codeOf } from './refusal.js'

const relay = fc.constantFrom(
  'https://relay.example',
  'http://127.0.0.1:8470',
  'https://relay.example:8443',
  'http://[::1]:1',
)
const link: fc.Arbitrary<InviteLink> = fc.record({
  relay,
  relayRootHash: bytes(32),
  certificateRootHash: bytes(32),
  account: accountId,
  identityHash: bytes(32),
  secret: bytes(16).map((secret) => new SecretBytes(secret)),
})

function plain(invite: InviteLink) {
  return { ...invite, secret: invite.secret.reveal() }
}

test('an invite survives being written and read', async (t) => {
  fc.assert(
    fc.property(link, (invite) => {
      t.same(plain(parseInviteLink(formatInviteLink(invite))), plain(invite))
    }),
  )
})

test('whatever else is given is refused as a mistake of whoever typed it', async (t) => {
  const anything = fc.oneof(
    fc.string({ maxLength: 300 }),
    fc
      .uint8Array({ maxLength: 200 })
      .map((raw) => `sotto://relay.example/invite#${base64url(raw)}`),
    fc.string({ maxLength: 20 }).map((host) => `sotto://${host}/invite#${'A'.repeat(174)}`),
  )
  fc.assert(
    fc.property(anything, (written) => codeOf(() => parseInviteLink(written)) === 'usage/invalid'),
    { numRuns: 2000 },
  )
  t.pass('for all text')
})

test('a link that lost its last character is refused, not read as another', async (t) => {
  const [sample] = fc.sample(link, 1)
  const written = formatInviteLink(sample!)
  t.equal(
    codeOf(() => parseInviteLink(written.slice(0, -1))),
    'usage/invalid',
  )
})

test('neither an error nor a parsed link prints the secret', async (t) => {
  const secret = new SecretBytes(new Uint8Array(16).fill(0x88))
  const [sample] = fc.sample(link, 1)
  const written = formatInviteLink({ ...sample!, secret })
  const parsed = parseInviteLink(written)
  let message = ''
  try {
    parseInviteLink(`${written}AAAA`)
  } catch (thrown) {
    message = inspect(thrown)
  }
  const tail = written.slice(-20)
  t.match(message, /damaged/)
  t.notOk(message.includes(tail))
  t.notOk(inspect(parsed).includes('0x88') || JSON.stringify(parsed).includes('136,136'))
})
