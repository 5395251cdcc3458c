/** Colours, or none: rendering asks for a meaning and never writes an escape itself. */
export interface Paint {
  readonly dim: (text: string) => string
  readonly bold: (text: string) => string
  readonly good: (text: string) => string
  readonly warn: (text: string) => string
  readonly bad: (text: string) => string
  /** What was looked for. */
  readonly match: (text: string) => string
  /** White on black, whatever the terminal's own colours are. */
  readonly screen: (text: string) => string
}

/** For pipes, `NO_COLOR` and terminals that are none. */
export const PLAIN: Paint = {
  dim: same,
  bold: same,
  good: same,
  warn: same,
  bad: same,
  match: same,
  screen: same,
}

/** The sixteen colours every terminal has. */
export const COLOR: Paint = {
  dim: (text) => sgr(2, text, 22),
  bold: (text) => sgr(1, text, 22),
  good: (text) => sgr(32, text, 39),
  warn: (text) => sgr(33, text, 39),
  bad: (text) => sgr(31, text, 39),
  match: (text) => sgr(7, text, 27),
  screen: (text) => `\u001b[97;40m${text}\u001b[39;49m`,
}

function same(text: string): string {
  return text
}

function sgr(begin: number, text: string, end: number): string {
  return `\u001b[${String(begin)}m${text}\u001b[${String(end)}m`
}
