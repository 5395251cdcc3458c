import {
  accountIdFromBytes,
  ACCOUNT_ID_BYTES,
  base64url,
  decode,
  decodeContent,
  encode,
  encodeContent,
  encodeManifest,
  encodeParameters,
  equalBytes,
  errorObject,
  errorOfObject,
  FIRST_DEVICE,
  formatInviteLink,
  formatRelayUrl,
  formatUsername,
  fromBase64url,
  fromHex,
  hex,
  isBucket,
  HPKE_OVERHEAD_BYTES,
  makeMessageId,
  openManifest,
  openParameters,
  padToBucket,
  parseAccountId,
  parseConversationId,
  parseInviteLink,
  parseManifest,
  parseMessageId,
  parseProxyUrl,
  parseRelayUrl,
  parseUsername,
  relayError,
  SecretBytes,
  unpad,
  utf8,
  wire,
  type AccountId,
  type Bytes,
  type Content,
  type RegistrationId,
  type SealedContent,
} from '@sotto/protocol'
import { must, refusedAs, textOf, type Target } from '../target.js'

const raw = (length: number, first = 1): Bytes =>
  Uint8Array.from({ length }, (_, index) => (index + first) & 0xff)
const uuid = raw(ACCOUNT_ID_BYTES)
uuid[6] = 0x87
uuid[8] = 0x89
/** Somebody, to be in inputs. */
export const ACCOUNT: AccountId = accountIdFromBytes(uuid)
const MESSAGE = makeMessageId({ nowMs: 1_700_000_000_000, random: raw(10) })
const REPLY_TO = { author: ACCOUNT, message: MESSAGE }

const text = { message: MESSAGE, body: 'hello', replyTo: REPLY_TO, silent: true }
const profile = {
  ...{ version: 3, accessKey: raw(16), username: 'bob.42', name: 'Bob', route: raw(16) },
  status: 'away',
}
const CONTENTS: readonly Content[] = [
  { kind: 'text', text },
  { kind: 'receipt', type: 'delivered', messages: [MESSAGE] },
  { kind: 'receipt', type: 'read', messages: [MESSAGE, MESSAGE] },
  { kind: 'profile', profile },
  { kind: 'request', text, profile, inviteProof: raw(32) },
  { kind: 'decryption-error', message: raw(20), digest: raw(32) },
  { kind: 'reaction', target: REPLY_TO, emoji: '👩‍👩‍👧' },
  { kind: 'reaction', target: REPLY_TO, emoji: '' },
  { kind: 'edit', message: MESSAGE, body: 'hello again', revision: 1 },
  { kind: 'delete', message: MESSAGE },
  { kind: 'typing', started: true },
  { kind: 'sync', sync: { kind: 'sent', recipient: ACCOUNT, text, arrivalMs: 5 } },
  { kind: 'sync', sync: { kind: 'read', messages: [REPLY_TO] } },
  { kind: 'sync', sync: { kind: 'contact', account: ACCOUNT, name: 'bob', profile } },
]
const sealed = (content: Content): SealedContent => ({
  ...{ content, sentAtMs: 1_700_000_000_000, manifestVersion: 1, manifestHash: raw(32) },
  manifest: { manifest: raw(8), signature: raw(64) },
})

const MANIFEST = encodeManifest({
  ...{ account: ACCOUNT, version: 2, previousHash: raw(32), identityKey: raw(33, 5) },
  devices: [
    {
      id: FIRST_DEVICE,
      registrationId: 77 as RegistrationId,
      deviceKey: raw(32),
      capabilities: ['a', 'b'],
    },
  ],
})

const certificate = { certificate: raw(40), expiresMs: 1_700_000_000_000n }
const bundle = {
  route: raw(16),
  manifest: { manifest: MANIFEST, signature: raw(64) },
  devices: [
    {
      ...{ device: 1, registrationId: 77, lastResort: true },
      signed: { id: 1, publicKey: raw(33), signature: raw(64) },
      oneTimeEc: { id: 2, publicKey: raw(33) },
      kyber: { id: 3, publicKey: raw(40), signature: raw(64) },
    },
  ],
}
type RelayKind = NonNullable<Parameters<typeof encode<typeof wire.RelayFrameSchema>>[1]['kind']>
const result = (kind: Extract<RelayKind, { case: 'result' }>['value']['kind'], id = 1) =>
  ({ case: 'result', value: { id, kind } }) as RelayKind

