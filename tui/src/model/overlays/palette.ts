import type { SearchObject } from '@sotto/client-core'

import { bindingsOf, chordsOf } from '../keymap.js'
import { namedCommands } from '../commands/names.js'
import type { NamedCommand } from '../../words/commands-en.js'
import type { CommandTable, Invocation, Surface } from '../surface.js'
import { withoutTop, withTop } from '../editing.js'
import { goToHit } from '../everywhere.js'
import { fuzzyScore } from '../fuzzy.js'
import { openConversationById } from '../list.js'
import type { PaletteOverlay } from '../overlay.js'
import type { UiState } from '../state.js'
import { step, type Step } from '../step.js'
import { choicesView, movedIndex, type Choice } from './choices.js'
import { hitChoice } from './everywhere.js'
import type { OverlayPart } from './part.js'

/** One thing that the palette leads to. */
interface Destination extends Choice {
  readonly text: string
  readonly go: (state: UiState, invocation: Invocation) => Step
}

const SHOWN_MAX = 200

/** Conversations, contacts without one, and commands, the best found first. */
function destinations(
  state: UiState,
  { query }: PaletteOverlay,
  { words, commands: table }: Surface,
): readonly Destination[] {
  const conversations = state.conversations.map(({ id, kind, name, unread }): Destination => {
    const text = kind === 'self' ? words.screen.notes : name
    return {
      text,
      left: [{ text, role: 'name' }],
      right: unread > 0 ? [{ text: String(unread), role: 'badge' }] : [],
      go: (before) => openConversationById(before, id),
    }
  })
  const isThere = new Set(state.conversations.map(({ id }) => id))
  const contacts = state.contacts
    .filter(({ conversation }) => !isThere.has(conversation.id))
    .map(({ conversation: { id, name } }): Destination => ({
      text: name,
      left: [{ text: name, role: 'name' }],
      right: [{ text: words.screen.contact, role: 'dim' }],
      go: (before) => openConversationById(before, id),
    }))
  const bindings = bindingsOf(state.settings)
  const commands = namedCommands(table)
    .filter((name) => isOffered(state, name, table))
    .map((name): Destination => {
      const text = words.screen.commands[name]
      const [chord] = chordsOf(bindings, name)
      return {
        text,
        left: [{ text, role: 'text' }],
        right: chord === undefined ? [] : [{ text: words.screen.chord(chord), role: 'dim' }],
        go: (before, invocation) => table[name].run(before, invocation),
      }
    })
  const typed = query.draft.text.trim()
  return [...conversations, ...contacts, ...commands]
    .flatMap((destination) => {
      const score = fuzzyScore(typed, destination.text)
      return score === undefined ? [] : [{ destination, score }]
    })
    .sort((a, b) => b.score - a.score)
    .slice(0, SHOWN_MAX)
    .map(({ destination }) => destination)
}

/** The messages in which it was found stand below what is called so. */
function hitsOf({ hits }: PaletteOverlay): readonly SearchObject[] {
  return hits.state === 'found' ? hits.all : []
}

function isOffered(state: UiState, name: NamedCommand, table: CommandTable): boolean {
  const { isPlain, isEnabled } = table[name]
  return isPlain !== true && name !== 'palette.open' && isEnabled?.(state) !== false
}

export const palettePart: OverlayPart<PaletteOverlay> = {
  move: (state, overlay, by, surface) => {
    const count = destinations(state, overlay, surface).length + hitsOf(overlay).length
    return step(withTop(state, { ...overlay, index: movedIndex(overlay.index, by, count) }))
  },
  choose: (state, overlay, invocation) => {
    const closed = withoutTop(state)
    const { surface } = invocation
    const all = destinations(closed, overlay, surface)
    const chosen = all[overlay.index]
    if (chosen !== undefined) return chosen.go(closed, invocation)
    const hit = hitsOf(overlay)[overlay.index - all.length]
    return hit === undefined ? step(closed) : goToHit(closed, hit, surface)
  },
  view: (state, overlay, { look, height, surface }) => {
    const { screen } = surface.words
    const { words } = surface
    const { nowMs } = state
    const hits = hitsOf(overlay).map((hit) => hitChoice(hit, { look, words, nowMs }))
    const choices = [...destinations(state, overlay, surface), ...hits]
    return choicesView({
      ...{ title: screen.paletteTitle, query: overlay.query, index: overlay.index, choices },
      ...{ empty: screen.nothingFound, look, height },
    })
  },
}
