import { type CommandName, type IsNamed, isOfEditor } from './command-name.js'
import type { NamedCommand } from '../words/commands-en.js'
import type { Bindings, Chord, KeyContext } from './bindings.js'

/** A key that somebody has given a command in one place, in the stead of those it had there. */
export interface OwnKey {
  readonly context: OwnContext
  readonly name: NamedCommand
  readonly chord: Chord
}

/** Where keys can be chosen. In what stands above the rest they stay as they are. */
export const OWN_CONTEXTS = ['anywhere', 'composer', 'timeline', 'list'] as const
export type OwnContext = (typeof OWN_CONTEXTS)[number]

/** Far more than there are commands. */
const OWN_KEYS_MAX = 200
/** Esc closes and cancels; Ctrl+C leaves, whatever else has happened to the keys. */
const RESERVED: readonly Chord[] = ['escape', 'ctrl+c']
/** Digits of its own keys say which conversation: it cannot have others. */
const FIXED: readonly CommandName[] = ['conversation.nth', 'app.interrupt']
/** Wherever one is, these lead out of it. */
const NEEDED_ANYWHERE: readonly NamedCommand[] = ['palette.open', 'help.open', 'app.interrupt']
const NEEDED: Readonly<Record<Exclude<OwnContext, 'anywhere'>, readonly NamedCommand[]>> = {
  composer: [...NEEDED_ANYWHERE, 'composer.send'],
  timeline: [...NEEDED_ANYWHERE, 'timeline.up', 'timeline.down'],
  list: [...NEEDED_ANYWHERE, 'list.up', 'list.down', 'list.open'],
}
/** What may have a bare key where something is written, for it is about writing. */
const WRITING: readonly CommandName[] = ['composer.send', 'composer.newline']

/** Why a chord cannot be the key of a command. */
export type KeyRefusal =
  /** It means the same everywhere. */
  | { readonly why: 'reserved' }
  /** It writes, or moves in what is written. */
  | { readonly why: 'writes' }
  /** A command would be left without one that cannot be. */
  | { readonly why: 'needed'; readonly name: NamedCommand }

/** What a chord would no longer do. */
export interface TakenKey {
  readonly context: OwnContext
  /** Undefined: one of an editor. */
  readonly name: NamedCommand | undefined
}

/** The bindings with each of them on top, the last with the last word; one that would lock out is not. */
export function withOwnKeys(bindings: Bindings, own: readonly OwnKey[]): Bindings {
  return own.reduce(
    (done, key) => (refusalOf(done, key) === undefined ? rebound(done, key) : done),
    bindings,
  )
}

/** Undefined: it can be. */
export function refusalOf(bindings: Bindings, key: OwnKey): KeyRefusal | undefined {
  if (RESERVED.includes(key.chord)) return { why: 'reserved' }
  if (isWritten(key)) return { why: 'writes' }
  const after = rebound(bindings, key)
  for (const context of contextsOf(key)) {
    if (context === 'anywhere') continue
    const name = NEEDED[context].find((needed) => keyFor(after, context, needed) === undefined)
    if (name !== undefined) return { why: 'needed', name }
  }
  return undefined
}

/** Nothing where the chord is free there. */
export function takenBy(bindings: Bindings, key: OwnKey): readonly TakenKey[] {
  return contextsOf(key).flatMap((context) => {
    const name = bindings[context][key.chord]
    if (name === undefined || name === key.name) return []
    return [{ context, name: isOfEditor(name) ? undefined : name }]
  })
}

/** The key that does it there, one that every terminal has before others; undefined: none does. */
export function keyFor(
  bindings: Bindings,
  context: KeyContext,
  name: CommandName,
): Chord | undefined {
  const inner = bindings[context]
  const own = chordsIn(inner, name)
  const outer = chordsIn(bindings.anywhere, name).filter((chord) => inner[chord] === undefined)
  return own.find(isPlainChord) ?? own[0] ?? outer.find(isPlainChord) ?? outer[0]
}

function chordsIn(bound: Bindings[KeyContext], name: CommandName): readonly Chord[] {
  return Object.keys(bound).filter((chord) => bound[chord] === name)
}

export function canChange(name: CommandName): boolean {
  return !FIXED.includes(name)
}

/** Whether every terminal can say it; newer ones can say more (kitty keyboard, modifyOtherKeys). */
export function isPlainChord(chord: Chord): boolean {
  const parts = chord.split('+')
  const key = parts.at(-1) || '+'
  const held = parts
    .slice(0, -1)
    .filter((part) => part !== '')
    .join('+')
  if (key === 'enter' || key === 'backspace' || key === 'escape')
    return held === '' || held === 'alt'
  if (key === 'tab') return held === '' || held === 'shift'
  if (key === 'space') return !held.includes('shift')
  if (key.length > 1) return true
  if (held === 'ctrl' || held === 'ctrl+alt') return /^[a-gk-ln-z\\\]^_]$/.test(key)
  return held === '' || held === 'alt' || held === 'shift' || held === 'alt+shift'
}

export function writeOwnKeys(own: readonly OwnKey[]): string {
  return own.map(({ context, name, chord }) => `${context} ${name} ${chord}`).join('\n')
}

/** What is not understood is passed over: another version may have written it. */
export function parseOwnKeys(text: string, isNamed: IsNamed): readonly OwnKey[] {
  return text
    .split('\n')
    .slice(0, OWN_KEYS_MAX)
    .flatMap((line) => {
      const [written = '', name = '', chord = ''] = line.split(' ')
      const context = OWN_CONTEXTS.find((each) => each === written)
      if (context === undefined || chord === '' || !isNamed(name) || !canChange(name)) return []
      return [{ context, name, chord }]
    })
}

/** At most one for each command in each place. */
export function withOwnKey(own: readonly OwnKey[], key: OwnKey): readonly OwnKey[] {
  return [...withoutOwnKey(own, key), key].slice(-OWN_KEYS_MAX)
}

export function withoutOwnKey(
  own: readonly OwnKey[],
  { context, name }: Pick<OwnKey, 'context' | 'name'>,
): readonly OwnKey[] {
  return own.filter((each) => each.context !== context || each.name !== name)
}

/** One for anywhere is taken from whatever has it in one place. */
function contextsOf({ context }: Pick<OwnKey, 'context'>): readonly OwnContext[] {
  return context === 'anywhere' ? OWN_CONTEXTS : [context]
}

function rebound(bindings: Bindings, key: OwnKey): Bindings {
  const changed = contextsOf(key).map((context) => {
    const others = Object.entries(bindings[context]).filter(
      ([chord, name]) => chord !== key.chord && (context !== key.context || name !== key.name),
    )
    const own = context === key.context ? [[key.chord, key.name] as const] : []
    return [context, Object.fromEntries([...own, ...others])] as const
  })
  return { ...bindings, ...Object.fromEntries(changed) }
}

/** A key that is a character, or moves where characters are: there nothing else can be meant by it. */
function isWritten({ context, name, chord }: OwnKey): boolean {
  if (context === 'timeline' || context === 'list') return false
  if (/^(?:ctrl|alt)\+./.test(chord)) return false
  const key = chord.replace(/^shift\+/, '')
  if (/^f\d+$/.test(key) || key === 'page-up' || key === 'page-down' || key === 'insert')
    return false
  if (chord === 'shift+tab' || chord === 'shift+enter') return false
  return !(WRITING.includes(name) && chord === 'enter')
}
