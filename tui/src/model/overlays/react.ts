import { isEmoji } from '@sotto/protocol'

import type { ShownMessage } from '../../rows/entry.js'
import { sameEmoji, shownEmoji } from '../../rows/reactions.js'
import type { Look } from '../../rows/look.js'
import type { MessageWords } from '../../words/message-words.js'
import { messageOf } from '../chat.js'
import { emojiChoices } from '../completing.js'
import { withChanged, withoutOverlay } from '../editing.js'
import { ownReaction } from '../meant-message.js'
import type { ReactOverlay } from '../overlay.js'
import { QUICK_EMOJI, react, withoutColons } from '../reacting.js'
import { openChat, type UiState } from '../state.js'
import { step, type Step } from '../step.js'
import { choicesView, movedIndex, type Choice } from './choices.js'
import { titleParts } from './message-title.js'
import type { OverlayPart } from './part.js'

interface Offer {
  readonly emoji: string
  readonly name: string
  readonly heading: string
  /** The digit that takes it. */
  readonly digit?: string
}

function lineOf(state: UiState, { message }: ReactOverlay): ShownMessage | undefined {
  const chat = openChat(state)
  return chat && messageOf(chat, message)
}

/** One's own to be taken back, the quick ones, the last ones, all of them; or those that fit to what is typed. */
function offers(
  state: UiState,
  overlay: ReactOverlay,
  { headings, takeBack, typed }: MessageWords['react'],
): readonly Offer[] {
  const query = withoutColons(overlay.query.draft.text.trim())
  const named = emojiChoices(state, query).map(({ insert, detail }): Offer => {
    return { emoji: insert, name: detail, heading: headings.all }
  })
  const quick = QUICK_EMOJI.map(({ emoji, name }, at): Offer => {
    return { emoji, name: `:${name}:`, heading: headings.quick, digit: String(at + 1) }
  })
  if (query !== '') {
    const written: readonly Offer[] = isEmoji(query)
      ? [{ emoji: query, name: typed, heading: headings.all }]
      : []
    const known = quick.filter(({ name }) => name.includes(query.toLowerCase()))
    const all = [
      ...written,
      ...known.map(({ emoji, name }) => ({ emoji, name, heading: headings.all })),
    ]
    return [...all, ...named.filter((each) => !isIn(all, each.emoji))]
  }
  const line = lineOf(state, overlay)
  const own = line && ownReaction(line)
  const lately = state.recentEmoji
    .filter((emoji) => !isIn(quick, emoji))
    .map((emoji): Offer => {
      const name = named.find((each) => each.emoji === emoji)?.name ?? ''
      return { emoji, name, heading: headings.lately }
    })
  const mine: readonly Offer[] =
    own === undefined ? [] : [{ emoji: own, name: takeBack, heading: headings.own }]
  return [...mine, ...quick, ...lately, ...named]
}

function isIn(all: readonly Offer[], emoji: string): boolean {
  return all.some((each) => sameEmoji(each.emoji) === sameEmoji(emoji))
}

function taken(state: UiState, overlay: ReactOverlay, emoji: string): Step {
  const line = lineOf(state, overlay)
  const closed = withoutOverlay(state, overlay)
  return line === undefined ? step(closed) : react(closed, line, emoji)
}

export const reactPart: OverlayPart<ReactOverlay> = {
  move: (state, overlay, by, { words }) => {
    const count = offers(state, overlay, words.screen.message.react).length
    const index = movedIndex(overlay.index, by, count)
    return step(withChanged(state, overlay, { ...overlay, index }))
  },
  choose: (state, overlay, { surface }) => {
    const all = offers(state, overlay, surface.words.screen.message.react)
    const chosen = all[overlay.index]
    return chosen === undefined ? step(state) : taken(state, overlay, chosen.emoji)
  },
  text: (state, overlay, typed, { words }) => {
    if (overlay.query.draft.text !== '') return undefined
    const quick = offers(state, overlay, words.screen.message.react)
    const meant = quick.find(({ digit }) => digit === typed)
    return meant === undefined ? undefined : taken(state, overlay, meant.emoji)
  },
  hint: (_overlay, { screen }) => screen.message.react.hint,
  view: (state, overlay, { look, height, surface }) => {
    const { words } = surface
    const { react: said } = words.screen.message
    const line = lineOf(state, overlay)
    const { who, said: excerpt } =
      line === undefined ? { who: '', said: '' } : titleParts(line, words)
    const choices = offers(state, overlay, said).map((offer) => choiceOf(offer, look))
    return choicesView({
      ...{ title: said.title(who, excerpt), query: overlay.query, index: overlay.index },
      ...{ choices, empty: words.screen.nothingFound, look, height },
    })
  },
}

function choiceOf({ emoji, name, heading, digit }: Offer, look: Look): Choice {
  return {
    heading,
    left: [
      { text: `${digit ?? ' '} `, role: 'dim' },
      { text: shownEmoji(emoji, look), role: 'text' },
      { text: `  ${name}`, role: 'dim' },
    ],
  }
}
