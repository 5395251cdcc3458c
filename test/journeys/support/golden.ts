import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { ROOT, type Screen } from '../../harness/index.js'

/** What the demo shows, from the open conversation, and how to get back to that. */
export interface View {
  readonly name: string
  readonly keys: string
  /** What is seen once it is there. */
  readonly shows: RegExp
  /** The keys that lead back. */
  readonly back: string
}

export const ESC = '\u001b'
const F1 = '\u001bOP'
const F2 = '\u001bOQ'
const F3 = '\u001bOR'
const ALT_I = `${ESC}i`
const ALT_V = `${ESC}v`
const CTRL_F = '\u0006'
const CTRL_G = '\u0007'
const CTRL_K = '\u000b'
const CTRL_L = '\u000c'
const CTRL_N = '\u000e'

/** In this order, on one screen. Others stand here with the overlays that they show. */
export const VIEWS: readonly View[] = [
  { name: 'list', keys: '', shows: /@alice\.42/, back: '\r' },
  { name: 'conversation', keys: '', shows: /merge when you like/, back: '' },
  { name: 'help', keys: F1, shows: /Keys and commands/, back: ESC },
  { name: 'palette', keys: CTRL_K, shows: /Go to, or do/, back: ESC },
  { name: 'palette-query', keys: `${CTRL_K}mute`, shows: /> mute/, back: ESC },
  { name: 'edit', keys: '/edit\r', shows: /editing {2}/, back: ESC },
  { name: 'react', keys: '/react\r', shows: /React to @alice/, back: ESC },
  { name: 'delete', keys: '/delete\r', shows: /Delete the message of You/, back: ESC },
  {
    name: 'hostile',
    keys: `${CTRL_K}00011\r`,
    shows: /Somebody you do not know/,
    back: `${CTRL_K}ali\r`,
  },
  { name: 'unsent', keys: `${CTRL_K}dan\r`, shows: /Lindenstra/, back: `${CTRL_K}ali\r` },
  {
    name: 'deleted',
    keys: `${CTRL_K}bob\r`,
    shows: /message deleted/,
    back: `${CTRL_K}ali\r`,
  },
  { name: 'new', keys: CTRL_N, shows: /Write to somebody/, back: ESC },
  { name: 'everywhere', keys: `${CTRL_G}migrate`, shows: /Search all[^]*› S/, back: ESC },
  { name: 'about', keys: ALT_I, shows: /known since/, back: ESC },
  { name: 'verify', keys: ALT_V, shows: /You have verified/, back: ESC },
  { name: 'rename', keys: '/rename\r', shows: /called here/, back: ESC },
  { name: 'invites', keys: '/invites\r', shows: /Your invites/, back: ESC },
  { name: 'block', keys: '/block\r', shows: /Block @alice/, back: ESC },
  { name: 'mute', keys: '/alerts\r', shows: /for 8 hours/, back: ESC },
  { name: 'settings', keys: F3, shows: /Notifications tell/, back: ESC },
  { name: 'message', keys: F2, shows: /This message/, back: ESC },
  { name: 'message-details', keys: `${F2}i`, shows: /About this message/, back: ESC },
  { name: 'forward', keys: `${F2}f`, shows: /Write it again to/, back: ESC },
  { name: 'search', keys: `${CTRL_F}ratchet\r`, shows: /1 of 2/, back: '' },
  { name: 'changed', keys: `${CTRL_K}frank\r`, shows: /frank\.61 {2}Frank/, back: '' },
  { name: 'why', keys: '/why\r', shows: /Why @frank/, back: ESC },
  { name: 'typing', keys: `${CTRL_K}echo\rhello`, shows: /typing\.\.\./, back: '' },
  { name: 'lock', keys: CTRL_L, shows: /sotto is locked/, back: '' },
]

export const SIZES = [
  { columns: 120, rows: 36 },
  { columns: 80, rows: 24 },
  { columns: 60, rows: 24 },
  { columns: 40, rows: 12 },
] as const

export type Size = (typeof SIZES)[number]

/** What is seen, and how it looks, as a file that people can read. */
export interface Picture {
  readonly text: readonly string[]
  readonly looks: readonly string[]
}

export function pictureOf({ lines, looks }: Screen): Picture {
  return { text: lines, looks }
}

export function goldenPath({ name }: View, { columns, rows }: Size): string {
  return join(ROOT, `test/journeys/golden/${String(columns)}x${String(rows)}-${name}.txt`)
}

const PARTS = ['--- text', '--- colours', '--- NO_COLOR'] as const

export function writeGolden(path: string, colored: Picture, plain: Picture): void {
  const [text, colors, none] = PARTS
  const lines = [text, ...colored.text, colors, ...colored.looks, none, ...plain.looks, '']
  writeFileSync(path, lines.join('\n'))
}

export interface Golden {
  readonly text: string
  readonly colored: string
  readonly plain: string
}

/** Empty parts where there is none yet. */
export function readGolden(path: string): Golden {
  const [text = '', colored = '', plain = ''] = read(path)
    .split(/^--- .*\n/m)
    .slice(1)
  return { text, colored, plain }
}

function read(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '' // None yet: all of it is new.
}

export const asPart = (lines: readonly string[]): string => `${lines.join('\n')}\n`
