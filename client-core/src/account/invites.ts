import { createHmac } from 'node:crypto'
import {
  equalBytes,
  formatInviteLink,
  hex,
  INVITE_ERRAND_BYTES,
  INVITE_LEAVE_INPUT,
  INVITE_SECRET_BYTES,
  InputError,
  inviteErrandInput,
  inviteProofInput,
  NotFoundError,
  ownBytes,
  SecretBytes,
  type AccountId,
  type Bytes,
} from '@sotto/protocol'
import { timestamp } from '../times.js'
import type { Core } from '../core.js'
import type { InviteLeave } from '../net/anonymous-door.js'
import type { PublishInvitesInit } from '../net/requests.js'
import type { InviteObject, InviteState } from '../objects.js'
import { sha256 } from '../session/digest.js'
import type { Reader, Transactor } from '../store/store.js'
import type { Invite } from '../store/tables/invites.js'

/** Invites kept, those that are over included; these are forgotten first. */
export const INVITES_MAX = 1000
const DAY_MS = 24 * 60 * 60_000
const USES = 1
const LIFETIME_MS = 7 * DAY_MS
const ID_BYTES = 5
/** Fewer characters of an id are never guessed. */
const PREFIX_LENGTH_MIN = 6

/** How far an invite goes; 0 is without end. */
export interface InviteTerms {
  /** How many people may use it. Default 1. */
  readonly uses?: number | undefined
  /** Default 7 days. */
  readonly lifetimeMs?: number | undefined
}

/** Makes an invite and writes it down. The relay hears of it by `publishInvites`, now or when it is reached. */
export function createInvite(core: Core, terms: InviteTerms): InviteObject {
  const { random } = core.ports
  const nowMs = core.relayNowMs()
  const { uses = USES, lifetimeMs = LIFETIME_MS } = terms
  const invite: Invite = {
    id: `i_${hex(random.bytes(ID_BYTES))}`,
    secret: random.bytes(INVITE_SECRET_BYTES),
    uses: uses === 0 ? null : uses,
    usesLeft: uses === 0 ? null : uses,
    expiresMs: lifetimeMs === 0 ? null : nowMs + lifetimeMs,
    createdMs: nowMs,
    revoked: false,
  }
  core.store.transact((tx) => {
    makeRoom(tx, nowMs)
    tx.invites.add(invite)
  })
  return inviteObject(core, invite)
}

/** All that are kept, oldest first, those that are over included. */
export function listInvites(core: Core): readonly InviteObject[] {
  return core.store.read.invites.all().map((invite) => inviteObject(core, invite))
}

/** From now on whoever shows it is a stranger. Throws `invite/unknown`. */
export function revokeInvite(core: Core, written: string): InviteObject {
  const { id } = findInvite(core.store.read, written)
  return core.store.transact((tx) => {
    tx.invites.revoke(id)
    return inviteObject(core, findInvite(tx, id))
  })
}

/** What goes with a first message to whoever made the invite: HMAC-SHA-256 under its secret. */
export function inviteProof(
  secret: Bytes,
  between: { readonly sender: AccountId; readonly recipient: AccountId },
): Bytes {
  return ownBytes(createHmac('sha256', secret).update(inviteProofInput(between)).digest())
}

/** The key by whose hash the relay knows an invite; its secret, and who has it, the relay never hears. */
function inviteLeaveKey(secret: Bytes): Bytes {
  return ownBytes(createHmac('sha256', secret).update(INVITE_LEAVE_INPUT).digest())
}

/**
 * What is shown to the relay by whoever has an invite, as leave for one errand to the account that made
 * it: always the same, so that nothing has to be remembered of it and a crash begins no second errand.
 */
export function inviteLeave(secret: Bytes, sender: AccountId): InviteLeave {
  const errand = createHmac('sha256', secret).update(inviteErrandInput(sender)).digest()
  return {
    key: inviteLeaveKey(secret),
    errand: ownBytes(errand.subarray(0, INVITE_ERRAND_BYTES)),
  }
}

/** The invites that are live, as the relay is told of them: hashes, uses, and the last day of each. */
export function publishedInvites(core: Pick<Core, 'store' | 'relayNowMs'>): PublishInvitesInit {
  const nowMs = core.relayNowMs()
  const live = core.store.read.invites.all().filter((invite) => stateOf(invite, nowMs) === 'live')
  return {
    invites: live.map(({ secret, usesLeft, expiresMs }) => ({
      hash: sha256(inviteLeaveKey(secret)),
      usesLeft: usesLeft ?? 0,
      expiresDay: expiresMs === null ? 0 : Math.floor(expiresMs / DAY_MS),
    })),
  }
}

/**
 * Whether a proof is good for an invite that was live when it arrived; then one use fewer is left.
 * Part of the transaction that commits the message it came with. How long it takes does not tell
 * which invite it was, or whether any.
 */
export function redeemInvite(
  tx: Transactor,
  core: Pick<Core, 'own'>,
  shown: { readonly sender: AccountId; readonly proof: Bytes; readonly arrivalMs: number },
): boolean {
  const between = { sender: shown.sender, recipient: core.own.account }
  const matches = tx.invites
    .all()
    .filter(({ secret }) => equalBytes(inviteProof(secret, between), shown.proof))
  const [invite] = matches
  if (invite === undefined || stateOf(invite, shown.arrivalMs) !== 'live') return false
  tx.invites.countDown(invite.id)
  return true
}

function stateOf(invite: Invite, nowMs: number): InviteState {
  if (invite.revoked) return 'revoked'
  if (invite.usesLeft !== null && invite.usesLeft <= 0) return 'used'
  return invite.expiresMs !== null && invite.expiresMs <= nowMs ? 'expired' : 'live'
}

function makeRoom(tx: Transactor, nowMs: number): void {
  const all = tx.invites.all()
  if (all.length < INVITES_MAX) return
  const over = all.find((invite) => stateOf(invite, nowMs) !== 'live')
  if (over === undefined) {
    throw new InputError(
      'content/invalid',
      `there are ${String(INVITES_MAX)} live invites already`,
      { fix: 'Revoke one first: sotto invite list, sotto invite revoke ID' },
    )
  }
  tx.invites.remove(over.id)
}

function findInvite(read: Pick<Reader, 'invites'>, written: string): Invite {
  const [found, other] =
    written.length < PREFIX_LENGTH_MIN
      ? []
      : read.invites.all().filter(({ id }) => id.startsWith(written))
  if (found === undefined || other !== undefined) {
    throw new NotFoundError('invite/unknown', `there is no invite ${written}`, {
      fix: 'See which there are: sotto invite list',
    })
  }
  return found
}

function inviteObject(core: Core, invite: Invite): InviteObject {
  const state = stateOf(invite, core.relayNowMs())
  return {
    id: invite.id,
    link: state === 'live' ? linkOf(core, invite) : null,
    state,
    uses: invite.uses,
    usesLeft: invite.usesLeft,
    expiresAt: invite.expiresMs === null ? null : timestamp(invite.expiresMs),
    createdAt: timestamp(invite.createdMs),
  }
}

function linkOf(core: Core, { secret }: Invite): string {
  const { own, account } = core
  return formatInviteLink({
    relay: account.relay,
    relayRootHash: sha256(own.relayRoot),
    certificateRootHash: sha256(account.certificateRoot),
    account: own.account,
    identityHash: sha256(own.identity.publicKey.serialize()),
    secret: new SecretBytes(secret),
  })
}
