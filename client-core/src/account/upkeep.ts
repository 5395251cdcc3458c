import { SenderCertificate } from '@signalapp/libsignal-client'
import { equalBytes, ownBytes, ProtocolError, type Bytes } from '@sotto/protocol'
import type { Core } from '../core.js'
import type { IdentifiedDoor, Ready } from '../net/identified-door.js'
import { SENT_AGE_MS_MAX } from '../outbox/resend.js'
import type { OwnDevice } from '../session/own-device.js'
import type { Transactor } from '../store/store.js'
import type { StoredCertificate } from '../store/tables/account.js'
import { TIME_MS_MAX } from '../times.js'
import { claimUsernameAgain } from './claim-username.js'
import { forgetPeers } from './forget-peers.js'
import { publishAccessKey } from './access-key.js'
import { publishInvites } from './publish-invites.js'
import { purgeDaily } from './purge-journal.js'
import { noteRestored } from './relay-restored.js'
import { makePrekeys, unpublishedPrekeys, type PrekeyLevels } from './prekeys.js'

const HOUR_MS = 60 * 60_000
/** A certificate is drawn anew every day, whether or not anything is sent. */
const CERTIFICATE_AGE_MS_MAX = 24 * HOUR_MS

/** Remembered send keys are forgotten after this long. */
const SEND_KEY_AGE_MS_MAX = 30 * 24 * HOUR_MS
/** Digests of what was opened: longer than anything waits anywhere, mailbox 30 days and outbox 14. */
const OPENED_AGE_MS_MAX = 60 * 24 * HOUR_MS

/** What upkeep asks of the relay. */
export type UpkeepDoor = Pick<
  IdentifiedDoor,
  'publishPrekeys' | 'drawCertificate' | 'setAccessKey' | 'setUsername' | 'publishInvites'
>

/**
 * What a device does each time it reaches its relay: notices a relay that was restored from a
 * backup, which then gets access key, username and invites again, fills up the prekeys, publishes a new
 * access key and invites, draws its daily certificate. Each step is on disk before the relay hears of it and is
 * repeated if we die between.
 */
export async function upkeep(core: Core, door: UpkeepDoor, ready: Ready): Promise<void> {
  forgetOld(core)
  await forgetPeers(core)
  purgeDaily(core)
  const replace = noteEpoch(core, ready.epoch)
  const levels = replace ? { oneTimeEc: 0, oneTimeKyber: 0 } : ready.prekeys
  await replenish(core, door, { levels, replace })
  if (replace) {
    // The backup may hold a key that was taken from somebody since.
    await door.setAccessKey({ current: core.account.accessKey, previous: new Uint8Array(0) })
    // It may hold a name we had before, or none, and give ours to others.
    await claimUsernameAgain(core, door)
    // It may hold invites that were revoked or used up since, and not the newest.
    await publishInvites(core, door, { again: true })
    core.store.transact((tx) => {
      tx.account.saveRelayEpoch({ epoch: ready.epoch, prekeysReplaced: true })
    })
  }
  await publishAccessKey(core, door)
  await daily(core, door)
}

/** What is done each day of whoever stays connected, too: a certificate, and invites that are over. */
export async function daily(core: Core, door: UpkeepDoor): Promise<void> {
  await publishInvites(core, door)
  if (certificateAgeMs(core) > CERTIFICATE_AGE_MS_MAX) await drawCertificate(core, door)
}

/** What is kept for a while only. A clock that is ahead, ours or the relay's, makes nothing old. */
export function forgetOld(core: Core): void {
  const nowMs = Math.min(core.ports.clock.nowMs(), core.relayNowMs())
  core.store.transact((tx) => {
    tx.outbox.forgetSends(nowMs - SEND_KEY_AGE_MS_MAX)
    tx.sent.forget(nowMs - SENT_AGE_MS_MAX)
    tx.inbox.forgetOpened(nowMs - OPENED_AGE_MS_MAX)
    tx.changes.forgetWaiting(nowMs - OPENED_AGE_MS_MAX)
  })
}

/**
 * A relay that counts in another epoch was restored from a backup and may hand out prekeys a second
 * time: they are dropped here at once. True until it has been given others in their place.
 */
