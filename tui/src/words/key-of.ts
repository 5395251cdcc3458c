import type { NamedCommand } from './commands-en.js'

/** How something is done now: `Ctrl+K`, or `/lock` where it has no key. */
export type KeyOf = (name: NamedCommand) => string

/** Keys, and behind them, in one column, what they do. */
export function keyColumns(lines: readonly (readonly [key: string, does: string])[]) {
  const width = Math.max(...lines.map(([key]) => key.length))
  return lines.map(([key, does]) => `${key.padEnd(width)}  ${does}`)
}
