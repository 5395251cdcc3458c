/**
 * What others wrote goes to a terminal only through these two: a terminal obeys control characters,
 * and bidirectional ones let a text show in another order than it is stored.
 *
 * Escaped are C0, DEL and C1 controls, line and paragraph separators, bidirectional marks,
 * embeddings, overrides and isolates (Unicode UAX #9), the byte-order mark, interlinear annotations
 * and lone surrogates, spaces without width, and joiners in a row. Letters of every script, emoji and
 * their single joiners stay as they are.
 */
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb]|[\u200c\u200d]{2,}|\p{Surrogate}/gu
/** Sotto's own colours, and line ends. */
const OWN = /(\n|\u001b\[[\d;]*m)/

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

/**
 * JSON that may be looked at on a terminal: what `safeLine` escapes is escaped as JSON does it, so
 * that every reader of JSON still has the same text.
 */
export function safeJson(value: object): string {
  return JSON.stringify(value).replace(UNSAFE, (found) =>
    Array.from({ length: found.length }, (_, at) => unicodeEscape(found.charCodeAt(at))).join(''),
  )
}

/**
 * The last look at what is printed for people: nothing but text, line ends, tabs and, where they are
 * `painted`, colours. It changes nothing where every name and text went through the two above.
 */
export function safePrint(text: string, { painted }: { readonly painted: boolean }): string {
  return text
    .split(OWN) // What OWN has found stands at the odd places.
    .map((part, at) => {
      if (at % 2 === 1 && (painted || part === '\n')) return part
      return part.replace(UNSAFE, (found) => (found === '\t' ? found : escapeCharacter(found)))
    })
    .join('')
}

function escapeCharacter(characters: string): string {
  return Array.from(characters, (character) => {
    const code = character.codePointAt(0) ?? 0
    return code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : unicodeEscape(code)
  }).join('')
}

function unicodeEscape(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`
}
