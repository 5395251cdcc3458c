import { decode, encode, hex, ownBytes, wire, type Bytes } from '@sotto/protocol'
import type { ClientFrameInit, RelayFrameInit } from '../hostile/passage.js'
import type { Prng } from './prng.js'
import { DAY_MS, MINUTE_MS, SECOND_MS } from './spans.js'

/** What a relay that lies has kept of what went through it. */
export interface Memory {
  readonly delivered: readonly wire.Deliver[]
  readonly bundles: readonly wire.AccountBundle[]
  readonly accounts: readonly Bytes[]
  readonly certificates: readonly wire.Certificate[]
}

/** One connection, as far as a lie needs it. */
export interface Side {
  readonly random: Prng
  readonly memory: Memory
  /** To the client, in so long, if the relay lies then and both are still connected. */
  later(delayMs: number, frames: readonly RelayFrameInit[]): void
  /** The same at once. */
  answer(frames: readonly RelayFrameInit[]): void
  /** Places in the mailbox that this connection tells of from now on are so many further on. */
  shift(places: number): void
  /** Ready tells another epoch than the relay has. */
  epochAhead(by: bigint): void
  /** Whoever asks for the one account is given the other. */
  misled(owner: Bytes, given: Bytes): void
}

/** One kind of lie. What it answers goes out in place of the frame; undefined: this one it lets pass. */
export interface Lie {
  /** What the relay does, as a sentence goes on that begins with “it”. */
  readonly name: string
  readonly down?: (frame: wire.RelayFrame, side: Side) => readonly RelayFrameInit[] | undefined
  readonly up?: (frame: wire.ClientFrame, side: Side) => readonly ClientFrameInit[] | undefined
  /** In place of the bytes of any frame to a client. */
  readonly bytes?: (frame: Bytes, random: Prng) => Bytes
}

/** Everything that a relay that lies may do. */
export const LIES: readonly Lie[] = [
  { name: 'swaps a key in a bundle', down: inBundle(swapKey) },
  { name: 'hands out somebody else’s bundle', down: inBundle(swapBundle) },
  { name: 'forges a manifest', down: inBundle(forgeManifest) },
  { name: 'says that devices have changed', up: inventMismatch },
  { name: 'delivers something again under a new number', down: deliverAgain },
  { name: 'withholds an envelope', down: onDeliver(() => []) },
  { name: 'withholds an envelope for a while', down: onDeliver(withhold) },
  { name: 'exchanges envelopes', down: onDeliver(exchange) },
  { name: 'changes a bit of an envelope', down: onDeliver(spoil) },
  { name: 'exchanges strangers and friends', down: onDeliver(estrange) },
  { name: 'makes up a gap', down: onDeliver(inventGap) },
  { name: 'says a frame twice', down: (frame) => [frame, frame] },
  { name: 'swallows an answer', down: onResult(() => []) },
  { name: 'answers late', down: onResult(answerLate) },
  { name: 'answers under another id', down: onResult(misnumber) },
  { name: 'answers with an error', down: onResult(refuse) },
  { name: 'takes a submission and stores nothing', up: onSubmit(takeNothing) },
  { name: 'swallows a request', up: (frame) => (frame.kind.case === 'request' ? [] : undefined) },
  { name: 'hears a submission twice', up: onSubmit((frame) => [frame, frame]) },
  { name: 'tells a wrong time', down: tellWrongTime },
  { name: 'tells another epoch', down: tellEpoch },
  { name: 'tells wrong levels of prekeys', down: tellPrekeys },
  { name: 'gives a username to another account', down: swapOwner },
  { name: 'hands out somebody else’s certificate', down: swapCertificate },
  { name: 'says garbage', bytes: (frame, random) => random.bytes(random.between(0, frame.length)) },
  { name: 'truncates a frame', bytes: (frame, random) => cut(frame, random) },
  { name: 'changes a bit of a frame', bytes: flipped },
]

type Down = NonNullable<Lie['down']>
type Up = NonNullable<Lie['up']>
type ResultInit = Extract<NonNullable<RelayFrameInit['kind']>, { case: 'result' }>['value']
type ResultKind = NonNullable<ResultInit['kind']>

function result(id: number, kind: ResultKind): RelayFrameInit {
  return { kind: { case: 'result', value: { id, kind } } }
}

function deliver(value: wire.Deliver): RelayFrameInit {
  return { kind: { case: 'deliver', value } }
}

function onDeliver(lie: (value: wire.Deliver, side: Side) => ReturnType<Down>): Down {
  return ({ kind }, side) => (kind.case === 'deliver' ? lie(kind.value, side) : undefined)
}

function onResult(lie: (value: wire.Result, side: Side) => ReturnType<Down>): Down {
  return ({ kind }, side) => (kind.case === 'result' ? lie(kind.value, side) : undefined)
}

function onSubmit(lie: (frame: ClientFrameInit, id: number, side: Side) => ReturnType<Up>): Up {
  return (frame, side) => {
    const { kind } = frame
    const isSubmission = kind.case === 'request' && kind.value.method.case === 'submit'
    return isSubmission ? lie(frame, kind.value.id, side) : undefined
  }
}

