import { DECOY, type Destination, type DestinationDevice, type Submission } from '../store/port.js'
import { IDEMPOTENCY_KEY_BYTES, isBucket, wire, type Bytes } from '@sotto/protocol'
import {
  DONE,
  INVALID,
  PRESSED,
  rateLimited,
  refusal,
  type Answer,
  type ErrorAnswer,
} from '../answers.js'
import { forgetDay, type Context, type Session } from '../context.js'
import { QUOTA_RETRY_MS } from '../limits/bounds.js'
import type { Origin } from '../limits/network-address.js'
import { bundleOf } from '../prekeys/bundle.js'
import { admit, type Leave } from './leave.js'
import { SUBMIT_ENVELOPES_MAX } from '@sotto/protocol'

export interface SubmittedEnvelope {
  readonly device: number
  readonly registrationId: number
  readonly key: Bytes
  readonly body: Bytes
}

export interface SubmitRequest {
  readonly route: Bytes
  readonly leave: Leave | undefined
  readonly envelopes: readonly SubmittedEnvelope[]
  /** In memory only, for those who are connected. */
  readonly ephemeral: boolean
}

/** A submission that has been checked, on its way to the disk. */
export type Submitting =
  | { readonly kind: 'answered'; readonly answer: Answer }
  | { readonly kind: 'committing'; readonly answer: Promise<Answer> }

/** Through the anonymous door. */
export async function submit(
  context: Context,
  origin: Origin,
  request: SubmitRequest,
): Promise<Submitting> {
  const { route, leave, envelopes, ephemeral } = request
  if (context.pressure.refuses(ephemeral ? 'ephemeral' : 'submission')) return answered(PRESSED)
  // Before any account is looked up: a stranger has nothing to say that would not be kept.
  if (ephemeral) {
    if (leave?.kind !== 'access-key') return answered(INVALID)
    const permission = context.gates.ephemeral(origin)
    if (!permission.granted) return answered(rateLimited(permission.retryAfterMs))
  }
  const admission = await admit(context, {
    origin,
    leave,
    id: route,
    find: (id) => context.store.findRoute(id),
    keys: envelopes.map(({ key }) => key),
  })
  if (!admission.admitted) return answered(admission.answer)
  const { destination, token } = admission
  return submitTo(context, {
    origin,
    token,
    destination,
    devices: destination.devices,
    stranger: leave?.kind !== 'access-key',
    envelopes,
    ephemeral,
  })
}

/** Through the identified door, to one's own other devices. */
export async function submitOwn(
  context: Context,
  session: Session & { readonly origin: Origin },
  envelopes: readonly SubmittedEnvelope[],
): Promise<Submitting> {
  if (context.pressure.refuses('submission')) return answered(PRESSED)
  const destination = await context.store.findAccount(session.account)
  if (destination === undefined) return answered(refusal(wire.ErrorCode.UNAUTHENTICATED))
  const devices = destination.devices.filter(({ device }) => device !== session.device)
  const { origin } = session
  return submitTo(context, {
    origin,
    token: undefined,
    destination,
    devices,
    stranger: false,
    envelopes,
    ephemeral: false,
  })
}

interface Addressed {
  readonly origin: Origin
  /** What was shown as leave; undefined: it is the account itself. */
  readonly token: Bytes | undefined
  readonly destination: Destination
  readonly devices: readonly DestinationDevice[]
  readonly stranger: boolean
  readonly envelopes: readonly SubmittedEnvelope[]
  readonly ephemeral: boolean
}

async function submitTo(context: Context, addressed: Addressed): Promise<Submitting> {
  const fault = faultOf(addressed.envelopes, context.limits)
  if (fault !== undefined) return answered(fault)
  const mismatch = compareDevices(addressed.devices, addressed.envelopes)
  if (mismatch !== undefined) return answered(await answerMismatch(context, addressed, mismatch))
  if (addressed.ephemeral) return answered(pass(context, addressed))
  return { kind: 'committing', answer: commit(context, addressed) }
}

