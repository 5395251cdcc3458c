import type { NamedCommand } from '../../words/commands-en.js'
import { DESTINATION_GROUPS, type DestinationGroup } from '../../words/palette-words.js'
import { calledOf } from '../called.js'
import { namedCommands } from '../commands/names.js'
import { fuzzyScore } from '../fuzzy.js'
import { bindingsOf, chordsOf } from '../keymap.js'
import { openConversationById } from '../list.js'
import { keyFor } from '../own-keys.js'
import { SETTING_NAMES } from '../setting-names.js'
import { openSettings, set, settingValue } from '../setting.js'
import { THEMES } from '../settings.js'
import type { UiState } from '../state.js'
import { step, type Step } from '../step.js'
import type { CommandTable, Invocation, Surface } from '../surface.js'
import type { Choice } from './choices.js'

/** One thing that the palette leads to. */
export interface Destination extends Choice {
  /** The same for as long as there is such a thing. */
  readonly key: string
  readonly group: DestinationGroup
  readonly text: string
  readonly go: (state: UiState, invocation: Invocation) => Step
}

const SHOWN_MAX = 200
/** Of what was taken last, without a query. */
const RECENT_SHOWN_MAX = 3
const RECENT_MAX = 10
/** What was taken lately comes before what is found as well; not before what is found better. */
const RECENT_SCORE = 50

/** All that is found: the group with the best first, in each the best first. */
export function destinations(
  state: UiState,
  typed: string,
  surface: Surface,
): readonly Destination[] {
  const all = [
    ...conversationsOf(state, surface),
    ...contactsOf(state, surface),
    ...commandsOf(state, surface),
    ...settingsOf(state, surface),
  ]
  return (typed === '' ? unasked(state, all) : found(state, typed, all)).slice(0, SHOWN_MAX)
}

/** Something was gone to. */
export function withRecent(state: UiState, { key }: Pick<Destination, 'key'>): UiState {
  const others = state.recentDestinations.filter((each) => each !== key)
  return { ...state, recentDestinations: [key, ...others].slice(0, RECENT_MAX) }
}

function unasked(
  { recentDestinations }: UiState,
  all: readonly Destination[],
): readonly Destination[] {
  const recent = recentDestinations
    .flatMap((key) => all.filter((each) => each.key === key))
    .slice(0, RECENT_SHOWN_MAX)
  const others = all.filter((each) => !recent.includes(each))
  return [...recent.map((each) => ({ ...each, group: 'recent' as const })), ...others]
}

function found(
  { recentDestinations }: UiState,
  typed: string,
  all: readonly Destination[],
): readonly Destination[] {
  const scored = all.flatMap((destination) => {
    const score = fuzzyScore(typed, destination.text)
    const bonus = recentDestinations.includes(destination.key) ? RECENT_SCORE : 0
    return score === undefined ? [] : [{ destination, score: score + bonus }]
  })
  const groups = DESTINATION_GROUPS.map((group) =>
    scored
      .filter(({ destination }) => destination.group === group)
      .sort((a, b) => b.score - a.score),
  )
  const best = (group: (typeof groups)[number]): number => group[0]?.score ?? 0
  const sorted = groups.sort((a, b) => best(b) - best(a))
  return sorted.flat().map(({ destination }) => destination)
}

function conversationsOf(state: UiState, { words }: Surface): readonly Destination[] {
  return state.conversations.map((conversation) => {
    const { id, kind, name, unread } = conversation
    const { text: called, isClaimed } = calledOf(state, conversation, words)
    // Found by the account, too.
    const text = kind === 'self' || called === name ? called : `${called} ${name}`
    return {
      ...{ key: id, group: 'conversations', text },
      left: [{ text: called, role: isClaimed ? 'warn' : 'name' }],
      right: unread > 0 ? [{ text: String(unread), role: 'badge' }] : [],
      go: (before) => openConversationById(before, id),
    }
  })
}

/** Those with whom there is no conversation yet. */
function contactsOf(state: UiState, { words }: Surface): readonly Destination[] {
  const isThere = new Set(state.conversations.map(({ id }) => id))
  return state.contacts
    .filter(({ conversation }) => !isThere.has(conversation.id))
    .map(({ conversation: { id, name } }) => ({
      ...{ key: id, group: 'contacts', text: name, left: [{ text: name, role: 'name' }] },
      right: [{ text: words.screen.contact, role: 'dim' }],
      go: (before) => openConversationById(before, id),
    }))
}

function commandsOf(state: UiState, { words, commands }: Surface): readonly Destination[] {
  const bindings = bindingsOf(state.settings)
  return namedCommands(commands)
    .filter((name) => isOffered(state, name, commands))
    .map((name) => {
      const text = words.screen.commands[name]
      const chord = keyFor(bindings, state.focus, name) ?? chordsOf(bindings, name)[0]
      return {
        ...{ key: name, group: 'commands', text, left: [{ text, role: 'text' }] },
        right: chord === undefined ? [] : [{ text: words.screen.chord(chord), role: 'dim' }],
        go: (before, invocation) => commands[name].run(before, invocation),
      }
    })
}

function isOffered(state: UiState, name: NamedCommand, table: CommandTable): boolean {
  const { isPlain, isEnabled } = table[name]
  if (isPlain === true || name === 'palette.open' || isEnabled?.(state) === false) return false
  return !SETTING_NAMES.some((setting) => name === `settings.${setting}`)
}

/** Each with its value, and each theme. */
function settingsOf(state: UiState, { words: { screen } }: Surface): readonly Destination[] {
  const { settings } = screen
  const settingsThere = SETTING_NAMES.map((name): Destination => {
    const value = settings.value(name, settingValue(state, name))
    const text = `${settings.title}: ${settings.names[name]}`
    return {
      ...{ key: `setting ${name}`, group: 'settings', text, left: [{ text, role: 'text' }] },
      right: [{ text: value, role: 'dim' }],
      go: (before) => openSettings(before, name),
    }
  })
  const themes = [...THEMES, ...state.themes.names].map((theme): Destination => {
    const text = `${settings.names.theme}: ${theme}`
    return {
      ...{ key: `theme ${theme}`, group: 'settings', text, left: [{ text, role: 'text' }] },
      go: (before) => set(before, 'theme', theme) ?? step(before),
    }
  })
  return [...settingsThere, ...themes]
}
