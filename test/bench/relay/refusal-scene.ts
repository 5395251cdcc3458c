import { createHash, randomBytes } from 'node:crypto'
import {
  DonationPermitRequestContext,
  DonationPermitResponse,
} from '@signalapp/libsignal-client/dist/zkgroup/DonationPermit.js'
import ServerPublicParams from '@signalapp/libsignal-client/dist/zkgroup/ServerPublicParams.js'
import WebSocket from 'ws'
import {
  accountIdBytes,
  decode,
  encode,
  INVITE_ERRAND_BYTES,
  INVITE_LEAVE_KEY_BYTES,
  ownBytes,
  PERMIT_BYTES,
  wire,
  type Bytes,
} from '@sotto/protocol'
import { startRelay, tempDir, type Scope } from '../../harness/index.js'
import { authenticateFrame, registerBenchAccount, type BenchAccount } from './bench-account.js'
import { closedEarly } from './socket.js'
import { BODY_BYTES } from './subject.js'

export const REQUESTS = ['submit', 'bundle'] as const
export type Request = (typeof REQUESTS)[number]

/** Nobody has that id; a key that never was; one that no longer is, as a blocked sender's. */
export const KEYS = ['unknown', 'wrongKey', 'blocked'] as const
/** What is no permit, and one that was spent on somebody else: of an account that is, and of none. */
export const PERMITS = ['forged', 'forgedUnknown', 'spent', 'spentUnknown'] as const
/** A key of no invite, of an account that is and of none; of one that has ended; of one taken back. */
export const INVITES = ['noInvite', 'noInviteUnknown', 'ended', 'takenBack'] as const
/** Who may not write, and why. */
export type Kind = (typeof KEYS)[number] | (typeof PERMITS)[number] | (typeof INVITES)[number]

type Method = NonNullable<Parameters<typeof encode<typeof wire.RequestSchema>>[1]['method']>

export interface RefusalScene {
  /** `ws://…` */
  readonly url: string
  readonly account: BenchAccount
  /** Was a key of the account, two rotations ago. */
  readonly blockedKey: Bytes
  /** Has bought a bundle of another account. */
  readonly spentPermit: Bytes
  /** Of an invite of the account, whose last day was yesterday. */
  readonly endedInvite: Bytes
  /** Of an invite of the account, which has published others since. */
  readonly takenBackInvite: Bytes
}

export async function openScene(scope: Scope): Promise<RefusalScene> {
  const relay = await startRelay(scope, { dir: tempDir(scope) })
  const response = await fetch(`${relay.url}/v1/parameters`)
  const signed = decode(wire.SignedParametersSchema, new Uint8Array(await response.arrayBuffer()))
  const rootKey = ownBytes(signed.rootKey)
  const account = await registerBenchAccount({ url: relay.url, rootKey })
  const other = await registerBenchAccount({ url: relay.url, rootKey })
  const url = relay.url.replace('http', 'ws')
  const current = ownBytes(randomBytes(16))
  const previous = ownBytes(randomBytes(16))
  const rotated = await askAs(url, account, { case: 'setAccessKey', value: { current, previous } })
  if (rotated.case !== 'done') throw new Error('the key of an account was not changed')
  const permit = await drawPermit(url, account, signed.parameters)
  const leave = { kind: { case: 'permit', value: permit } } as const
  const bought = await askAnonymously(url, {
    case: 'fetchBundle',
    value: { account: accountIdBytes(other.id), leave },
  })
  if (bought.case !== 'bundle') throw new Error('a permit did not buy a bundle')
  const invites = await publishInvites(url, account)
  return { url, account, blockedKey: account.accessKey, spentPermit: permit, ...invites }
}

/** Of what is published each time only the last stands. */
async function publishInvites(url: string, account: BenchAccount) {
  const endedInvite = ownBytes(randomBytes(INVITE_LEAVE_KEY_BYTES))
  const takenBackInvite = ownBytes(randomBytes(INVITE_LEAVE_KEY_BYTES))
  const expiresDay = Math.floor(Date.now() / 86_400_000) - 1
  const ended = { hash: hashOf(endedInvite), usesLeft: 0, expiresDay }
  const takenBack = { hash: hashOf(takenBackInvite), usesLeft: 0, expiresDay: 0 }
  for (const invites of [[ended, takenBack], [ended]]) {
    const published = await askAs(url, account, { case: 'publishInvites', value: { invites } })
    if (published.case !== 'done') throw new Error('invites were not published')
  }
  return { endedInvite, takenBackInvite }
}

function hashOf(key: Bytes): Bytes {
  return ownBytes(createHash('sha256').update(key).digest())
}