/** A frame of each kind that a relay sends. */
export const RELAY_FRAMES: readonly Bytes[] = (
  [
    { case: 'hello', value: { versionMin: 1, versionMax: 1, timeMs: 5n, nonce: raw(32) } },
    { case: 'ready', value: { epoch: 1n, prekeys: { oneTimeEc: 1, oneTimeKyber: 2 } } },
    { case: 'deliver', value: { seq: 1n, body: raw(20), arrivalMs: 5n, stranger: true } },
    { case: 'gap', value: { seq: 2n, count: 3, reason: wire.GapReason.QUOTA, arrivalMs: 5n } },
    { case: 'queueEmpty', value: {} },
    { case: 'pong', value: { id: 1, timeMs: 5n } },
    { case: 'drain', value: { afterMs: 5 } },
    { case: 'error', value: { code: wire.ErrorCode.RATE_LIMITED, retryAfterMs: 5 } },
    { case: 'prekeys', value: { oneTimeEc: 1, oneTimeKyber: 2, lastResortUsed: true } },
    result({ case: 'done', value: {} }),
    result({ case: 'error', value: { code: wire.ErrorCode.REFUSED } }),
    result({ case: 'usernameOwner', value: { account: uuid } }),
    result({ case: 'bundle', value: bundle }),
    result({ case: 'submitted', value: { arrivalMs: 5n } }),
    result({ case: 'devicesMismatch', value: { missing: [1], extra: [2], stale: [3], bundle } }),
    result({ case: 'prekeys', value: { oneTimeEc: 1, oneTimeKyber: 2 } }),
    result({ case: 'certificate', value: certificate }),
  ] satisfies readonly RelayKind[]
).map((kind) => encode(wire.RelayFrameSchema, { kind }))

const LINK = formatInviteLink({
  ...{ relay: 'http://127.0.0.1:8470', relayRootHash: raw(32), certificateRootHash: raw(32) },
  ...{ account: ACCOUNT, identityHash: raw(32), secret: new SecretBytes(raw(16)) },
})

const MALFORMED = ['wire/malformed'] as const
const USAGE = ['usage/invalid'] as const
const INVALID = ['content/invalid'] as const

