import {
  accountIdBytes,
  accountIdFromBytes,
  equalBytes,
  openManifest,
  ownBytes,
  wire,
  type Bytes,
  type Manifest,
} from '@sotto/protocol'
import { CONFLICT, DONE, INVALID, refusal, type Answer } from '../answers.js'
import type { Context, Session } from '../context.js'
import { verify } from '../keys.js'
import { sha256 } from '../sha256.js'
import type { ListedDevice, ManifestRow } from '../store/port.js'

export const MAILBOX_ID_BYTES = 16

/** A manifest that has been checked, with the row it becomes. Throws a ProtocolError. */
export function checkManifest(
  context: Context,
  signed: wire.SignedManifest,
): { readonly manifest: Manifest; readonly row: ManifestRow } {
  const manifest = openManifest(signed, { relayRoot: context.keys.rootKey, verify, sha256 })
  const row = {
    version: manifest.version,
    manifest: ownBytes(signed.manifest),
    signature: ownBytes(signed.signature),
    hash: sha256(signed.manifest),
  }
  return { manifest, row }
}

/** Replaces the account's manifest by the next version; the same one again is fine. */
export async function publishManifest(
  context: Context,
  session: Session,
  signed: wire.SignedManifest | undefined,
): Promise<Answer> {
  if (signed === undefined) return INVALID
  const { manifest, row } = checkManifest(context, signed)
  if (!equalBytes(accountIdBytes(manifest.account), session.account)) return INVALID
  if (!equalBytes(manifest.identityKey, session.identityKey)) return INVALID
  if (manifest.devices.length > context.limits.accountDevices) {
    return refusal(wire.ErrorCode.TOO_LARGE)
  }
  const outcome = await context.commits.change('publish-manifest', {
    account: session.account,
    manifest: row,
    previousHash: manifest.previousHash,
    devices: manifest.devices.map((device) => listedDevice(context, device)),
  })
  if (outcome.kind === 'conflict') return CONFLICT
  for (const mailbox of outcome.closed) context.doorbell.ring(mailbox, { kind: 'closed' })
  return DONE
}

/** The device as the store takes it, with a mailbox of its own. */
export function listedDevice(context: Context, device: Manifest['devices'][number]): ListedDevice {
  return {
    device: device.id,
    registrationId: device.registrationId,
    deviceKey: device.deviceKey,
    mailbox: context.random(MAILBOX_ID_BYTES),
  }
}

/** Whether these bytes can be an account id at all. */
export function isAccountId(account: Bytes): boolean {
  try {
    accountIdFromBytes(account)
    return true
  } catch {
    return false
  }
}
