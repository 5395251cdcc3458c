import { emojiFallback } from './emoji-fallback.js'
import {
  emojiClassOf,
  graphemesOf,
  isPlain,
  isSeparate,
  sumOfCharacters,
  type EmojiClass,
} from './graphemes.js'

/**
 * By how many columns a terminal moves its cursor for emoji of each class. Undefined: it did not say,
 * or not the same for two of a class.
 */
export type Probed = Readonly<Record<EmojiClass, number | undefined>>

/** How many columns a grapheme takes. */
export type WidthOf = (grapheme: string) => number

/** What is laid out for one terminal is laid out with these. */
export interface Widths {
  readonly of: WidthOf
  /**
   * A text as this terminal can show it: where what it draws and how far it moves its cursor differ,
   * a picture becomes `:its-name:` or is left to the style of text. What shows nothing is left out,
   * and marks beyond 8 on one character, which would be drawn over other rows. Do this before
   * measuring.
   */
  readonly shown: (text: string) => string
  /** Equal for terminals that are laid out for alike. */
  readonly key: string
}

/** As Unicode has it: a picture is two columns, however it is put together. */
export const STANDARD: Probed = { vs16: 2, keycap: 2, skinTone: 2, zwj: 2, flag: 2 }
/** A terminal that did not answer: pictures that every one is agreed about, and names for the rest. */
export const UNPROBED: Probed = {
  ...{ vs16: undefined, keycap: undefined, skinTone: undefined, zwj: undefined },
  flag: undefined,
}

const MARKS_MAX = 8
/** Soft hyphens, fillers and the like: shown as nothing by some terminals, as a blank by others. */
const INVISIBLE =
  /\u00ad|\u034f|\u115f|\u1160|\u17b4|\u17b5|[\u180b-\u180f]|\u2065|\u3164|\uffa0|[\ufff0-\ufff8]|[\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}\u{e0002}-\u{e001f}]|[\u{e0080}-\u{e0fff}]/gu

export function makeWidthOf(probed: Probed): WidthOf {
  return (grapheme) => {
    if (isPlain(grapheme)) return grapheme.length
    const emoji = emojiClassOf(grapheme)
    if (emoji === undefined) return sumOfCharacters(grapheme)
    const width = probed[emoji]
    // A terminal that draws two joined pictures as two draws more of them as more.
    if (width === undefined || (emoji === 'zwj' && width > 2)) return sumOfCharacters(grapheme)
    return width
  }
}

export function makeWidths(probed: Probed): Widths {
  const show = (grapheme: string) => showGrapheme(grapheme, probed)
  return {
    of: makeWidthOf(probed),
    shown: (text) => {
      if (isSeparate(text)) return text
      return graphemesOf(text.replace(INVISIBLE, '')).map(show).join('')
    },
    key: Object.values(probed).map(String).join(','),
  }
}

function showGrapheme(grapheme: string, probed: Probed): string {
  if (isSeparate(grapheme)) return grapheme
  const emoji = emojiClassOf(grapheme)
  if (emoji === undefined) return showCharacters(grapheme)
  const isTrusted = probed[emoji] === 2 && isKnownEmoji(grapheme)
  return isTrusted ? grapheme : boundMarks(emojiFallback(grapheme, emoji))
}

let known: RegExp | undefined // Made when it is needed: its table is large.

/** Those that fonts have (Unicode UTS #51): what else is put together alike is drawn as its parts. */
function isKnownEmoji(grapheme: string): boolean {
  known ??= new RegExp('^\\p{RGI_Emoji}$', 'v')
  return known.test(grapheme)
}

/** A mark or a joiner with nothing before it would be drawn into whatever stands to its left. */
function showCharacters(grapheme: string): string {
  const region = /^\u{1f3f4}([\u{e0020}-\u{e007e}]+)\u{e007f}/u.exec(grapheme)
  if (region?.[1] !== undefined) return `:flag-${untag(region[1])}:`
  const visible = grapheme.replace(/[\u{e0001}\u{e0020}-\u{e007f}]/gu, '')
  const begun = visible
    .replace(/^(?:\u200c|\u200d|[\ufe00-\ufe0f])+/u, '')
    .replace(/^\p{RI}/u, letterOf)
    .replace(/^\p{Emoji_Modifier}/u, toneOf)
  const toneless = begun.replace(/(?<=.)\p{Emoji_Modifier}/gsu, '')
  const text = /\p{Emoji}/u.test(toneless) ? toneless.replace(/[\ufe0e\ufe0f]/gu, '') : toneless
  return boundMarks(/^\p{M}/u.test(text) ? `\u25cc${text}` : text)
}

function boundMarks(text: string): string {
  if (text.length <= MARKS_MAX) return text
  let marks = 0
  return Array.from(text)
    .filter((character) => !/\p{M}/u.test(character) || ++marks <= MARKS_MAX)
    .join('')
}

/** The letters that the tags of a region's flag stand for: `gbeng`. */
function untag(tags: string): string {
  return Array.from(tags, (tag) => String.fromCodePoint((tag.codePointAt(0) ?? 0) - 0xe0000))
    .join('')
    .replace(/[^a-z0-9]/g, '')
}

/** Half a flag: the letter it stands for. */
function letterOf(indicator: string): string {
  return String.fromCodePoint((indicator.codePointAt(0) ?? 0) - 0x1f1e6 + 0x41)
}

/** A tone without a picture would colour whatever stands before it. */
function toneOf(modifier: string): string {
  return `:tone${(modifier.codePointAt(0) ?? 0) - 0x1f3fa}:`
}
