import type { ReactionObject } from '@sotto/client-core'

import { senderName } from '../text/messages.js'
import { safeLine } from '../text/safe-text.js'
import { shortAccount } from '../text/short-account.js'
import { buildRow, clipSpans } from './build-row.js'
import type { Entry } from './entry.js'
import { indentOf, type Look } from './look.js'
import { BOLD, type Row, type Span } from './row.js'
import { clipText, spansWidth } from './wrap.js'

type MessageEntry = Extract<Entry, { readonly kind: 'message' }>

/** Those who reacted alike. */
interface Chip {
  readonly emoji: string
  readonly senders: readonly ReactionObject['sender'][]
}

/** Behind all lines of a text, as anchors count them. */
const LINE_BELOW = 1_000_000_000
/** An emoji is two; the name of one that the terminal cannot draw is longer. */
const EMOJI_COLUMNS_MAX = 16
const GAP: Span = { text: '  ', role: 'text' }

/** One row: `👍 2  ❤ @bob`, one's own in brackets; those that find no room are counted at its end. */
export function reactionRows(entry: MessageEntry, look: Look): readonly Row[] {
  const { reactions = [], deleted } = entry.object.message
  if (reactions.length === 0 || deleted === true) return []
  const all = chipsOf(reactions).map((chip) => chipSpan(chip, entry, look))
  const spans = fitting(all, look)
  const anchor = { entry: entry.id, line: LINE_BELOW, at: 0 }
  return [buildRow({ kind: 'reactions', spans, anchor }, look)]
}

/** The most common first, then in the order in which they came. */
function chipsOf(reactions: readonly ReactionObject[]): readonly Chip[] {
  const chips = new Map<string, ReactionObject[]>()
  for (const reaction of reactions) {
    const key = sameEmoji(reaction.emoji)
    const alike = chips.get(key)
    if (alike === undefined) chips.set(key, [reaction])
    else alike.push(reaction)
  }
  return [...chips.values()]
    .map((alike): Chip => ({
      emoji: alike[0]?.emoji ?? '',
      senders: alike.map(({ sender }) => sender),
    }))
    .sort((one, other) => other.senders.length - one.senders.length)
}

/** Two that differ only in how they are asked to be drawn are one. */
export function sameEmoji(emoji: string): string {
  return emoji.replaceAll(/[\ufe0e\ufe0f]/g, '')
}

/** Who it was where it was one, else how many; in brackets where one is oneself. */
function chipSpan({ emoji, senders }: Chip, { object }: MessageEntry, look: Look): Span {
  const { widths, signs, columns } = look
  const picture = clipText(shownEmoji(emoji, look), EMOJI_COLUMNS_MAX, widths.of, signs.more)
  const [only] = senders
  const who =
    senders.length > 1 || only === undefined
      ? String(senders.length)
      : widths.shown(shortAccount(senderName(only, object.conversation)))
  const said = clipText(`${picture} ${who}`, Math.floor(columns / 2), widths.of, signs.more)
  const isOwn = senders.some(({ self }) => self)
  return isOwn ? { text: `[${said}]`, role: 'own', marks: BOLD } : { text: said, role: 'dim' }
}

/** What somebody has sent as an emoji, safe to print; never nothing. */
export function shownEmoji(emoji: string, { widths }: Look): string {
  const shown = widths.shown(safeLine(emoji)).trim()
  return shown === '' ? '?' : shown
}

function fitting(chips: readonly Span[], look: Look): readonly Span[] {
  const indent: Span = { text: ' '.repeat(indentOf(look)), role: 'text' }
  const widthOf = (spans: readonly Span[]): number => spansWidth(spans, look.widths.of)
  const shown: Span[] = [indent]
  for (const [at, chip] of chips.entries()) {
    const left = chips.length - at
    const gap = at === 0 ? [] : [GAP]
    const rest: readonly Span[] = left > 1 ? [GAP, moreSpan(left - 1)] : []
    if (widthOf([...shown, ...gap, chip, ...rest]) > look.columns)
      return clipSpans([...shown, ...gap, moreSpan(left)], look.columns, look)
    shown.push(...gap, chip)
  }
  return shown
}

const moreSpan = (count: number): Span => ({ text: `+${String(count)}`, role: 'dim' })
