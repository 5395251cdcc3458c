/** A character with what belongs to it: marks, skin tones, what a joiner joins. */
const CHARACTER =
  /\P{M}[\p{M}\p{Emoji_Modifier}]*(?:\u200d\P{M}[\p{M}\p{Emoji_Modifier}]*)*|\p{M}+/gsu

/** East Asian wide and fullwidth (Unicode UAX #11), and what is shown as a picture. */
const WIDE =
  /^(?:[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|.\ufe0f)/su

/** How many columns of a terminal a text without control characters takes. */
export function displayWidth(text: string): number {
  if (isPlain(text)) return text.length
  return charactersOf(text).reduce((sum, character) => sum + characterWidth(character), 0)
}

/** As many characters from the beginning as fit; what is left out shows as `more`. */
export function keepStart(text: string, width: number, more: string): string {
  return keep(charactersOf(text), width, more).join('')
}

/** As many characters from the end as fit, behind `more`. */
export function keepEnd(text: string, width: number, more: string): string {
  const kept = keep([...charactersOf(text)].reverse(), width, more)
  return [...kept].reverse().join('')
}

function keep(characters: readonly string[], width: number, more: string): readonly string[] {
  const fits = (room: number) => {
    let left = room
    const end = characters.findIndex((character) => (left -= characterWidth(character)) < 0)
    return end < 0 ? characters : characters.slice(0, end)
  }
  if (fits(width).length === characters.length) return characters
  const room = width - displayWidth(more)
  return room < 0 ? [] : [...fits(room), more]
}

function charactersOf(text: string): readonly string[] {
  return isPlain(text) ? text.split('') : (text.match(CHARACTER) ?? [])
}

/** Most texts are, and are told apart sooner than the rest is understood. */
function isPlain(text: string): boolean {
  return /^[ -~\u00a1-\u00ac\u00ae-\u02ff‘’“”…–—]*$/.test(text)
}

function characterWidth(character: string): number {
  if (isPlain(character)) return 1
  if (/^[\p{M}\u200b-\u200d]/u.test(character)) return 0
  return WIDE.test(character) ? 2 : 1
}
