import { completionAt, type Completion } from '../composer/completion.js'
import { NAMED_EMOJI } from '../text/emoji-names.js'
import { namedCommands } from './commands/names.js'
import { fuzzyScore } from './fuzzy.js'
import { pathChoices, withFolder } from './path-choices.js'
import {
  openChat,
  withChat,
  type Chat,
  type CompletionChoice,
  type Popup,
  type UiState,
} from './state.js'
import type { CommandTable, Surface } from './surface.js'

/** How many are shown at a time. */
export const POPUP_ROWS_MAX = 6
const CHOICES_MAX = 60
/** `:p` and `:D` are faces by themselves. */
const EMOJI_QUERY_MIN = 2
const RECENT_MAX = 24
/** What was taken before is likelier than a name that fits somewhat better. */
const RECENT_SCORE = 300

/** The list that has the keys now. */
export function popupOf(state: UiState): Popup | undefined {
  const isWriting = state.focus === 'composer' && state.overlays.length === 0
  return isWriting ? openChat(state)?.popup : undefined
}

/**
 * The state with the list for what was typed: only while a word is being typed, not when the cursor
 * comes by, and not where it was closed.
 */
export function withPopup(state: UiState, before: UiState, surface: Surface): UiState {
  const chat = openChat(state)
  const was = state.open === undefined ? undefined : before.chats.get(state.open)
  const isSame = chat?.composer === was?.composer && state.folder === before.folder
  if (chat === undefined || isSame) return state
  const { kind } = chat.composer.last
  const isTyping = kind === 'typing' || kind === 'erasing'
  const completion = isTyping ? completionIn(chat, surface.commands) : undefined
  return withChoices(withFolder(state, completion), { chat, completion, surface })
}

function withChoices(
  state: UiState,
  shown: {
    readonly chat: Chat
    readonly completion: Completion | undefined
    readonly surface: Surface
  },
): UiState {
  const { chat, completion, surface } = shown
  const closedAt = completion?.range.start === chat.popupClosedAt ? chat.popupClosedAt : undefined
  const isOpen = completion !== undefined && closedAt === undefined
  const choices = isOpen ? choicesOf(state, completion, surface) : []
  const popup = isOpen && choices.length > 0 ? { completion, choices, index: 0 } : undefined
  if (popup === undefined && chat.popup === undefined && closedAt === chat.popupClosedAt)
    return state
  return withChat(state, (each): Chat => ({ ...each, popup, popupClosedAt: closedAt }))
}

/** What is edited is a message, whatever it begins with. */
function completionIn({ composer, editing }: Chat, table: CommandTable): Completion | undefined {
  const isEdit = editing !== undefined
  const pathCommands = isEdit ? [] : pathCommandsOf(table)
  const completion = completionAt(composer.draft, { pathCommands })
  return isEdit && completion?.kind === 'command' ? undefined : completion
}

/** As they are typed, those behind which a path is written. */
function pathCommandsOf(table: CommandTable): readonly string[] {
  return Object.values(table).flatMap(({ slash, takesPath }) =>
    slash !== undefined && takesPath === true ? [slash] : [],
  )
}

/** The emoji that was taken last comes first. */
export function withRecentEmoji(state: UiState, taken: string): UiState {
  const others = state.recentEmoji.filter((emoji) => emoji !== taken)
  return { ...state, recentEmoji: [taken, ...others].slice(0, RECENT_MAX) }
}

/** Those whose names fit to what is looked for, the likeliest first; all of them where nothing is. */
export function emojiChoices(state: UiState, query: string): readonly CompletionChoice[] {
  return query === '' ? emoji(state) : best(emoji(state), query)
}

/** Whether what is chosen stands in the draft as it is. */
export function isWritten({ composer }: Chat, { completion, choices, index }: Popup): boolean {
  const { start, end } = completion.range
  return composer.draft.text.slice(start, end) === choices[index]?.insert.trimEnd()
}

function choicesOf(
  state: UiState,
  { kind, query }: Completion,
  surface: Surface,
): readonly CompletionChoice[] {
  switch (kind) {
    case 'command':
      return best(commands(state, surface), query)
    case 'mention':
      return best(people(state), query)
    case 'emoji':
      return query.length < EMOJI_QUERY_MIN ? [] : best(emoji(state), query)
    case 'path':
      return pathChoices(state.folder, query).slice(0, CHOICES_MAX)
  }
}

interface Candidate extends CompletionChoice {
  /** All by which it is found. */
  readonly names: readonly string[]
  readonly bonus: number
}

function commands(state: UiState, { commands: table, words }: Surface): readonly Candidate[] {
  return namedCommands(table).flatMap((name): readonly Candidate[] => {
    const { slash, isEnabled } = table[name]
    if (slash === undefined || isEnabled?.(state) === false) return []
    const detail = words.screen.commands[name]
    return [{ insert: `/${slash} `, label: `/${slash}`, detail, names: [slash], bonus: 0 }]
  })
}

function people({ contacts }: UiState): readonly Candidate[] {
  return contacts.flatMap(({ handle, alias, name }): readonly Candidate[] => {
    if (handle === null) return []
    const names = [handle.slice(1), alias, name].filter((each) => each !== null)
    return [{ insert: `${handle} `, label: handle, detail: alias ?? name ?? '', names, bonus: 0 }]
  })
}

function emoji({ recentEmoji }: UiState): readonly Candidate[] {
  return NAMED_EMOJI.map(({ name, emoji: insert }) => ({
    ...{ insert, label: insert, detail: `:${name}:`, names: [name] },
    bonus: recentEmoji.includes(insert) ? RECENT_SCORE : 0,
  }))
}

/** Those that the query finds; one that is the query itself before all others. */
function best(candidates: readonly Candidate[], query: string): readonly CompletionChoice[] {
  const wanted = query.toLowerCase()
  return candidates
    .flatMap(({ names, bonus, ...choice }) => {
      const scores = names.flatMap((name) => {
        const score = fuzzyScore(wanted, name)
        if (score === undefined) return []
        return [name.toLowerCase() === wanted ? Infinity : score + bonus - name.length]
      })
      return scores.length === 0 ? [] : [{ choice, score: Math.max(...scores) }]
    })
    .sort((a, b) => b.score - a.score || 0)
    .slice(0, CHOICES_MAX)
    .map(({ choice }) => choice)
}
