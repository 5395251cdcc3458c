import { graphemesOf, isPlain } from './graphemes.js'
import { makeWidthOf, STANDARD } from './widths.js'

/** For what is printed without asking the terminal first: as its standard has it. */
const widthOf = makeWidthOf(STANDARD)

/** How many columns of a terminal a text without control characters takes. */
export function displayWidth(text: string): number {
  if (isPlain(text)) return text.length
  return graphemesOf(text).reduce((sum, grapheme) => sum + widthOf(grapheme), 0)
}

/** As many characters from the beginning as fit; what is left out shows as `more`. */
export function keepStart(text: string, width: number, more: string): string {
  return keep(graphemesOf(text), width, more).join('')
}

/** As many characters from the end as fit, behind `more`. */
export function keepEnd(text: string, width: number, more: string): string {
  const kept = keep([...graphemesOf(text)].reverse(), width, more)
  return [...kept].reverse().join('')
}

function keep(graphemes: readonly string[], width: number, more: string): readonly string[] {
  const fits = (room: number) => {
    let left = room
    const end = graphemes.findIndex((grapheme) => (left -= widthOf(grapheme)) < 0)
    return end < 0 ? graphemes : graphemes.slice(0, end)
  }
  if (fits(width).length === graphemes.length) return graphemes
  const room = width - displayWidth(more)
  return room < 0 ? [] : [...fits(room), more]
}
