import type { ContactObject } from '@sotto/client-core'

import { IDLE, WAITING } from '../answer.js'
import { ask } from '../effect.js'
import { withChanged, withoutOverlay, withTop } from '../editing.js'
import { fuzzyScore } from '../fuzzy.js'
import { openConversationById } from '../list.js'
import { emptyQuery, type MeetOverlay } from '../overlay.js'
import { type as typed } from '../../composer/composer.js'
import type { UiState } from '../state.js'
import { step, then, type Step } from '../step.js'
import type { Words } from '../../words/words.js'
import { askedRows } from './asked.js'
import { choicesView, movedIndex, type Choice } from './choices.js'
import type { OverlayPart } from './part.js'

type Person =
  /** Whoever is meant by what is written, asked for at the relay. */
  | { readonly kind: 'written'; readonly to: string }
  /** Oneself: what is written there are notes. */
  | { readonly kind: 'self' }
  | {
      readonly kind: 'contact'
      readonly contact: ContactObject
    }

/** What is written, as the core is told it; undefined: it is no username, account or link. */
export function recipientIn(written: string): string | undefined {
  const text = written.trim()
  if (/^(acct:|sotto:)/.test(text) || /^@\S+\.\S+$/.test(text)) return text
  return /^[^\s@:/]+\.\d+$/.test(text) ? `@${text}` : undefined
}

/** `me`, or one's own username or account, however much of the sign in front is written. */
function isSelf({ account }: Pick<UiState, 'account'>, written: string): boolean {
  const wanted = written.trim().toLowerCase()
  const own = account.username?.toLowerCase()
  return ['me', own, `@${own ?? 'me'}`, `acct:${account.id}`].includes(wanted)
}

/** They may not have been begun yet: then that is asked for, and they are opened when they are there. */
function openNotes(state: UiState): Step {
  const notes = state.conversations.find(({ kind }) => kind === 'self')
  if (notes !== undefined) return openConversationById(state, notes.id)
  return step(state, ask('conversation.unarchive', { conversation: 'me' }))
}

/** Asks for somebody at once, where there is something to ask for. */
export function meet(state: UiState, written: string): Step {
  const query = written === '' ? emptyQuery() : typed(emptyQuery(), written)
  if (isSelf(state, written)) return openNotes(state)
  const overlay: MeetOverlay = { kind: 'meet', query, index: 0, asked: IDLE }
  const opened: UiState = { ...state, overlays: [...state.overlays, overlay] }
  const to = recipientIn(written)
  return to === undefined ? step(opened) : lookUp(opened, overlay, to)
}

function lookUp(state: UiState, overlay: MeetOverlay, to: string): Step {
  const waiting = withChanged(state, overlay, { ...overlay, asked: WAITING })
  return step(waiting, ask('contact.add', { to }))
}

/** What is written first, then contacts, those nobody has written to before the others. */
function people(state: UiState, { query }: MeetOverlay): readonly Person[] {
  const text = query.draft.text.trim()
  const to = isSelf(state, text) ? undefined : recipientIn(text)
  const listed = new Set(state.conversations.map(({ id }) => id))
  const found = state.contacts
    .filter(({ blocked, trust }) => !blocked && trust !== 'request')
    .flatMap((contact) => {
      const { alias, handle, name } = contact
      const score = fuzzyScore(
        text,
        [handle, alias, name].filter((each) => each !== null).join(' '),
      )
      return score === undefined ? [] : [{ contact, score }]
    })
    .sort((a, b) => b.score - a.score)
    .map(({ contact }): Person => ({ kind: 'contact', contact }))
  const isNew = (person: Person): boolean =>
    person.kind === 'contact' && !listed.has(person.contact.conversation.id)
  const written: readonly Person[] = to === undefined ? [] : [{ kind: 'written', to }]
  const self: readonly Person[] = isSelf(state, text) ? [{ kind: 'self' }] : []
  return [...self, ...written, ...found.filter(isNew), ...found.filter((person) => !isNew(person))]
}

function choiceOf(person: Person, { screen }: Words): Choice {
  if (person.kind === 'self') return { left: [{ text: screen.notes, role: 'name' }] }
  if (person.kind === 'written')
    return { left: [{ text: screen.people.lookUp(shortly(person.to)), role: 'accent' }] }
  const { conversation, name } = person.contact
  return {
    left: [{ text: conversation.name, role: 'name' }],
    right: name === null ? [] : [{ text: name, role: 'dim' }],
  }
}

/** An invite link is long, and what matters of it is the relay. */
function shortly(to: string): string {
  return to.startsWith('sotto:') ? to.replace(/#.*$/s, '#…') : to
}

export const meetPart: OverlayPart<MeetOverlay> = {
  move: (state, overlay, by) => {
    const count = people(state, overlay).length
    return step(withTop(state, { ...overlay, index: movedIndex(overlay.index, by, count) }))
  },
  choose: (state, overlay) => {
    if (overlay.asked.state === 'waiting') return step(state)
    const person = people(state, overlay)[overlay.index]
    switch (person?.kind) {
      case undefined:
        return step(state)
      case 'self':
        return openNotes(withoutOverlay(state, overlay))
      case 'written':
        return lookUp(state, overlay, person.to)
      case 'contact': {
        const closed = withoutOverlay(state, overlay)
        return openConversationById(closed, person.contact.conversation.id)
      }
    }
  },
  answer: (state, overlay, answer) => {
    if (answer.method !== 'contact.add' || !isAwaited(overlay, answer.params)) return undefined
    const { id } = answer.result.conversation
    const listed = step(withoutOverlay(state, overlay), { kind: 'load-list' })
    return then(listed, (before) => openConversationById(before, id))
  },
  refused: (state, overlay, { call, error }) =>
    call.method === 'contact.add' && isAwaited(overlay, call.params)
      ? step(withChanged(state, overlay, { ...overlay, asked: { state: 'refused', error } }))
      : undefined,
  hint: (_overlay, { screen }) => screen.people.meetHint,
  view: (state, overlay, { look, height, surface }) => {
    const { people: said, nothingFound } = surface.words.screen
    const { query, index, asked } = overlay
    const found = asked.state === 'waiting' ? [] : people(state, overlay)
    const isEmpty = query.draft.text.trim() === ''
    const { rows, ...view } = choicesView({
      ...{ title: said.meetTitle, query, index, look, height },
      choices: found.map((person) => choiceOf(person, surface.words)),
      empty:
        isEmpty || asked.state !== 'idle' ? said.meetHelp : `${nothingFound}. ${said.meetHelp}`,
    })
    const told = askedRows(asked, look, surface, said.lookingUp)
    return { ...view, rows: [...rows.slice(0, 1), ...told, ...rows.slice(1)] }
  },
}

/** What was asked before the person thought better of it opens nobody and fails nothing. */
function isAwaited({ asked, query }: MeetOverlay, { to }: { readonly to: string }): boolean {
  return asked.state === 'waiting' && recipientIn(query.draft.text) === to
}
