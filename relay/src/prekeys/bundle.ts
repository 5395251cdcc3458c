import type { MessageInitShape } from '@bufbuild/protobuf'
import { ACCOUNT_ID_BYTES, DEVICES_MAX, type Bytes, type wire } from '@sotto/protocol'
import { INVALID, REFUSED, type Answer } from '../answers.js'
import type { Context } from '../context.js'
import type { Origin } from '../limits/network-address.js'
import { admit, type Leave } from '../mailbox/leave.js'
import type { DevicePrekeys } from '../store/port.js'

type AccountBundle = MessageInitShape<typeof wire.AccountBundleSchema>

/** Hands out prekey bundles of an account, each one-time prekey once. */
export async function fetchBundle(
  context: Context,
  origin: Origin,
  request: {
    readonly account: Bytes
    readonly leave: Leave | undefined
    readonly devices: readonly number[]
  },
): Promise<Answer> {
  const { account, leave, devices } = request
  if (account.length !== ACCOUNT_ID_BYTES) return INVALID
  const admission = await admit(context, {
    origin,
    leave,
    id: account,
    find: (id) => context.store.findAccount(id),
  })
  if (!admission.admitted) return admission.answer
  if (devices.length > DEVICES_MAX) return INVALID
  const wanted =
    devices.length > 0 ? devices : admission.destination.devices.map(({ device }) => device)
  const { token } = admission
  const bundle = await bundleOf(context, { origin, token, account, wanted })
  return bundle === undefined ? REFUSED : { case: 'bundle', value: bundle }
}

/**
 * The manifest and, for the devices wanted, bundles whose one-time prekeys are gone from the stock
 * for good by the time this resolves. Read too often, it holds last-resort prekeys only. Undefined
 * when the account is not there any more.
 */
export async function bundleOf(
  context: Context,
  request: {
    readonly origin: Origin
    /** What was shown for it; undefined: it is for a device of the account itself. */
    readonly token: Bytes | undefined
    readonly account: Bytes
    readonly wanted: readonly number[]
  },
): Promise<AccountBundle | undefined> {
  const { origin, token, account, wanted } = request
  const lastResortOnly = wanted.length > 0 && !context.gates.bundle(origin, account, token)
  const devices = wanted.length > 0 ? wanted : [0] // No device is 0: the manifest alone.
  const taken = await context.commits.change('take-prekeys', { account, devices, lastResortOnly })
  if (taken.kind === 'unknown') return undefined
  for (const mailbox of taken.low) context.doorbell.ring(mailbox, { kind: 'prekeys-low' })
  const { manifest, signature } = taken.manifest
  return {
    route: taken.route,
    manifest: { manifest, signature },
    devices: taken.devices.map(deviceBundle),
  }
}

function deviceBundle(prekeys: DevicePrekeys): MessageInitShape<typeof wire.DeviceBundleSchema> {
  const bundle = {
    device: prekeys.device,
    registrationId: prekeys.registrationId,
    signed: prekeys.signed,
    kyber: prekeys.kyber,
    lastResort: prekeys.lastResort,
  }
  if (prekeys.oneTimeEc === undefined) return bundle
  const { id, publicKey } = prekeys.oneTimeEc
  return { ...bundle, oneTimeEc: { id, publicKey } }
}
