import { ownBytes, type Bytes } from '@sotto/protocol'
import type { Core } from '../core.js'
import type { IdentifiedDoor, Ready } from '../net/identified-door.js'
import type { StoredCertificate } from '../store/tables/account.js'
import { makePrekeys, unpublishedPrekeys, type PrekeyLevels } from './prekeys.js'

const HOUR_MS = 60 * 60_000
/** A certificate is drawn anew every day, whether or not anything is sent. */
const CERTIFICATE_AGE_MS_MAX = 24 * HOUR_MS

/** Remembered send keys and what else grows with use is forgotten after this long. */
const SEND_KEY_AGE_MS_MAX = 30 * 24 * HOUR_MS

/**
 * What a device does each time it reaches its relay: notices a relay that was restored from a
 * backup, fills up the prekeys, draws its daily certificate. Each step is on disk before the relay
 * hears of it and is repeated if we die between.
 */
export async function upkeep(core: Core, door: IdentifiedDoor, ready: Ready): Promise<void> {
  const restored = noteEpoch(core, ready.epoch)
  const levels = restored ? { oneTimeEc: 0, oneTimeKyber: 0 } : ready.prekeys
  await replenish(core, door, { levels, replace: restored })
  if (certificateAgeMs(core) > CERTIFICATE_AGE_MS_MAX) await drawCertificate(core, door)
}

/** True where the relay counts anew: it was restored, and may hand out prekeys a second time. */
function noteEpoch(core: Core, epoch: number): boolean {
  const cursor = core.store.read.inbox.cursor()
  if (cursor?.epoch === epoch) return false
  core.store.transact((tx) => {
    tx.inbox.moveCursor({ epoch, seq: 0 })
    tx.outbox.forgetSends(core.ports.clock.nowMs() - SEND_KEY_AGE_MS_MAX)
    if (cursor === undefined) return
    tx.prekeys.removeOneTime()
    tx.record({ type: 'gap', detail: { count: 0, reason: 'relay-restored' } })
  })
  return cursor !== undefined
}

/** Fills the stock up and publishes what the relay does not have, in that order. */
export async function replenish(
  core: Core,
  door: IdentifiedDoor,
  stand: { readonly levels: PrekeyLevels; readonly replace: boolean },
): Promise<void> {
  const nowMs = core.ports.clock.nowMs()
  core.store.transact((tx) => {
    makePrekeys(tx, core.own.identity, { levels: stand.levels, nowMs })
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

export async function drawCertificate(
  core: Core,
  door: IdentifiedDoor,
): Promise<StoredCertificate> {
  const drawn = await door.drawCertificate()
  const stored = storedCertificate(drawn, core.relayNowMs())
  core.store.transact((tx) => {
    tx.account.saveCertificate(stored)
  })
  core.ports.log.debug('certificate.drawn', {
    hoursLeft: Math.floor((stored.expiresMs - stored.drawnMs) / HOUR_MS),
  })
  return stored
}

export function storedCertificate(
  drawn: { readonly certificate: Uint8Array; readonly expiresMs: bigint },
  drawnMs: number,
): StoredCertificate {
  const certificate: Bytes = ownBytes(drawn.certificate)
  return { certificate, drawnMs, expiresMs: Number(drawn.expiresMs) }
}
