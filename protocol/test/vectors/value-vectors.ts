import { createHash, createPrivateKey, hkdfSync, sign } from 'node:crypto'
import { deriveAccountId } from '../../src/account-id.js'
import { concatBytes, hex, uint32Bytes, utf8, type Bytes } from '../../src/bytes.js'
import {
  accountIdBytes,
  conversationIdFromHash,
  eventId,
  makeMessageId,
  messageIdBytes,
  type AccountId,
  type DeviceId,
} from '../../src/ids.js'
import { BUCKET_BYTES } from '../../src/limits.js'
import { HPKE_OVERHEAD_BYTES, padToBucket, SEALED_BYTES_MAX } from '../../src/padding.js'
import { challengeSigningBytes } from '../../src/signed.js'
import type { Json } from './meaning.js'
import {
  ACCOUNT,
  bytesOf,
  DEVICE,
  DEVICE_KEY,
  filled,
  IDENTITY,
  NOW_MS,
  PEER,
  PEER_IDENTITY,
  REGISTRATION,
  RELAY_ROOT,
} from './keys.js'
import { sha256 } from './sha256.js'

export function accountIdVectors(): Json {
  return {
    about:
      'account = UUIDv8 of the first 16 bytes of SHA-256("sotto account" || relay_root || identity): byte 6 becomes 8x, byte 8 becomes 10xxxxxx. Keys are Curve25519 with type byte 05.',
    vectors: [IDENTITY, PEER_IDENTITY].map((identity) => {
      const keys = { relayRoot: RELAY_ROOT.public, identity: identity.public }
      return {
        relay_root: hex(keys.relayRoot),
        identity: hex(keys.identity),
        sha256: hex(sha256(concatBytes(utf8('sotto account'), keys.relayRoot, keys.identity))),
        account: deriveAccountId(keys, sha256),
      }
    }),
    refused: [
      '',
      ACCOUNT.toUpperCase(),
      ACCOUNT.replaceAll('-', ''),
      `${ACCOUNT.slice(0, 14)}4${ACCOUNT.slice(15)}`,
      `${ACCOUNT.slice(0, 19)}c${ACCOUNT.slice(20)}`,
    ],
  }
}

const CROCKFORD_MAX = '7ZZZZZZZZZZZZZZZZZZZZZZZZZ'

export function idVectors(): Json {
  const messages = [
    { nowMs: NOW_MS, random: bytesOf('000102030405060708090a') },
    { nowMs: 0, random: filled(10, 0) },
    { nowMs: 2 ** 48 - 1, random: filled(10, 0xff) },
  ]
  return {
    about:
      'Ids are a letter, an underscore and 16 bytes as 26 digits of Crockford base32, most significant first. A message id is 48 bits of Unix milliseconds and 80 random bits; a conversation id the first 16 bytes of a hash; an event id 8 bytes of journal and 8 of seq.',
    messages: messages.map(({ nowMs, random }) => {
      const id = makeMessageId({ nowMs, random: random.subarray(0, 10) })
      return {
        now_ms: nowMs,
        random: hex(random.subarray(0, 10)),
        bytes: hex(messageIdBytes(id)),
        text: id,
      }
    }),
    conversations: [sha256(utf8('sotto')), filled(32, 0xff)].map((hash) => ({
      hash: hex(hash),
      text: conversationIdFromHash(hash),
    })),
    events: [1, 10482, Number.MAX_SAFE_INTEGER].map((seq) => ({
      journal: 'a1a2a3a4a5a6a7a8',
      seq,
      text: eventId(bytesOf('a1a2a3a4a5a6a7a8'), seq),
    })),
    refused_messages: [
      '',
      'm_',
      CROCKFORD_MAX,
      `m_${CROCKFORD_MAX.slice(1)}`,
      `m_${CROCKFORD_MAX}Z`,
      `m_8${CROCKFORD_MAX.slice(1)}`,
      `m_${CROCKFORD_MAX.toLowerCase()}`,
      `m_7U${CROCKFORD_MAX.slice(2)}`,
      `c_${CROCKFORD_MAX}`,
    ],
  }
}

