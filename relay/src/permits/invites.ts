import {
  INVITE_ERRAND_BYTES,
  INVITE_LEAVE_KEY_BYTES,
  OUTBOX_DAYS_MAX,
  concatBytes,
  errandTarget,
  ownBytes,
  utf8,
  wire,
  type Bytes,
} from '@sotto/protocol'
import { DONE, INVALID, refusal, type Answer } from '../answers.js'
import type { Context, Session } from '../context.js'
import { dayOf } from '../ports.js'
import { sha256 } from '../sha256.js'
import { errandOf } from './spend.js'

const HASH_BYTES = 32
const SPENT_LABEL = utf8('sotto invite spent 1')

/**
 * Takes the account's invites in place of those it had: each is leave for as many errands as it has
 * uses. The same again changes nothing.
 */
export async function publishInvites(
  { commits, limits }: Pick<Context, 'commits' | 'limits'>,
  { account }: Session,
  { invites }: wire.PublishInvites,
): Promise<Answer> {
  if (invites.length > limits.accountInvites) return refusal(wire.ErrorCode.TOO_LARGE)
  if (invites.some(({ hash }) => hash.length !== HASH_BYTES)) return INVALID
  await commits.change('publish-invites', {
    account,
    invites: invites.map(({ hash, usesLeft, expiresDay }) => ({
      hash: ownBytes(hash),
      usesLeft: usesLeft === 0 ? undefined : usesLeft,
      lastDay: expiresDay === 0 ? undefined : expiresDay,
    })),
  })
  return DONE
}

/**
 * True once it is on disk that an invite of `account` goes to this errand, which is like a permit's: an
 * hour, with so many submissions, granted again for the same request. Of an invite that is unknown, used
 * up or over, and of an account that is not there, nothing is written, and each takes the same reads.
 */
export async function spendInvite(
  { store, commits, clock }: Pick<Context, 'store' | 'commits' | 'clock'>,
  shown: { readonly key: Bytes; readonly errand: Bytes },
  { account, request }: { readonly account: Bytes; readonly request: Bytes | undefined },
): Promise<boolean> {
  const { key, errand } = shown
  if (key.length !== INVITE_LEAVE_KEY_BYTES || errand.length !== INVITE_ERRAND_BYTES) return false
  const nowMs = clock.nowMs()
  const inviteHash = sha256(key)
  const today = dayOf(nowMs)
  const spending = {
    ...errandOf(sha256(concatBytes(SPENT_LABEL, inviteHash, account, errand)), {
      ...{ target: errandTarget({ account }), request, nowMs },
      day: today + OUTBOX_DAYS_MAX, // As long as anybody tries again.
    }),
    ...{ account, inviteHash, today },
  }
  if (!(await store.grantsInvite(spending))) return false
  return (await commits.change('spend-invite', spending)) === 'granted'
}
