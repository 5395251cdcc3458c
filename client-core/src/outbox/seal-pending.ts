import {
  decodeContent,
  ownBytes,
  ProtocolError,
  SottoError,
  TrustError,
  type AccountId,
  type Content,
  type DeviceId,
  type ManifestDevice,
  type wire,
} from '@sotto/protocol'
import { inviteProof } from '../account/invites.js'
import type { Core } from '../core.js'
import {
  mayFollow,
  openSignedManifest,
  peerOf,
  storedManifest,
  type SignedManifestOf,
} from '../session/manifests.js'
import { hasSession, seal, startSession } from '../session/seal.js'
import { rewrap } from '../session/wrap.js'
import { Stage } from '../session/stage.js'
import type { Transactor } from '../store/store.js'
import type { StoredCertificate } from '../store/tables/account.js'
import type { OutboxEnvelope, OutboxRow } from '../store/tables/outbox.js'
import { ownProfile, unsealedContent } from './compose.js'
import { cancelled } from './delivery.js'

/** Envelopes whose certificate ends sooner than this are wrapped anew. */
const CERTIFICATE_MARGIN_MS = 60 * 60_000

/** Whether a row can be sealed with what is stored, without asking the relay for prekeys. */
export function needsBundle(
  core: Core,
  { recipient, kind }: Pick<OutboxRow, 'recipient' | 'kind'>,
): boolean {
  const read = core.store.read
  const peer = read.peers.peer(recipient)
  if (peer === undefined || read.contacts.byAccount(recipient)?.route == null) return true
  if (kind === 'decryption-error') return false // Sealed without a ratchet.
  const devices = devicesOf(core, recipient)
  const stage = new Stage(read)
  return devices.some(
    (device) => !hasSession(stage, recipient, device.id, core.ports.clock.nowMs()),
  )
}

/**
 * tx2 of a send: seals a queued row for every device of its recipient and commits ratchets and
 * bytes together. If we die before the commit, the row is still `queued` and no ratchet has moved.
 */
export async function sealPending(
  core: Core,
  row: OutboxRow,
  certificate: StoredCertificate,
): Promise<void> {
  await core.lane.run(async () => {
    const stage = new Stage(core.store.read)
    const devices = devicesOf(core, row.recipient)
    await sealInto(core, stage, { row, devices, certificate, removed: [] })
  })
}

/**
 * The relay says the device list has changed: checks the new manifest, starts the missing
 * sessions, seals for the devices that lack an envelope and drops those that are gone. The
 * envelopes that stay are not sealed again.
 */
export async function sealForMismatch(
  core: Core,
  row: OutboxRow,
  answer: { readonly mismatch: wire.DevicesMismatch; readonly certificate: StoredCertificate },
): Promise<void> {
  const { bundle, missing, extra, stale } = answer.mismatch
  await core.lane.run(async () => {
    const stage = new Stage(core.store.read)
    const removed = [...extra, ...stale] as DeviceId[]
    for (const device of removed) stage.removeSession(row.recipient, device)
    const manifest =
      bundle === undefined ? undefined : await stageBundle(core, stage, row.recipient, bundle)
    const listed = manifest?.parsed.devices ?? devicesOf(core, row.recipient)
    if (listed.some((device) => extra.includes(device.id))) throw dishonest()
    const wanted = new Set([...missing, ...stale])
    const devices = manifest?.parsed.devices.filter((device) => wanted.has(device.id)) ?? []
    const stay = core.store.read.outbox
      .envelopes(row.row)
      .filter((envelope) => !removed.includes(envelope.device))
    if (devices.length + stay.length === 0) throw withheld()
    await sealInto(core, stage, { row, devices, certificate: answer.certificate, removed })
  })
}

/**
 * Commits what a bundle teaches: identity, manifest, route and a session with each device; with
 * `also`, in the same transaction and before them, whatever belongs to it.
 */
export async function learnBundle(
  core: Core,
  learned: { readonly account: AccountId; readonly bundle: wire.AccountBundle },
  also: (tx: Transactor) => void = () => undefined,
): Promise<void> {
  const { account, bundle } = learned
  await core.lane.run(async () => {
    const stage = new Stage(core.store.read)
    await stageBundle(core, stage, account, bundle)
    const nowMs = core.ports.clock.nowMs()
    core.store.transact((tx) => {
      also(tx)
      stage.commit(tx, nowMs)
      const contact = tx.contacts.byAccount(account)
      if (contact !== undefined) tx.contacts.save({ ...contact, route: ownBytes(bundle.route) })
    })
  })
}

/** Envelopes under a certificate that still lives when they arrive; unchanged where it does. */
export async function rewrapAging(
  core: Core,
  row: OutboxRow,
  certificate: StoredCertificate,
): Promise<void> {
  const endsMs = core.relayNowMs() + CERTIFICATE_MARGIN_MS
  const aging = core.store.read.outbox
    .envelopes(row.row)
    .filter((envelope) => envelope.certificateExpiresMs < endsMs)
  if (aging.length === 0) return
  await core.lane.run(async () => {
    if (core.store.read.outbox.row(row.row) === undefined) throw cancelled()
    const sealing = { stage: new Stage(core.store.read), own: core.own }
    const fresh = await Promise.all(aging.map((envelope) => rewrap(sealing, envelope, certificate)))
    core.store.transact((tx) => {
      tx.outbox.saveEnvelopes(row.row, fresh)
    })
  })
}

