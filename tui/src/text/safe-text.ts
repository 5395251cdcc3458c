/**
 * What others wrote goes to a terminal only through these two: a terminal obeys control characters,
 * and bidirectional ones let a text show in another order than it is stored.
 *
 * Escaped are C0, DEL and C1 controls, line and paragraph separators, bidirectional marks,
 * embeddings, overrides and isolates (Unicode UAX #9), the byte-order mark, interlinear annotations
 * and lone surrogates. Letters of every script, emoji and their joiners stay as they are.
 */
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]|\p{Surrogate}/gu

/** One line: line ends and tabs are escaped too. For names, errors, anything inside a line. */
export function safeLine(text: string): string {
  return text.replace(UNSAFE, escapeCharacter)
}

/**
 * The lines of a text, each safe. `\r\n` and `\n` end a line and tabs stay; a caller indents the
 * lines after the first, so that a text cannot pass for a line of sotto's own.
 */
export function safeLines(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .map((line) =>
      line.replace(UNSAFE, (found) => (found === '\t' ? found : escapeCharacter(found))),
    )
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0
  return code <= 0xff
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`
}