function inBundle(
  lie: (bundle: wire.AccountBundle, side: Side) => wire.AccountBundle | undefined,
): Down {
  return onResult(({ id, kind }, side) => {
    if (kind.case !== 'bundle') return undefined
    const value = lie(kind.value, side)
    return value === undefined ? undefined : [result(id, { case: 'bundle', value })]
  })
}

/** One of the keys by which a session begins is another device’s, or has a bit changed. */
function swapKey(bundle: wire.AccountBundle, { random, memory }: Side): wire.AccountBundle {
  const other = othersOf(bundle, memory)[0]?.devices[0]
  const kind = random.pick(['signed', 'oneTimeEc', 'kyber', 'bit'] as const)
  const devices = bundle.devices.map((device) => {
    if (kind !== 'bit' && other?.[kind] !== undefined) return { ...device, [kind]: other[kind] }
    const { signed } = device
    if (signed === undefined) return device
    return { ...device, signed: { ...signed, publicKey: flipped(signed.publicKey, random) } }
  })
  return { ...bundle, devices }
}

/** The route stays, so that what is sealed for the other comes to whom it was asked for. */
function swapBundle(
  bundle: wire.AccountBundle,
  { random, memory }: Side,
): wire.AccountBundle | undefined {
  const others = othersOf(bundle, memory)
  return others.length === 0 ? undefined : { ...random.pick(others), route: bundle.route }
}

function othersOf({ route }: wire.AccountBundle, { bundles }: Memory) {
  return bundles.filter((other) => hex(other.route) !== hex(route))
}

/** Another version, another identity key or another device, under the signature that there was. */
function forgeManifest(
  bundle: wire.AccountBundle,
  { random, memory }: Side,
): wire.AccountBundle | undefined {
  const { manifest } = bundle
  if (manifest === undefined) return undefined
  const true_ = decode(wire.ManifestSchema, manifest.manifest)
  const [other] = othersOf(bundle, memory)
  const forged = random.pick([
    { ...true_, version: true_.version + 1 },
    { ...true_, version: 0 },
    { ...true_, identityKey: flipped(true_.identityKey, random) },
    { ...true_, devices: [...true_.devices, ...true_.devices.map((each) => ({ ...each, id: 2 }))] },
    { ...true_, devices: [] },
  ])
  const kept = other?.manifest
  const signed =
    kept !== undefined && random.chance(0.3)
      ? kept
      : { ...manifest, manifest: encode(wire.ManifestSchema, forged) }
  return { ...bundle, manifest: signed }
}

function inventMismatch(frame: wire.ClientFrame, side: Side): ReturnType<Up> {
  const lie = onSubmit((_frame, id, { random, memory, answer }) => {
    if (memory.bundles.length === 0) return undefined
    const changed = random.pick([{ missing: [2] }, { extra: [1] }, { stale: [1] }, {}])
    const value = { ...changed, bundle: random.pick(memory.bundles) }
    answer([result(id, { case: 'devicesMismatch', value })])
    return []
  })
  return lie(frame, side)
}

/** Of this mailbox or another, before what comes now or after it. */
function deliverAgain({ kind }: wire.RelayFrame, side: Side): ReturnType<Down> {
  if (kind.case !== 'deliver' || side.memory.delivered.length === 0) return undefined
  const old = side.random.pick(side.memory.delivered)
  const { value } = kind
  side.shift(1)
  const next = value.seq + 1n
  return side.random.chance(0.5)
    ? [deliver(value), deliver({ ...old, seq: next })]
    : [deliver({ ...old, seq: value.seq }), deliver({ ...value, seq: next })]
}

function withhold(value: wire.Deliver, { random, later }: Side): ReturnType<Down> {
  later(random.pick([100, 5 * SECOND_MS, 2 * MINUTE_MS]), [deliver(value)])
  return []
}

/** Comes in the place of one that was delivered before, which comes in its own. */
function exchange(value: wire.Deliver, { random, memory, shift }: Side): ReturnType<Down> {
  const before = memory.delivered.at(-2)
  if (before === undefined) return undefined
  if (random.chance(0.5)) return [deliver(value), deliver(before)] // Out of order.
  shift(1)
  return [deliver(value), deliver({ ...before, seq: value.seq + 1n })]
}

function spoil(value: wire.Deliver, { random }: Side): ReturnType<Down> {
  return [deliver({ ...value, body: flipped(ownBytes(value.body), random) })]
}

function estrange(value: wire.Deliver): ReturnType<Down> {
  return [deliver({ ...value, stranger: !value.stranger })]
}

function inventGap(value: wire.Deliver, { random, shift }: Side): ReturnType<Down> {
  const { seq, arrivalMs } = value
  const reason = random.pick([wire.GapReason.QUOTA, wire.GapReason.EXPIRED])
  const count = random.pick([0, 1, 7, 2 ** 31])
  shift(1)
  const gap: RelayFrameInit = { kind: { case: 'gap', value: { seq, count, reason, arrivalMs } } }
  return [gap, deliver({ ...value, seq: seq + 1n })]
}

