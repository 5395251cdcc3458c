import type { Look } from '../../rows/look.js'
import { twoSided } from '../../rows/plain-row.js'
import type { Row, Span } from '../../rows/row.js'

/** Of a list without a query: the line at `index` is the chosen one. */
export function lineRows(
  lines: readonly { readonly left: string; readonly right?: string }[],
  index: number,
  look: Look,
): readonly Row[] {
  return lines.map(({ left, right = '' }, at) => {
    const isChosen = at === index
    const mark: Span = { text: isChosen ? '› ' : '  ', role: 'accent' }
    const aside: readonly Span[] = right === '' ? [] : [{ text: `${right} `, role: 'dim' }]
    return twoSided([mark, { text: left, role: isChosen ? 'selected' : 'text' }], aside, look)
  })
}
