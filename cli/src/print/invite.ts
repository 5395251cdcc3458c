import type { InviteObject } from '@sotto/client-core'
import type { Look } from '@sotto/tui'

/** The link alone stands in a line of its own: people copy it. */
export function renderNewInvite(
  invite: InviteObject,
  shown: { readonly code: readonly string[]; readonly watched: boolean },
  look: Look,
): string {
  const about = shown.watched ? [renderInvite(invite, look)] : []
  return [...about, ...shown.code, invite.link ?? ''].join('\n')
}

/** `i_3f9a1c0b77  live  1 use left  until 2026-11-07T08:12:04.512Z` */
export function renderInvite(invite: InviteObject, { paint }: Look): string {
  const { id, state, usesLeft, expiresAt } = invite
  const left = usesLeft === 1 ? '1 use left' : `${String(usesLeft)} uses left`
  return [
    paint.bold(id),
    state === 'live' ? paint.good(state) : paint.dim(state),
    usesLeft === null ? 'any number of uses' : left,
    expiresAt === null ? 'never expires' : `until ${expiresAt}`,
  ].join('  ')
}