function answerLate(value: wire.Result, { random, later }: Side): ReturnType<Down> {
  later(random.pick([SECOND_MS, 20 * SECOND_MS, 2 * MINUTE_MS]), [
    { kind: { case: 'result', value } },
  ])
  return []
}

function misnumber(value: wire.Result, { random }: Side): ReturnType<Down> {
  const id = Math.max(0, value.id + random.pick([-1, 1, 1000]))
  return [{ kind: { case: 'result', value: { ...value, id } } }]
}

function refuse({ id }: wire.Result, { random }: Side): ReturnType<Down> {
  const { ErrorCode } = wire
  const code = random.pick([
    ...[ErrorCode.REFUSED, ErrorCode.NOT_FOUND, ErrorCode.RATE_LIMITED, ErrorCode.QUOTA],
    ...[ErrorCode.CONFLICT, ErrorCode.UNAVAILABLE, ErrorCode.INTERNAL, ErrorCode.UNSPECIFIED],
  ])
  const retryAfterMs = random.pick([0, SECOND_MS, 2 ** 32 - 1])
  return [result(id, { case: 'error', value: { code, retryAfterMs } })]
}

function takeNothing(_frame: ClientFrameInit, id: number, { answer }: Side): ReturnType<Up> {
  answer([result(id, { case: 'submitted', value: { arrivalMs: 1n } })])
  return []
}

function tellWrongTime({ kind }: wire.RelayFrame, { random }: Side): ReturnType<Down> {
  const byMs = BigInt(random.pick([-400, -3, -1, 1, 3, 400]) * DAY_MS)
  if (kind.case === 'hello') {
    const { value } = kind
    return [{ kind: { case: 'hello', value: { ...value, timeMs: value.timeMs + byMs } } }]
  }
  if (kind.case === 'pong') {
    const { id, timeMs } = kind.value
    return [{ kind: { case: 'pong', value: { id, timeMs: timeMs + byMs } } }]
  }
  if (kind.case === 'deliver')
    return [deliver({ ...kind.value, arrivalMs: kind.value.arrivalMs + byMs })]
  if (kind.case !== 'result' || kind.value.kind.case !== 'submitted') return undefined
  const arrivalMs = kind.value.kind.value.arrivalMs + byMs
  return [result(kind.value.id, { case: 'submitted', value: { arrivalMs } })]
}

function tellEpoch({ kind }: wire.RelayFrame, { random, epochAhead }: Side): ReturnType<Down> {
  if (kind.case !== 'ready') return undefined
  const by = BigInt(random.pick([-1, 1, 2, 1000]))
  if (kind.value.epoch + by < 0n) return undefined
  epochAhead(by)
  return [{ kind: { case: 'ready', value: { ...kind.value, epoch: kind.value.epoch + by } } }]
}

function tellPrekeys({ kind }: wire.RelayFrame, { random }: Side): ReturnType<Down> {
  const oneTimeEc = random.pick([0, 1, 2 ** 31])
  const oneTimeKyber = random.pick([0, 1, 2 ** 31])
  const counts = { oneTimeEc, oneTimeKyber, lastResortUsed: random.chance(0.5) }
  if (kind.case === 'prekeys') return [{ kind: { case: 'prekeys', value: counts } }]
  if (kind.case === 'ready')
    return [{ kind: { case: 'ready', value: { epoch: kind.value.epoch, prekeys: counts } } }]
  if (kind.case !== 'result' || kind.value.kind.case !== 'prekeys') return undefined
  return [result(kind.value.id, { case: 'prekeys', value: counts })]
}

function swapOwner({ kind }: wire.RelayFrame, { random, memory, misled }: Side): ReturnType<Down> {
  if (kind.case !== 'result' || kind.value.kind.case !== 'usernameOwner') return undefined
  const owner = ownBytes(kind.value.kind.value.account)
  const others = memory.accounts.filter((account) => hex(account) !== hex(owner))
  if (others.length === 0) return undefined
  const account = random.pick(others)
  misled(owner, account)
  return [result(kind.value.id, { case: 'usernameOwner', value: { account } })]
}

function swapCertificate({ kind }: wire.RelayFrame, { random, memory }: Side): ReturnType<Down> {
  if (kind.case !== 'result' || kind.value.kind.case !== 'certificate') return undefined
  const own = hex(kind.value.kind.value.certificate)
  const others = memory.certificates.filter(({ certificate }) => hex(certificate) !== own)
  if (others.length === 0) return undefined
  return [result(kind.value.id, { case: 'certificate', value: random.pick(others) })]
}

function cut(frame: Bytes, random: Prng): Bytes {
  return frame.slice(0, random.below(frame.length))
}

function flipped(bytes: Uint8Array, random: Prng): Bytes {
  const changed = new Uint8Array(bytes)
  const at = random.below(Math.max(1, changed.length))
  changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8))
  return changed
}