export function devicesOf(core: Core, account: AccountId): readonly ManifestDevice[] {
  const peer = core.store.read.peers.peer(account)
  return peer === undefined ? [] : storedManifest(peer).parsed.devices
}

/** What is sealed: a row of the outbox, or what is about to become one. */
export type Sealable = Pick<OutboxRow, 'recipient' | 'kind' | 'content' | 'state'>

export interface SealStep<Row extends Sealable = Sealable> {
  readonly row: Row
  readonly devices: readonly ManifestDevice[]
  readonly certificate: StoredCertificate
  readonly removed: readonly DeviceId[]
}

/** Made in a stage; nothing of it is on disk. Forgotten, it has never been. */
export interface Sealed {
  readonly envelopes: readonly OutboxEnvelope[]
  /** Tells the row what it was sealed as: the ratchets and the bytes they made, in one transaction. */
  write(tx: Transactor, row: number): void
}

/** In the lane, as the row is now: what waits may have been written anew since it was read. */
async function sealInto(core: Core, stage: Stage, step: SealStep<OutboxRow>): Promise<void> {
  const row = core.store.read.outbox.row(step.row.row)
  if (row === undefined) throw cancelled()
  const sealed = await sealInStage(core, stage, { ...step, row })
  core.store.transact((tx) => {
    sealed.write(tx, row.row)
  })
  noteSealed(core, sealed)
}

/** Seals in the lane. The caller commits what it answers before anything else is sealed. */
export async function sealInStage(core: Core, stage: Stage, step: SealStep): Promise<Sealed> {
  const { row } = step
  const nowMs = core.ports.clock.nowMs()
  const sealable = ({ id }: ManifestDevice): boolean =>
    row.kind === 'decryption-error' || hasSession(stage, row.recipient, id, nowMs)
  if (!step.devices.every(sealable)) throw withheld()
  const { content: stored, ...said } = decodeContent(row.content)
  const content = addressed(core, row, stored)
  const envelopes = await seal(
    { stage, own: core.own, random: core.ports.random, nowMs },
    {
      account: row.recipient,
      content: { ...said, content },
      devices: step.devices,
      certificate: step.certificate,
    },
  )
  const write = (tx: Transactor, to: number): void => {
    stage.commit(tx, nowMs)
    for (const device of step.removed) tx.outbox.removeEnvelope(to, row.recipient, device)
    tx.outbox.saveEnvelopes(to, envelopes)
    if (content === stored) return
    const kind = content.kind === 'request' ? 'request' : row.kind
    tx.outbox.setContent(to, { kind, content: unsealedContent(content, said) })
  }
  return { envelopes, write }
}

/** After the commit. */
export function noteSealed(core: Core, { envelopes }: Sealed): void {
  core.ports.crashpoint('send.sealed')
  core.ports.log.debug('outbox.sealed', { envelopes: envelopes.length })
}

/**
 * Without the recipient's access key a text is a request, which brings ours; a profile is what it
 * is now. What a row was sealed as it stays, for devices that are found later.
 */
function addressed(core: Core, row: Sealable, content: Content): Content {
  if (row.state === 'sealed') return content
  if (content.kind === 'profile') return { kind: 'profile', profile: ownProfile(core) }
  if (content.kind !== 'text') return content
  const contact = core.store.read.contacts.byAccount(row.recipient)
  if (contact?.accessKey != null) return content
  const secret = contact?.inviteSecret ?? null
  const between = { sender: core.own.account, recipient: row.recipient }
  return {
    kind: 'request',
    text: content.text,
    profile: ownProfile(core),
    inviteProof: secret === null ? undefined : inviteProof(secret, between),
  }
}

async function stageBundle(
  core: Core,
  stage: Stage,
  account: AccountId,
  bundle: wire.AccountBundle,
): Promise<SignedManifestOf> {
  if (bundle.manifest === undefined) throw dishonest()
  const manifest = openGiven(core, bundle.manifest)
  const known = stage.peer(account)
  if (manifest.parsed.account !== account) throw dishonest()
  if (known !== undefined && !mayFollow(storedManifest(known), manifest)) throw dishonest()
  stage.savePeer(peerOf(manifest, known))
  const nowMs = core.ports.clock.nowMs()
  const sealing = { stage, own: core.own, random: core.ports.random }
  for (const device of bundle.devices) {
    // A session that works stays: only what has none is begun.
    if (hasSession(stage, account, device.device as DeviceId, nowMs)) continue
    await startSession({ ...sealing, nowMs }, manifest, device)
  }
  return manifest
}

/** A device of the manifest for which the relay gave no prekeys. */
function withheld(): ProtocolError {
  return new ProtocolError('wire/unexpected', 'the relay gave no keys for one of the devices', {
    fix: 'Nothing was sent; it will be tried again.',
  })
}

/** A manifest out of the relay's hands. Throws `identity/forged` where its account did not sign it. */
export function openGiven(core: Core, signed: wire.SignedManifest): SignedManifestOf {
  try {
    return openSignedManifest(signed, core.own.relayRoot)
  } catch (thrown) {
    if (thrown instanceof SottoError && thrown.code === 'wire/malformed') throw dishonest(thrown)
    throw thrown
  }
}

function dishonest(cause?: unknown): TrustError {
  return new TrustError(
    'identity/forged',
    'the relay gave keys that are not the recipient’s; nothing was sent',
    {
      cause,
      fix: 'The relay is broken or dishonest. Compare safety numbers before you trust it again.',
    },
  )
}