async function commit(context: Context, addressed: Addressed): Promise<Answer> {
  const submission = submissionOf(context, addressed)
  const outcome = await context.commits.change('submit', submission)
  if (outcome.kind === 'gone') return refusal(wire.ErrorCode.UNAVAILABLE, 1)
  for (const { mailbox, row } of outcome.placed) {
    context.doorbell.ring(mailbox, { kind: 'waiting', row })
  }
  if (outcome.kind === 'stored') {
    const { envelopes } = submission
    const bytes = envelopes.reduce((sum, { body }) => sum + body.length, 0)
    context.meters.accepted(envelopes.length, bytes)
  }
  if (outcome.kind === 'full') return refusal(wire.ErrorCode.QUOTA, QUOTA_RETRY_MS)
  return { case: 'submitted', value: { arrivalMs: BigInt(outcome.arrivalMs) } }
}

/**
 * Hands envelopes to the devices that are connected, those above what a device gets in a minute to
 * nobody. The answer does not tell whether any is, nor how much others send it.
 */
function pass(context: Context, { origin, devices, envelopes }: Addressed): Answer {
  const arrivalMs = context.clock.nowMs()
  for (const { device, body } of envelopes) {
    const mailbox = devices.find((each) => each.device === device)?.mailbox ?? DECOY
    if (context.gates.ephemeralTo(origin, mailbox))
      context.doorbell.ring(mailbox, { kind: 'ephemeral', body, arrivalMs })
  }
  return DONE
}

function submissionOf(context: Context, addressed: Addressed): Submission {
  const { limits } = context
  const arrivalMs = context.clock.nowMs()
  return {
    envelopes: addressed.envelopes.map(({ device, key, body }) => ({
      mailbox: addressed.devices.find((each) => each.device === device)?.mailbox ?? DECOY,
      key,
      body,
    })),
    stranger: addressed.stranger,
    arrivalMs,
    forgetDay: forgetDay(arrivalMs, limits),
    quota: {
      envelopes: limits.mailboxEnvelopes,
      bytes: limits.mailboxBytes,
      strangerEnvelopes: limits.strangerEnvelopes,
      strangerBytes: limits.strangerBytes,
    },
  }
}

/** What is wrong with the envelopes themselves, whoever they are for. */
function faultOf(
  envelopes: readonly SubmittedEnvelope[],
  { envelopeBytes }: Context['limits'],
): ErrorAnswer | undefined {
  if (envelopes.length === 0) return INVALID
  if (envelopes.length > SUBMIT_ENVELOPES_MAX) return refusal(wire.ErrorCode.TOO_LARGE)
  for (const [index, { device, key, body }] of envelopes.entries()) {
    if (envelopes.findIndex((other) => other.device === device) !== index) return INVALID
    if (body.length > envelopeBytes) return refusal(wire.ErrorCode.TOO_LARGE)
    if (key.length !== IDEMPOTENCY_KEY_BYTES || !isBucket(body.length)) return INVALID
  }
  return undefined
}

interface Mismatch {
  readonly missing: number[]
  readonly extra: number[]
  readonly stale: number[]
}

function compareDevices(
  devices: readonly DestinationDevice[],
  envelopes: readonly SubmittedEnvelope[],
): Mismatch | undefined {
  if (isMatch(devices, envelopes)) return undefined
  const sealedFor = new Map(envelopes.map((envelope) => [envelope.device, envelope]))
  const mismatch: Mismatch = { missing: [], extra: [], stale: [] }
  for (const { device, registrationId } of devices) {
    const envelope = sealedFor.get(device)
    if (envelope === undefined) mismatch.missing.push(device)
    else if (envelope.registrationId !== registrationId) mismatch.stale.push(device)
    sealedFor.delete(device)
  }
  mismatch.extra.push(...sealedFor.keys())
  return mismatch
}

/** The envelopes are for different devices; so it is enough that each is for one of these. */
function isMatch(
  devices: readonly DestinationDevice[],
  envelopes: readonly SubmittedEnvelope[],
): boolean {
  if (devices.length !== envelopes.length) return false
  return envelopes.every((envelope) =>
    devices.some(
      ({ device, registrationId }) =>
        device === envelope.device && registrationId === envelope.registrationId,
    ),
  )
}

async function answerMismatch(
  context: Context,
  { origin, token, destination }: Addressed,
  mismatch: Mismatch,
): Promise<Answer> {
  const wanted = [...mismatch.missing, ...mismatch.stale]
  const { account } = destination
  const bundle = await bundleOf(context, { origin, token, account, wanted })
  if (bundle === undefined) return refusal(wire.ErrorCode.UNAVAILABLE, 1)
  return { case: 'devicesMismatch', value: { ...mismatch, bundle } }
}

function answered(answer: Answer): Submitting {
  return { kind: 'answered', answer }
}
