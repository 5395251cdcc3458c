import { parseColor, type Background, type Color } from './colors.js'
import type { Role } from './row.js'
import { COLORED_ROLES } from './theme.js'

/** Colours that somebody has chosen, by role; what is not in it is as it would be. */
export interface UserTheme {
  /** For which the rest is chosen; undefined: as the terminal says. */
  readonly background: Background | undefined
  readonly colors: ReadonlyMap<Role, Color>
}

/** A theme's file, as far as it could be read. */
export type ThemeFile =
  | { readonly state: 'read'; readonly path: string; readonly entries: readonly ThemeEntry[] }
  | {
      readonly state: 'unread'
      readonly path: string
      readonly line: number | undefined
      /** In a few words; somebody else's, or the system's. */
      readonly reason: string
    }

/** A key with its value, of whatever type the file gives it. */
export interface ThemeEntry {
  readonly key: string
  readonly value: unknown
  /** From 1; undefined where none gives it in one line. */
  readonly line: number | undefined
}

/** What a theme says that cannot be used: the rest of it holds. */
export interface ThemeFault {
  readonly why: 'role' | 'color' | 'background'
  readonly key: string
  readonly line: number | undefined
}

/** How themes are called: their files have the same names, with `.toml`. */
export const THEME_NAME = /^[a-z0-9][a-z0-9_-]{0,31}$/

export function parseTheme(entries: readonly ThemeEntry[]): {
  readonly theme: UserTheme
  readonly faults: readonly ThemeFault[]
} {
  let background: UserTheme['background']
  const colors = new Map<Role, Color>()
  const faults: ThemeFault[] = []
  for (const { key, value, line } of entries) {
    const role = COLORED_ROLES.find((each) => each === key)
    const color = parseColor(value)
    if (key === 'background') {
      if (value === 'dark' || value === 'light') background = value
      else faults.push({ why: 'background', key, line })
    } else if (role === undefined) faults.push({ why: 'role', key, line })
    else if (color === undefined) faults.push({ why: 'color', key, line })
    else colors.set(role, color)
  }
  return { theme: { background, colors }, faults }
}