function noteEpoch(core: Core, epoch: number): boolean {
  const known = core.store.read.account.relayEpoch()
  if (known?.epoch === epoch) return !known.prekeysReplaced
  const restored = known !== undefined
  core.store.transact((tx) => {
    if (tx.inbox.cursor()?.epoch !== epoch) beginMailbox(tx, { epoch, restored })
    if (restored) noteRestored(tx, core, { epoch, atMs: core.relayNowMs() })
    else tx.account.saveRelayEpoch({ epoch, prekeysReplaced: true })
  })
  return restored
}

/** A new mailbox begins at 1; where one that was restored goes on is not known. */
function beginMailbox(
  tx: Transactor,
  { epoch, restored }: { readonly epoch: number; readonly restored: boolean },
): void {
  if (restored) tx.inbox.forgetCursor()
  else tx.inbox.moveCursor({ epoch, seq: 0 })
}

/** Fills the stock up and publishes what the relay does not have, in that order. */
export async function replenish(
  core: Core,
  door: UpkeepDoor,
  stand: { readonly levels: PrekeyLevels; readonly replace: boolean },
): Promise<void> {
  const nowMs = core.relayNowMs() // Keys are retired and forgotten by it; our own clock may jump.
  core.store.transact((tx) => {
    const { levels } = stand
    makePrekeys(tx, core.own.identity, { levels, nowMs, stock: core.prekeyStock })
  })
  core.ports.crashpoint('prekeys.stored')
  const publication = unpublishedPrekeys(core.store.read, { replace: stand.replace })
  if (publication === undefined) return
  await door.publishPrekeys(publication.stock)
  core.ports.crashpoint('prekeys.published')
  core.store.transact(publication.markPublished)
  const { oneTimeEc, oneTimeKyber } = publication.stock
  core.ports.log.info('prekeys.published', {
    ec: oneTimeEc?.length ?? 0,
    kyber: oneTimeKyber?.length ?? 0,
  })
}

/** How long ago the certificate was drawn, relay time; infinite where there is none. */
export function certificateAgeMs(core: Core): number {
  const certificate = core.store.read.account.certificate()
  return certificate === undefined ? Infinity : core.relayNowMs() - certificate.drawnMs
}

export async function drawCertificate(core: Core, door: UpkeepDoor): Promise<StoredCertificate> {
  const drawn = await door.drawCertificate()
  const stored = storedCertificate(core.own, drawn, core.relayNowMs())
  core.store.transact((tx) => {
    tx.account.saveCertificate(stored)
  })
  core.ports.log.debug('certificate.drawn', {
    hoursLeft: Math.floor((stored.expiresMs - stored.drawnMs) / HOUR_MS),
  })
  return stored
}

/**
 * A certificate as it is kept. Throws `wire/unexpected` for one that is not this device's or not by
 * the pinned root: nobody would open what is sealed under it.
 */
export function storedCertificate(
  own: OwnDevice,
  drawn: { readonly certificate: Uint8Array },
  drawnMs: number,
): StoredCertificate {
  const bytes = ownBytes(drawn.certificate)
  const certificate = parseCertificate(bytes)
  const expiresMs = certificate.expiration()
  const isOwn =
    certificate.senderUuid() === own.account &&
    certificate.senderDeviceId() === own.device &&
    equalBytes(certificate.key().serialize(), own.identity.publicKey.serialize())
  if (!isOwn || expiresMs > TIME_MS_MAX) throw notOurs()
  if (!certificate.validate(own.certificateRoot, expiresMs - 1)) throw notOurs()
  return { certificate: bytes, drawnMs, expiresMs }
}

function parseCertificate(bytes: Bytes): SenderCertificate {
  try {
    return SenderCertificate.deserialize(bytes)
  } catch (cause) {
    throw notOurs(cause)
  }
}

function notOurs(cause?: unknown): ProtocolError {
  return new ProtocolError('wire/unexpected', 'the relay gave a certificate that is not ours', {
    cause,
    fix: 'It will be asked again. If it stays so, the relay is broken or dishonest.',
  })
}