export function challengeVectors(): Json {
  const challenges = ['127.0.0.1:8470', 'Relay.Example'].map((host) => ({
    nonce: filled(32, 0x77),
    timeMs: NOW_MS,
    relayRoot: RELAY_ROOT.public,
    host,
    account: ACCOUNT,
    device: DEVICE,
  }))
  return {
    about:
      'signed = "sotto challenge 1" 00 || nonce (32) || time_ms (8, big-endian) || relay_root (33) || account (16) || device (1) || host in lower case. signature is Ed25519 (RFC 8032) by the device key, and so always the same.',
    device_secret: hex(DEVICE_KEY.secret),
    device_key: hex(DEVICE_KEY.public),
    vectors: challenges.map((challenge) => {
      const signed = challengeSigningBytes(challenge)
      return {
        nonce: hex(challenge.nonce),
        time_ms: challenge.timeMs,
        relay_root: hex(challenge.relayRoot),
        account: challenge.account,
        device: challenge.device,
        host: challenge.host,
        signed: hex(signed),
        signature: hex(signEd25519(signed)),
      }
    }),
  }
}

/** The DER that RFC 8410, section 7, puts before a secret. */
const PKCS8_ED25519 = bytesOf('302e020100300506032b657004220420')

function signEd25519(message: Bytes): Bytes {
  const der = Buffer.from(concatBytes(PKCS8_ED25519, DEVICE_KEY.secret))
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  return new Uint8Array(sign(null, message, key))
}

export function paddingVectors(): Json {
  const fits = BUCKET_BYTES.map((bucket) => bucket - HPKE_OVERHEAD_BYTES - 4)
  const lengths = [0, 1, ...fits.flatMap((length) => [length, length + 1])]
  return {
    about:
      'padded = length (4, big-endian) || sealed || zeros; HPKE adds 49 bytes and the whole is one bucket, the smallest that fits. sealed is `length` bytes aa.',
    vectors: lengths
      .filter((length) => length <= SEALED_BYTES_MAX)
      .map((length) => {
        const padded = padToBucket(filled(length, 0xaa))
        return {
          length,
          bucket: padded.length + HPKE_OVERHEAD_BYTES,
          padded_length: padded.length,
          first: hex(padded.subarray(0, 8)),
          last: hex(padded.subarray(-4)),
          sha256: hex(sha256(padded)),
        }
      }),
    length_refused: SEALED_BYTES_MAX + 1,
    padded_refused: [
      refusedPadding('empty', 0, ''),
      refusedPadding('shorter than a length', 3, '000000'),
      refusedPadding('not a bucket less HPKE', 976, '00000001aa'),
      refusedPadding('longer than there is', 975, '000003cc'),
      refusedPadding('a length with its highest bit set', 975, '80000000'),
      refusedPadding('something after the end', 975, '0000000100ff'),
      refusedPadding('a larger bucket than needed', 4047, '000003cb'),
    ],
  }
}

/** `length` bytes: `first`, then zeros. */
function refusedPadding(why: string, length: number, first: string): Json {
  return { why, length, first }
}

export function idempotencyKeyVectors(): Json {
  const envelopes = [
    { secret: filled(32, 0x61), account: ACCOUNT, device: 1, registrationId: REGISTRATION },
    { secret: filled(32, 0x61), account: ACCOUNT, device: 127, registrationId: 16383 },
    { secret: filled(32, 0x62), account: PEER, device: 1, registrationId: 1 },
  ]
  return {
    about:
      'key = HKDF-SHA-256 (RFC 5869) of secret, no salt, 16 bytes, info = "sotto idempotency 1" || account (16) || device (1) || registration_id (4, big-endian).',
    vectors: envelopes.map(({ secret, account, device, registrationId }) => {
      const info = concatBytes(
        utf8('sotto idempotency 1'),
        accountIdBytes(account),
        Uint8Array.of(device),
        uint32Bytes(registrationId),
      )
      return {
        secret: hex(secret),
        account,
        device: device as DeviceId,
        registration_id: registrationId,
        info: hex(info),
        key: hex(new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(0), info, 16))),
      }
    }),
  }
}

export function conversationIdVectors(): Json {
  return {
    about:
      'A direct conversation is SHA-256("sotto direct 1" || lesser account || greater account), accounts as 16 bytes compared as unsigned bytes; notes to self are SHA-256("sotto self 1" || account). The first 16 bytes make the id.',
    direct: [
      [ACCOUNT, PEER],
      [PEER, ACCOUNT],
    ].map(([own = ACCOUNT, peer = ACCOUNT]) => ({ own, peer, text: direct(own, peer) })),
    self: [ACCOUNT, PEER].map((own) => ({ own, text: conversationOf('sotto self 1', own) })),
  }
}

function direct(own: AccountId, peer: AccountId): string {
  // The text of a UUID sorts as its bytes do.
  return conversationOf('sotto direct 1', ...[own, peer].sort())
}

function conversationOf(label: string, ...accounts: readonly AccountId[]): string {
  const hash = createHash('sha256').update(label)
  for (const account of accounts) hash.update(accountIdBytes(account))
  return conversationIdFromHash(hash.digest())
}
