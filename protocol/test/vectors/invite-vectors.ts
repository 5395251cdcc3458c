import { createHmac } from 'node:crypto'
import { base64url, fromBase64url, hex, SecretBytes, type Bytes } from '../../src/bytes.js'
import { formatInviteLink, inviteProofInput } from '../../src/invite-link.js'
import type { Json } from './meaning.js'
import { ACCOUNT, CERTIFICATE_ROOT, filled, IDENTITY, PEER, RELAY_ROOT } from './keys.js'
import { sha256 } from './sha256.js'

const SECRET = filled(16, 0x88)
const INVITE = {
  relayRootHash: sha256(RELAY_ROOT.public),
  certificateRootHash: sha256(CERTIFICATE_ROOT.public),
  account: ACCOUNT,
  identityHash: sha256(IDENTITY.public),
  secret: new SecretBytes(SECRET),
}
const RELAYS = ['https://relay.example', 'http://127.0.0.1:8470', 'https://[2001:db8::1]:8443']

export function inviteVectors(): Json {
  return {
    about:
      'link = "sotto://" authority "/invite#" base64url(version 01 || flags (01: plain http) || SHA-256(relay_root) || SHA-256(certificate_root) || account (16) || SHA-256(identity) || secret (16)). proof = HMAC-SHA-256(secret, "sotto invite 1" || sender || recipient), the recipient being who invited.',
    vectors: RELAYS.map((relay) => ({
      relay,
      relay_root: hex(RELAY_ROOT.public),
      certificate_root: hex(CERTIFICATE_ROOT.public),
      account: ACCOUNT,
      identity: hex(IDENTITY.public),
      secret: hex(SECRET),
      link: formatInviteLink({ ...INVITE, relay }),
    })),
    proofs: [{ sender: PEER, recipient: ACCOUNT }].map((between) => ({
      ...between,
      secret: hex(SECRET),
      input: hex(inviteProofInput(between)),
      proof: createHmac('sha256', SECRET).update(inviteProofInput(between)).digest('hex'),
    })),
    refused: refusedLinks(),
  }
}

function refusedLinks(): Json {
  const link = formatInviteLink({ ...INVITE, relay: 'https://relay.example' })
  const [before = '', fragment = ''] = link.split('#')
  const withByte = (at: number, value: number): string => {
    const bytes: Bytes = fromBase64url(fragment) ?? new Uint8Array(0)
    bytes[at] = value
    return `${before}#${base64url(bytes)}`
  }
  return [
    { why: 'nothing', link: '' },
    { why: 'no fragment', link: before },
    { why: 'cut short', link: link.slice(0, -3) },
    { why: 'one byte more', link: `${link}AAAA` },
    { why: 'not base64url', link: `${link.slice(0, -1)}+` },
    { why: 'another version', link: withByte(0, 2) },
    { why: 'an unknown flag', link: withByte(1, 2) },
    { why: 'an account that is no UUIDv8', link: withByte(72, 0x40) },
    { why: 'no relay', link: link.replace('relay.example', '') },
    { why: 'a relay that cannot be', link: link.replace('relay.example', 'relay..example') },
    { why: 'a user beside the relay', link: link.replace('relay.example', 'bob@relay.example') },
    { why: 'another path', link: link.replace('/invite', '/group') },
    { why: 'a web address', link: link.replace('sotto:', 'https:') },
  ]
}
