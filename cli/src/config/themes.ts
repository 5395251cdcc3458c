import { promises as disk } from 'node:fs' // Loaded when it is used: not for the first frame.
import { dirname, join } from 'node:path'

import { THEME_NAME, type ThemeFile, type ThemeFolder } from '@sotto/tui/screen'

import type { World } from '../world.js'
import { isOurs, ownConfigPath } from './files.js'
import type { ConfigPlace } from './load.js'
import { findLine } from './toml-lines.js'

const ENDING = '.toml'
/** A theme has some thirty lines. */
const BYTES_MAX = 64 * 1024
const NAMES_MAX = 100

/** The themes beside the person's own configuration file: `themes/NAME.toml`. */
export function themeFolder(place: ConfigPlace, world: World): ThemeFolder {
  const folder = () => join(dirname(ownConfigPath(place, world)), 'themes')
  return {
    names: () => namesIn(folder()),
    read: (name) => readTheme(join(folder(), name + ENDING), name),
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  let files: readonly string[]
  try {
    files = await disk.readdir(folder)
  } catch {
    return [] // There is no such folder, or none that may be read: who asks for a theme of it hears why.
  }
  const names = files
    .filter((file) => file.endsWith(ENDING))
    .map((file) => file.slice(0, -ENDING.length))
  return names
    .filter((name) => THEME_NAME.test(name))
    .sort()
    .slice(0, NAMES_MAX)
}

async function readTheme(path: string, name: string): Promise<ThemeFile> {
  const unread = (reason: string, line?: number): ThemeFile => {
    return { state: 'unread', path, line, reason }
  }
  if (!THEME_NAME.test(name)) return unread('no theme is called so')
  let text: string
  try {
    const { uid, size } = await disk.stat(path)
    if (!isOurs(uid)) return unread('another user owns it')
    if (size > BYTES_MAX) return unread('it is too long for a theme')
    text = await disk.readFile(path, 'utf8')
  } catch (thrown) {
    // What files throw has a code.
    return unread(
      (thrown as NodeJS.ErrnoException).code === 'ENOENT'
        ? 'there is no such file'
        : 'it cannot be read',
    )
  }
  const { parse, TomlError } = await import('smol-toml')
  try {
    const entries = Object.entries(parse(text)).map(([key, value]) => {
      return { key, value, line: findLine(text, key)?.number }
    })
    return { state: 'read', path, entries }
  } catch (thrown) {
    if (!(thrown instanceof TomlError)) throw thrown
    const what = thrown.message.split('\n')[0]?.replace(/^Invalid TOML document: /, '') ?? ''
    return unread(`not TOML: ${what}`, thrown.line)
  }
}
