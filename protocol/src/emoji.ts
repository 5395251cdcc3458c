import { utf8 } from './bytes.js'

/** The longest emoji there are (families, flags of regions) take about half of it, in UTF-8. */
export const EMOJI_BYTES_MAX = 64

/**
 * One emoji by its shape, Unicode Technical Standard #51, "EBNF and Regex", with pictographs alone in
 * the place of all that may become one: a newer Unicode's are read by an older sotto too. No control,
 * no letter and nothing that turns a line around has that shape.
 */
const PICTOGRAPH = String.raw`\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\uFE0F|[\u{E0020}-\u{E007E}]+\u{E007F})?\uFE0F?`
const SHAPE = new RegExp(
  [
    String.raw`^(?:\p{Regional_Indicator}{2}`,
    String.raw`[0-9#*]\uFE0F?\u20E3`,
    String.raw`\p{Emoji_Modifier}`,
    `${PICTOGRAPH}(?:\\u200D${PICTOGRAPH})*)$`,
  ].join('|'),
  'u',
)

/** Whether a text is one emoji, of at most EMOJI_BYTES_MAX bytes, and nothing else. */
export function isEmoji(text: string): boolean {
  return text.length <= EMOJI_BYTES_MAX && SHAPE.test(text) && utf8(text).length <= EMOJI_BYTES_MAX
}
