import type { InviteObject } from '@sotto/client-core'

import type { Look } from '../../rows/look.js'
import { blankRow, paragraph, plainRow } from '../../rows/plain-row.js'
import { qrSize, qrSpans } from '../../rows/qr-rows.js'
import type { Row } from '../../rows/row.js'
import { qrModules } from '../../text/qr-modules.js'
import type { Words } from '../../words/words.js'
import { IDLE, WAITING } from '../answer.js'
import { ask, callOf } from '../effect.js'
import { withChanged, withOverlay } from '../editing.js'
import type { InvitesOverlay, ShownInvite } from '../overlay.js'
import type { UiState } from '../state.js'
import { step, type Step } from '../step.js'
import type { Surface } from '../surface.js'
import { toast } from '../toasts.js'
import { askedRows } from './asked.js'
import { movedIndex } from './choices.js'
import { lineRows } from './lines.js'
import type { OverlayPart } from './part.js'

const EMPTY: InvitesOverlay = {
  ...{ kind: 'invites', shown: undefined, invites: undefined, index: 0, asked: WAITING },
}

/** Makes a link and shows it. */
export function makeInvite(state: UiState): Step {
  return step(withOverlay(state, EMPTY), ask('invite.create', {}))
}

export function listInvites(state: UiState): Step {
  return step(withOverlay(state, EMPTY), ask('invite.list', {}))
}

/** The newest first; those that are over last. */
function inOrder(invites: readonly InviteObject[]): readonly InviteObject[] {
  const newest = invites.toReversed()
  return [
    ...newest.filter(({ state }) => state === 'live'),
    ...newest.filter(({ state }) => state !== 'live'),
  ]
}

function chosen({ shown, invites, index }: InvitesOverlay): InviteObject | undefined {
  return shown?.invite ?? invites?.[index]
}

function shownOf(invite: InviteObject): ShownInvite {
  return { invite, modules: invite.link === null ? undefined : qrModules(invite.link) }
}

function copied(state: UiState, invite: InviteObject | undefined, { words }: Surface): Step {
  if (invite?.link == null) return step(state)
  const { people } = words.screen
  return step(toast(state, people.inviteCopied, 'good'), { kind: 'copy', text: invite.link })
}

function revoking(state: UiState, invite: InviteObject | undefined, { words }: Surface): Step {
  if (invite?.state !== 'live') return step(state)
  const { revoke } = words.screen.people
  return step(
    withOverlay(state, {
      ...{ kind: 'confirm', title: revoke.title(invite.id), lines: revoke.lines, asked: IDLE },
      ...{ calls: [callOf('invite.revoke', { id: invite.id })], done: revoke.done(invite.id) },
    }),
  )
}

export const invitesPart: OverlayPart<InvitesOverlay> = {
  move: (state, overlay, by) => {
    const index = movedIndex(overlay.index, by, overlay.invites?.length ?? 0)
    return step(withChanged(state, overlay, { ...overlay, index: Math.max(0, index) }))
  },
  choose: (state, overlay) => {
    const invite = chosen(overlay)
    if (overlay.shown !== undefined || invite?.link == null) return step(state)
    return step(withChanged(state, overlay, { ...overlay, shown: shownOf(invite) }))
  },
  key: (state, overlay, chord, { surface }) => {
    const asking: InvitesOverlay = { ...overlay, shown: undefined, asked: WAITING }
    switch (chord) {
      case 'n':
        return step(withChanged(state, overlay, asking), ask('invite.create', {}))
      case 'l':
        return step(withChanged(state, overlay, asking), ask('invite.list', {}))
      case 'c':
        return copied(state, chosen(overlay), surface)
      case 'r':
        return revoking(state, chosen(overlay), surface)
      default:
        return undefined
    }
  },
  answer: (state, overlay, answer, surface) => {
    const idle: InvitesOverlay = { ...overlay, asked: IDLE }
    if (answer.method === 'invite.create') {
      const shown = shownOf(answer.result)
      return copied(withChanged(state, overlay, { ...idle, shown }), answer.result, surface)
    }
    if (answer.method === 'invite.list')
      return step(withChanged(state, overlay, { ...idle, invites: inOrder(answer.result) }))
    if (answer.method !== 'invite.revoke') return undefined
    const listed: InvitesOverlay = { ...overlay, shown: undefined }
    return step(withChanged(state, overlay, listed), ask('invite.list', {}))
  },
  refused: (state, overlay, { call, error }) =>
    call.method === 'invite.create' || call.method === 'invite.list'
      ? step(withChanged(state, overlay, { ...overlay, asked: { state: 'refused', error } }))
      : undefined,
  hint: ({ shown }, { screen }) =>
    shown === undefined ? screen.people.invitesHint : screen.people.inviteHint,
  view: (_state, overlay, { look, height, surface }) => {
    const { people } = surface.words.screen
    const { shown, invites, index, asked } = overlay
    const told = askedRows(asked, look, surface)
    if (shown !== undefined)
      return { title: people.inviteTitle, rows: linkRows(shown, look, height, surface.words) }
    if (invites === undefined) return { title: people.invitesTitle, rows: told }
    const lines = invites.map((invite) => ({
      left: invite.id,
      right: people.invite(termsOf(invite, surface.words)),
    }))
    const top = Math.max(0, Math.min(index - Math.floor(height / 2), lines.length - height))
    const rows = lineRows(lines.slice(top, top + height), index - top, look)
    const none = paragraph(people.noInvites, 'dim', look)
    return { title: people.invitesTitle, rows: [...(lines.length === 0 ? none : rows), ...told] }
  },
}

function termsOf({ state, uses, usesLeft, expiresAt }: InviteObject, words: Words) {
  const until = expiresAt === null ? undefined : words.moment(Date.parse(expiresAt))
  return { state, uses, usesLeft, until }
}

/** What it is for, the link, and below it the code if there is room for it. */
function linkRows(
  { invite, modules }: ShownInvite,
  look: Look,
  height: number,
  words: Words,
): readonly Row[] {
  const { people } = words.screen
  const above = [
    ...paragraph(people.inviteFor(termsOf(invite, words)), 'text', look),
    ...paragraph(invite.link ?? '', 'accent', look),
  ]
  if (modules === undefined) return above
  const code = qrSpans(modules, { columns: look.columns, rows: height - above.length })
  if (code !== undefined) return [...above, ...code.map((span) => plainRow([span], look))]
  const { columns, rows } = qrSize(modules)
  const needs = { columns, rows: rows + above.length + OUTSIDE_ROWS }
  return [...above, blankRow(look), ...paragraph(people.qrNeeds(needs), 'dim', look)]
}

/** The lines of the screen that an overlay leaves to others, and its own edges. */
export const OUTSIDE_ROWS = 4
