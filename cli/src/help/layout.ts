/** Narrower than this no line is made. */
export const COLUMNS_MIN = 24
export const COLUMNS_MAX = 100
/** A column of terms takes at most this part of the line. */
const TERMS_PART_MAX = 0.45

/** How wide help is written: readable on a phone's terminal and on a very wide one. */
export function readableColumns(columns: number): number {
  return Math.max(COLUMNS_MIN, Math.min(columns, COLUMNS_MAX))
}

/** A text in lines of at most `columns`, later ones indented; a longer word keeps its own line. */
export function wrap(text: string, columns: number, indent = 0): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/ +/)) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && longer.length > columns) {
      lines.push(line)
      line = ' '.repeat(indent) + word
    } else line = longer
  }
  return [...lines, line]
}

/** Terms beside what they mean; below each other where there is no room. */
export function definitions(
  rows: readonly (readonly [term: string, meaning: string])[],
  columns: number,
): readonly string[] {
  const widest = Math.max(0, ...rows.map(([term]) => term.length))
  const beside = 2 + widest + 2 <= columns * TERMS_PART_MAX
  return rows.flatMap(([term, meaning]) => {
    const margin = beside ? 2 + widest + 2 : 6
    const text = wrap(meaning, columns - margin).map((line) => ' '.repeat(margin) + line)
    if (meaning === '') return [`  ${term}`]
    if (!beside) return [`  ${term}`, ...text]
    const [first = '', ...rest] = text
    return [`  ${term.padEnd(widest)}  ${first.slice(margin)}`, ...rest]
  })
}
