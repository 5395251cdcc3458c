import {
  ACCESS_KEY_BYTES,
  ROUTE_BYTES,
  accountIdBytes,
  ownBytes,
  wire,
  type AccountId,
  type Bytes,
  type Manifest,
} from '@sotto/protocol'
import { CONFLICT, INVALID, PRESSED, rateLimited, type ErrorAnswer } from '../answers.js'
import type { Context } from '../context.js'
import type { Origin } from '../limits/network-address.js'
import { dayOf } from '../ports.js'
import { parseStock } from '../prekeys/stock.js'
import type { Changes } from '../store/port.js'
import { drawCertificate } from './certificate.js'
import { checkManifest, listedDevice } from './manifest.js'
import { codeRefusal, shownCode } from './signup-code.js'
import { isProven } from './username.js'

export type Registration =
  | {
      readonly kind: 'registered'
      readonly route: Bytes
      readonly certificate: { readonly certificate: Bytes; readonly expiresMs: bigint }
    }
  | { readonly kind: 'refused'; readonly answer: ErrorAnswer }

/**
 * Makes an account of a self-signed manifest. The same request again gets the same answer, so a
 * client that never heard the first one asks again, and spends no second use of a code, nor any work.
 * Throws a ProtocolError on malformed requests.
 */
export async function register(
  context: Context,
  origin: Origin,
  request: wire.Register,
): Promise<Registration> {
  const { gates, pressure, signupWork } = context
  if (pressure.refuses('account')) {
    signupWork.load.pressed()
    return refused(PRESSED)
  }
  const due = await workDue(context, request)
  if (due === 'unshown') return refused(workWanted(context))
  const here = gates.signup(origin)
  if (!here.granted) return refused(rateLimited(here.retryAfterMs))
  if (due !== 'none') {
    const verdict = await signupWork.check(due.challenge, due)
    if (verdict !== 'good') return refused(verdict === 'busy' ? PRESSED : workWanted(context))
  }
  const everywhere = gates.anySignup(origin)
  if (!everywhere.granted) return refused(rateLimited(everywhere.retryAfterMs))
  const checked = checkRegistration(context, request)
  if (checked === undefined) return refused(INVALID)
  const outcome = await context.commits.change('register', checked.change)
  if (outcome.kind === 'conflict') return refused(CONFLICT)
  if (!('route' in outcome)) return refused(codeRefusal(outcome.kind))
  if (outcome.kind === 'created') {
    signupWork.load.made()
    context.log.info('account.registered', {})
  }
  const { account, identityKey } = checked.change
  const certificate = drawCertificate(context, { account, identityKey, device: checked.device })
  return { kind: 'registered', route: outcome.route, certificate }
}

/** Work that was shown and has yet to be checked; `unshown`: it has to be done first. */
type WorkDue =
  | 'none'
  | 'unshown'
  | {
      readonly challenge: NonNullable<ReturnType<Context['signupWork']['known']>>
      readonly account: AccountId
      readonly solution: number
    }

/**
 * An account that is there takes no work: whoever never heard that it was made asks again, after the
 * challenge has expired, too. Whether it is there, only who has its signed manifest learns.
 */
async function workDue(context: Context, { manifest, proof }: wire.Register): Promise<WorkDue> {
  if (context.registration !== 'pow' || manifest === undefined) return 'none'
  const { account } = checkManifest(context, manifest).manifest
  if ((await context.store.findAccount(accountIdBytes(account))) !== undefined) return 'none'
  if (proof === undefined) return 'unshown'
  const challenge = context.signupWork.known(proof)
  return challenge === undefined ? 'unshown' : { challenge, account, solution: proof.solution }
}

function workWanted({ signupWork }: Context): ErrorAnswer {
  const { WORK: code } = wire.ErrorCode
  return { case: 'error', value: { code, retryAfterMs: 0, work: signupWork.challenge() } }
}

function checkRegistration(
  context: Context,
  request: wire.Register,
): { readonly change: Changes['register']['input']; readonly device: number } | undefined {
  if (request.manifest === undefined || request.prekeys === undefined) return undefined
  const { manifest, row } = checkManifest(context, request.manifest)
  const device = onlyDevice(manifest)
  if (device === undefined || request.accessKey.length !== ACCESS_KEY_BYTES) return undefined
  const usernameHash =
    request.usernameHash.length === 0 ? undefined : ownBytes(request.usernameHash)
  if (usernameHash !== undefined && !isProven(usernameHash, request.usernameProof)) return undefined
  const prekeys = parseStock(request.prekeys, manifest.identityKey)
  if (prekeys.signed === undefined || prekeys.lastResort === undefined) return undefined
  const change = {
    account: accountIdBytes(manifest.account),
    identityKey: manifest.identityKey,
    manifest: row,
    device: listedDevice(context, device),
    route: context.random(ROUTE_BYTES),
    accessKey: ownBytes(request.accessKey),
    usernameHash,
    prekeys,
    prekeysMax: context.limits.prekeyStock,
    day: dayOf(context.clock.nowMs()),
    code: shownCode(context, request.code),
  }
  return { change, device: device.id }
}

/** The device of a first manifest: version 1 with exactly one. */
function onlyDevice(manifest: Manifest): Manifest['devices'][number] | undefined {
  return manifest.version === 1 && manifest.devices.length === 1 ? manifest.devices[0] : undefined
}

function refused(answer: ErrorAnswer): Registration {
  return { kind: 'refused', answer }
}
