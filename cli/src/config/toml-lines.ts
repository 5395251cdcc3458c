/** Where a key stands in a TOML text, as far as one line tells. */
export interface KeyLine {
  /** From 1. */
  readonly number: number
  /** The line up to its value, and what follows the value. */
  readonly before: string
  readonly after: string
}

const HEADER = /^\s*\[\s*([^[\]]+?)\s*\]\s*(?:#.*)?$/
const ASSIGNMENT =
  /^(\s*([\w".'-]+(?:\s*\.\s*[\w"'-]+)*)\s*=\s*)("(?:[^"\\]|\\.)*"|'[^']*'|[^#"']*?)(\s*(?:#.*)?)$/

/** The line that gives a key its value; undefined where none does so in one line. */
export function findLine(text: string, key: string): KeyLine | undefined {
  let table = ''
  for (const [index, line] of text.split('\n').entries()) {
    const header = HEADER.exec(line)
    if (header !== null) table = `${normal(header[1] ?? '')}.`
    const [, before, name, , after] = ASSIGNMENT.exec(line.replace(/\r$/, '')) ?? []
    if (before === undefined || after === undefined || name === undefined) continue
    if (table + normal(name) === key) return { number: index + 1, before, after }
  }
  return undefined
}

/**
 * The text with `key` set: in its own line, where there is one; else in the table it belongs to;
 * else above the first table. Every other character stays as it is.
 */
export function setLine(text: string, key: string, value: string): string {
  const found = findLine(text, key)
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n')
  const quoted = JSON.stringify(value) // A TOML basic string has the same escapes.
  if (found !== undefined) {
    lines[found.number - 1] = found.before + quoted + found.after
  } else {
    const { at, name } = placeFor(lines, key)
    lines.splice(at, 0, `${name} = ${quoted}`)
  }
  return `${lines.join('\n')}\n`
}

function placeFor(lines: readonly string[], key: string): { at: number; name: string } {
  const dot = key.lastIndexOf('.')
  const headers = lines.map((line) => normal(HEADER.exec(line)?.[1] ?? ''))
  const own = dot < 0 ? -1 : headers.indexOf(key.slice(0, dot))
  if (own >= 0) return { at: own + 1, name: key.slice(dot + 1) }
  const first = lines.findIndex((line) => /^\s*\[/.test(line))
  return { at: first < 0 ? lines.length : first, name: key }
}

function normal(name: string): string {
  return name
    .split('.')
    .map((part) => part.trim().replace(/^(["'])(.*)\1$/, '$2'))
    .join('.')
}
