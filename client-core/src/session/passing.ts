import {
  CiphertextMessageType,
  SignalMessage,
  UnidentifiedSenderMessageContent,
} from '@signalapp/libsignal-client'
import { BUCKET_BYTES, type AccountId, type DeviceId } from '@sotto/protocol'
import type { OutboxEnvelope } from '../store/tables/outbox.js'
import { hasSession, seal, type Sealing, type SealRequest } from './seal.js'
import type { Stage } from './stage.js'

/**
 * What is sealed and may be lost leaves a key at the recipient that nobody uses. libsignal keeps
 * 2,000 of a chain and steps over 25,000; a chain begins anew whenever they answer. Whoever has
 * answered nothing of so many is not there.
 */
export const PASSING_CHAIN_MAX = 256

/**
 * A session that grows by more than this has stepped over some 400 messages to open one: those come
 * first, and their keys must not be among the 2,000 that libsignal keeps until it needs room.
 */
const LEAP_BYTES_MAX = 32 * 1024

/**
 * Seals what is submitted once, or never: undefined where the session cannot do without it. It takes
 * no part in what later messages rest on: it begins no session and carries no manifest, for whoever
 * never got it would not open what follows. Changes the stage only; the caller commits before anything
 * leaves, and forgets the stage where the answer is undefined.
 */
export async function sealPassing(
  sealing: Sealing,
  request: SealRequest,
): Promise<readonly OutboxEnvelope[] | undefined> {
  const { stage, own, nowMs } = sealing
  const { account, devices } = request
  const version = own.manifest.parsed.version
  const isSettled = ({ id }: { readonly id: DeviceId }): boolean => {
    const session = stage.session(account, id)
    return (
      session?.confirmed === true &&
      session.manifestSent === version &&
      hasSession(stage, account, id, nowMs)
    )
  }
  if (devices.length === 0 || !devices.every(isSettled)) return undefined
  const envelopes = await seal(sealing, request)
  return envelopes.every(isPassing) ? envelopes : undefined
}

/** As small as any small content, inside a session that both use, in a chain that is answered. */
function isPassing({ body, ratcheted }: OutboxEnvelope): boolean {
  const message = UnidentifiedSenderMessageContent.deserialize(ratcheted)
  if (message.msgType() !== CiphertextMessageType.Whisper) return false
  const counter = SignalMessage.deserialize(message.contents()).counter()
  return counter < PASSING_CHAIN_MAX && body.length === BUCKET_BYTES[0]
}

/** Whether the session with an author stepped over more in the stage than may be skipped for this. */
export function hasLeapt(
  stage: Stage,
  before: Stage,
  { account, device }: { readonly account: AccountId; readonly device: DeviceId },
): boolean {
  const was = before.session(account, device)?.record.length ?? 0
  const is = stage.session(account, device)?.record.length ?? 0
  return is - was > LEAP_BYTES_MAX
}