export const protocolTargets: readonly Target[] = [
  {
    name: 'content',
    isProtobuf: true,
    seeds: CONTENTS.map((content) => encodeContent(sealed(content))),
    run(input) {
      const parsed = refusedAs(MALFORMED, () => decodeContent(input))
      if (parsed === undefined || parsed.content.kind === 'unsupported') return
      const again = encodeContent(parsed)
      must(
        'what was parsed is parsed from what it is written as',
        same(decodeContent(again), parsed),
      )
      must(
        'a content is written in one way',
        equalBytes(encodeContent(decodeContent(again)), again),
      )
    },
  },
  {
    name: 'manifest',
    isProtobuf: true,
    seeds: [MANIFEST],
    run(input) {
      const check = { relayRoot: raw(33), verify: () => true, sha256: () => raw(32) }
      refusedAs(MALFORMED, () => openManifest({ manifest: input, signature: raw(64) }, check))
      const parsed = refusedAs(MALFORMED, () => parseManifest(input))
      if (parsed === undefined) return
      must('a manifest survives', same(parseManifest(encodeManifest(parsed)), parsed))
    },
  },
  {
    name: 'parameters',
    isProtobuf: true,
    seeds: ['open', 'invite', 'pow'].map((registration) =>
      encode(wire.SignedParametersSchema, {
        parameters: encode(wire.ParametersSchema, {
          ...{ version: 1, certificateRoot: raw(33), registration },
        }),
        signature: raw(64),
        rootKey: raw(33),
      }),
    ),
    tokens: ['open', 'invite', 'pow'],
    run(input) {
      const signed = refusedAs(MALFORMED, () => decode(wire.SignedParametersSchema, input))
      if (signed === undefined) return
      const opened = refusedAs(MALFORMED, () => openParameters(signed, () => true))
      if (opened === undefined) return
      const parameters = encodeParameters(opened)
      must(
        'parameters survive',
        same(
          openParameters({ ...signed, parameters }, () => true),
          opened,
        ),
      )
    },
  },
  {
    name: 'relay-frame',
    isProtobuf: true,
    seeds: RELAY_FRAMES,
    run(input) {
      const frame = refusedAs(MALFORMED, () => decode(wire.RelayFrameSchema, input))
      if (frame === undefined) return
      if (frame.kind.case === 'error') errorObject(relayError(frame.kind.value))
      const again = encode(wire.RelayFrameSchema, frame)
      const written = encode(wire.RelayFrameSchema, decode(wire.RelayFrameSchema, again))
      must('a frame is written in one way', equalBytes(written, again))
    },
  },
  {
    name: 'padding',
    seeds: [padToBucket(raw(0)), padToBucket(raw(300)), padToBucket(raw(2_000))],
    bytesMax: 5_000,
    run(input) {
      const opened = refusedAs(MALFORMED, () => unpad(input))
      if (opened === undefined) return
      must('padding is one of a kind', equalBytes(padToBucket(opened), input))
      must('padding fills a bucket', isBucket(input.length + HPKE_OVERHEAD_BYTES))
    },
  },
  {
    name: 'ids',
    seeds: [
      ...[ACCOUNT, MESSAGE, MESSAGE.replace('m_', 'c_'), `acct:${ACCOUNT}`, hex(uuid)],
      base64url(uuid),
    ].map(utf8),
    run(input) {
      const written = textOf(input)
      refusedAs(INVALID, () => parseAccountId(written))
      refusedAs(INVALID, () => parseMessageId(written))
      refusedAs(INVALID, () => parseConversationId(written))
      refusedAs(INVALID, () => accountIdFromBytes(input))
      const digits = fromHex(written)
      must('hex survives', digits === undefined || hex(digits) === written.toLowerCase())
      const bytes = fromBase64url(written)
      must('bytes have one text', bytes === undefined || base64url(bytes) === written)
      must('every bytes have a text', equalBytes(fromBase64url(base64url(input)) ?? raw(1), input))
    },
  },
  {
    name: 'relay-url',
    seeds: [
      ...[
        'https://relay.example',
        'http://127.0.0.1:8470',
        `https://[::1]:1#root=${base64url(raw(33))}`,
      ],
      ...['https://xn--bcher-kva.example/', 'http://a.b:65535/', 'http://[64:ff9b::1.2.3.4]'],
    ].map(utf8),
    tokens: ['https://', 'http://', 'xn--', '#root=', ':0', '[::]', '0x', '.', '-', '/'],
    run(input) {
      const relay = refusedAs(USAGE, () => parseRelayUrl(textOf(input)))
      if (relay === undefined) return
      must('a relay survives', same(parseRelayUrl(formatRelayUrl(relay)), relay))
      must('a relay can be dialled', canBeDialled(relay.origin))
    },
  },
  {
    name: 'proxy-url',
    seeds: [
      ...[
        'socks5h://127.0.0.1:9050',
        'http://user:pass%20word@proxy.example:3128/',
        'https://[::1]',
      ],
      ...['socks5://a@b', 'http://xn--bcher-kva.example'],
    ].map(utf8),
    tokens: ['socks5h://', 'socks5://', 'http://', 'https://', '@', ':', '%', '%41', '[::1]'],
    run(input) {
      const proxy = refusedAs(USAGE, () => parseProxyUrl(textOf(input)))
      if (proxy === undefined) return
      must('a proxy survives', same(parseProxyUrl(proxy.url), proxy))
      if (!canBeDialled(proxy.url) || !URL.canParse(proxy.url))
        return must('it can be dialled', proxy.url.includes('xn--'))
      const { username, password } = new URL(proxy.url)
      decodeURIComponent(username)
      decodeURIComponent(password)
      must('a proxy that is shown says no password', !proxy.shown.includes('@'))
    },
  },
  {
    name: 'invite-link',
    seeds: [LINK, 'sotto://relay.example/invite#AQ'].map(utf8),
    tokens: ['sotto://', '/invite#', ':443', ':80', '[::1]', 'AQA', 'AQE'],
    run(input) {
      const link = refusedAs(USAGE, () => parseInviteLink(textOf(input)))
      if (link === undefined) return
      const again = parseInviteLink(formatInviteLink(link))
      must('a link survives', same(plain(again), plain(link)))
    },
  },
  {
    name: 'username',
    seeds: ['alice.42', '_a1.01', 'abcdefghijklmnopqrstuvwxyz012345.999999999'].map(utf8),
    run(input) {
      const username = refusedAs(USAGE, () => parseUsername(textOf(input)))
      if (username === undefined) return
      must('a username survives', formatUsername(username) === textOf(input))
    },
  },
  {
    name: 'error-object',
    seeds: ['relay/quota', 'store/full', 'bug/invariant', 'usage/invalid'].map((code) =>
      utf8(
        JSON.stringify({ code, message: 'm', fix: 'f', exit: 1, retryable: true, retryAfterMs: 5 }),
      ),
    ),
    tokens: ['"code":', '"relay/refused"', 'null', '__proto__', 'constructor'],
    run(input) {
      const given = jsonOf(textOf(input))
      if (typeof given !== 'object' || given === null || !('code' in given)) return
      const { code } = given
      if (typeof code !== 'string') return
      const object = { code, message: '', fix: '', exit: 0, retryable: false, retryAfterMs: null }
      const error = errorOfObject(object)
      must('an error keeps its code', error === undefined || error.code === code)
      if (error !== undefined) errorObject(error)
    },
  },
]

/** What is no word in Punycode, only whoever dials finds out. */
export function canBeDialled(url: string): boolean {
  return URL.canParse(url) || url.includes('xn--')
}

function plain(link: ReturnType<typeof parseInviteLink>) {
  return { ...link, secret: link.secret.reveal() }
}

/** Equal as values; bytes by their content. */
export function same(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b)
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => {
    if (each instanceof Uint8Array) return `bytes ${hex(each)}`
    if (each === undefined) return 'undefined'
    return typeof each === 'bigint' ? `number ${String(each)}` : each
  })
}

/** Undefined for what is no JSON. */
export function jsonOf(written: string): unknown {
  try {
    return JSON.parse(written)
  } catch {
    return undefined // A SyntaxError, which says no more.
  }
}
