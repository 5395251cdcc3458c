/**
 * What a reader takes for one character: a letter with its marks, a flag, an emoji with what a joiner
 * joins (Unicode UAX #29). Every width in this package is the width of such a grapheme, and nothing
 * ever cuts one.
 */
let segmenter: Intl.Segmenter | undefined // Made when it is needed: most commands never do.

/** Most texts are one column and one code unit a character, and are told apart sooner than the rest. */
const PLAIN = /^[ -~\u00a1-\u00ac\u00ae-\u02ff‘’“”…–—]*$/

/**
 * Letters of which each is a grapheme of one code unit, whatever stands beside it: Latin, Greek,
 * Cyrillic, Hebrew, Arabic, kana, ideographs, Hangul syllables, signs and frames. The segmenter is slow.
 */
const SEPARATE =
  /^[ -~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u05d0-\u05ea\u0620-\u064a\u1e00-\u1fff\u2010-\u2027\u2030-\u205e\u2190-\u2bff\u3000-\u3029\u3031-\u3096\u309b-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff9d]*$/

/** East Asian wide and fullwidth (Unicode UAX #11, 17.0), but for emoji. */
const WIDE =
  /^(?:[\u1100-\u115f\u2329\u232a\u2630-\u2637\u268a-\u268f\u2e80-\u303e\u3041-\u3247\u3250-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18df2}\u{18e00}-\u{191d2}\u{1aff0}-\u{1b2fb}\u{1d300}-\u{1d376}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation})/u

/** Takes no column of its own: marks, joiners, variation selectors, the tail of a Hangul syllable. */
const ZERO = /^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff\ud7b0-\ud7ff]/u

/** The kinds of emoji on whose width terminals disagree (measured; `probe.ts` asks). */
export type EmojiClass = 'vs16' | 'keycap' | 'skinTone' | 'zwj' | 'flag'

/** Whether every character of a text is one code unit in one column. */
export function isPlain(text: string): boolean {
  return PLAIN.test(text)
}

/**
 * Piece by piece: the segmenter takes longer for each character the longer the text is, and somebody
 * who means harm would hold up the screen for seconds. What a piece ends with may go on in the next.
 */
export function graphemesOf(text: string): readonly string[] {
  if (isSeparate(text)) return text.split('')
  const graphemes: string[] = []
  let [begin, units] = [0, PIECE_UNITS]
  while (begin < text.length) {
    const end = pieceEnd(text, begin + units)
    const whole = piecesOf(text.slice(begin, end))
    if (end < text.length) whole.pop()
    for (const grapheme of whole) {
      graphemes.push(grapheme)
      begin += grapheme.length
    }
    // One with thousands of marks goes on longer than a piece.
    units = whole.length === 0 ? units * 2 : PIECE_UNITS
  }
  return graphemes
}

const PIECE_UNITS = 512

/** Not between the halves of one character, which alone would be told apart otherwise. */
function pieceEnd(text: string, end: number): number {
  const before = text.charCodeAt(end - 1)
  return before >= 0xd800 && before <= 0xdbff ? end + 1 : end
}

function piecesOf(piece: string): string[] {
  if (isSeparate(piece)) return piece.split('')
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' })
  return Array.from(segmenter.segment(piece), ({ segment }) => segment)
}

/** Whether every character of a text is one code unit and none has to be shown otherwise. */
export function isSeparate(text: string): boolean {
  return SEPARATE.test(text)
}

/**
 * Undefined for what every terminal is agreed about. A flag of a region (England) is of no class: no
 * terminal is trusted with it.
 */
export function emojiClassOf(grapheme: string): EmojiClass | undefined {
  if (grapheme.length === 1) return undefined
  if (/^[\d#*]\ufe0f?\u20e3/u.test(grapheme)) return 'keycap'
  if (/^\p{RI}\p{RI}/u.test(grapheme)) return 'flag'
  if (!/^\p{Extended_Pictographic}/u.test(grapheme)) return undefined
  if (grapheme.includes('\u200d')) return 'zwj'
  if (/\p{Emoji_Modifier}/u.test(grapheme)) return 'skinTone'
  return grapheme.includes('\ufe0f') && !WIDE.test(grapheme) ? 'vs16' : undefined
}

/** The columns of the characters by themselves, as a terminal counts that joins nothing. */
export function sumOfCharacters(grapheme: string): number {
  let sum = 0
  for (const character of grapheme) sum += characterWidth(character)
  return sum
}

function characterWidth(character: string): number {
  if (ZERO.test(character)) return 0
  return WIDE.test(character) ? 2 : 1
}