/** One of the day's permits of an account. */
async function drawPermit(url: string, account: BenchAccount, parameters: Uint8Array) {
  const { permitBatch, permitParameters } = decode(wire.ParametersSchema, parameters)
  const context = DonationPermitRequestContext.forCount(permitBatch)
  const drawn = await askAs(url, account, {
    case: 'drawPermits',
    value: { request: context.request().serialize() },
  })
  if (drawn.case !== 'permits') throw new Error('no permits were drawn')
  const response = new DonationPermitResponse(ownBytes(drawn.value.response))
  const published = new ServerPublicParams(ownBytes(permitParameters))
  const [permit] = context.receive(response, published, new Date())
  if (permit === undefined) throw new Error('no permits were drawn')
  return ownBytes(permit.serialize())
}

/** The answer to one request through the identified door. */
function askAs(url: string, account: BenchAccount, method: Method) {
  const socket = new WebSocket(`${url}/v1/identified`)
  const host = new URL(url).host
  return answered(socket, (kind) => {
    if (kind.case === 'hello') socket.send(authenticateFrame(account, host, kind.value))
    if (kind.case === 'ready') socket.send(requestFrame(method))
  })
}

function askAnonymously(url: string, method: Method) {
  const socket = new WebSocket(`${url}/v1/anonymous`)
  return answered(socket, (kind) => {
    if (kind.case === 'hello') socket.send(requestFrame(method))
  })
}

async function answered(
  socket: WebSocket,
  heard: (kind: wire.RelayFrame['kind']) => void,
): Promise<wire.Result['kind']> {
  const result = new Promise<wire.Result['kind']>((resolve) => {
    socket.on('message', (bytes: Buffer) => {
      const { kind } = decode(wire.RelayFrameSchema, bytes)
      if (kind.case === 'result') resolve(kind.value.kind)
      else heard(kind)
    })
  })
  const answer = await Promise.race([result, closedEarly(socket)])
  socket.close()
  return answer
}

/** Those that ask for an account that nobody has. */
const OF_NOBODY: ReadonlySet<Kind> = new Set<Kind>([
  'unknown',
  'forgedUnknown',
  'spentUnknown',
  'noInviteUnknown',
])

/** A request that is refused for this reason. */
export function refusedFrame(scene: RefusalScene, request: Request, kind: Kind): Uint8Array {
  // Made for every kind alike: what this end has just done shows in what it measures next.
  const made = {
    wrongKey: ownBytes(randomBytes(16)),
    forged: ownBytes(randomBytes(PERMIT_BYTES)),
    noInvite: ownBytes(randomBytes(INVITE_LEAVE_KEY_BYTES)),
    errand: ownBytes(randomBytes(INVITE_ERRAND_BYTES)),
    noRoute: ownBytes(randomBytes(16)),
    noAccount: nobody(),
    known: accountIdBytes(scene.account.id),
  }
  const isUnknown = OF_NOBODY.has(kind)
  const leave = { kind: leaveOf(scene, kind, made) }
  if (request === 'submit') {
    const route = isUnknown ? made.noRoute : scene.account.route
    return requestFrame({ case: 'submit', value: { route, leave, envelopes: [sealedEnvelope()] } })
  }
  const account = isUnknown ? made.noAccount : made.known
  return requestFrame({ case: 'fetchBundle', value: { account, leave } })
}

function leaveOf(
  { blockedKey, spentPermit, endedInvite, takenBackInvite }: RefusalScene,
  kind: Kind,
  made: Readonly<Record<'wrongKey' | 'forged' | 'noInvite' | 'errand', Bytes>>,
) {
  const { errand } = made
  switch (kind) {
    case 'unknown':
    case 'wrongKey':
      return { case: 'accessKey', value: made.wrongKey } as const
    case 'blocked':
      return { case: 'accessKey', value: blockedKey } as const
    case 'forged':
    case 'forgedUnknown':
      return { case: 'permit', value: made.forged } as const
    case 'spent':
    case 'spentUnknown':
      return { case: 'permit', value: spentPermit } as const
    case 'noInvite':
    case 'noInviteUnknown':
      return { case: 'invite', value: { key: made.noInvite, errand } } as const
    case 'ended':
      return { case: 'invite', value: { key: endedInvite, errand } } as const
    case 'takenBack':
      return { case: 'invite', value: { key: takenBackInvite, errand } } as const
  }
}

function requestFrame(method: Method): Uint8Array {
  return encode(wire.ClientFrameSchema, {
    kind: { case: 'request', value: { id: 1, method } },
  })
}

/** Bytes that could be the id of an account (a UUID of version 8), and are that of none. */
function nobody(): Bytes {
  const id = ownBytes(randomBytes(16))
  id[6] = 0x80 | ((id[6] ?? 0) & 0x0f)
  id[8] = 0x80 | ((id[8] ?? 0) & 0x3f)
  return id
}

function sealedEnvelope() {
  return {
    device: 1,
    registrationId: 300,
    idempotencyKey: ownBytes(randomBytes(16)),
    body: ownBytes(randomBytes(BODY_BYTES)),
  }
}
