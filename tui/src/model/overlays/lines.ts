import type { Look } from '../../rows/look.js'
import { plainRow, twoSided } from '../../rows/plain-row.js'
import type { Row, Span } from '../../rows/row.js'

/**
 * Of a list without a query: the line at `index` is the chosen one. A heading stands above the first
 * of the lines that have it.
 */
export function lineRows(
  lines: readonly {
    readonly left: string
    readonly right?: string
    readonly heading?: string
  }[],
  index: number,
  look: Look,
): readonly Row[] {
  return lines.flatMap(({ left, right = '', heading }, at) => {
    const isChosen = at === index
    const mark: Span = { text: isChosen ? '› ' : '  ', role: 'accent' }
    const aside: readonly Span[] = right === '' ? [] : [{ text: `${right} `, role: 'dim' }]
    const row = twoSided([mark, { text: left, role: isChosen ? 'selected' : 'text' }], aside, look)
    const isNew = heading !== undefined && heading !== lines[at - 1]?.heading
    return isNew ? [plainRow([{ text: ` ${heading}`, role: 'heading' }], look), row] : [row]
  })
}
