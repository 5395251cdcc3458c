/**
 * What a terminal said, in the words of the screen. One value for one thing that happened: a key, a
 * run of typed text, a whole paste, a move of the mouse, an answer to one of our questions.
 */
export type InputEvent =
  TextEvent | KeyEvent | PasteEvent | MouseEvent | FocusEvent | ReplyEvent | UnknownEvent

/**
 * Characters that were typed. How many come in one event depends on how the bytes were read: two
 * neighbouring events mean the same as one with both texts. Never holds a control character.
 */
export interface TextEvent {
  readonly kind: 'text'
  readonly text: string
}

/** A key that is no text by itself, or a character with Ctrl or Alt. */
export interface KeyEvent extends Modifiers {
  readonly kind: 'key'
  readonly key: Key
}

/** Everything between the two marks of a bracketed paste, as it was sent: line ends are untouched. */
export interface PasteEvent {
  readonly kind: 'paste'
  readonly text: string
  /** How many bytes were pasted, those that were dropped included. */
  readonly bytes: number
  /** More than `PASTE_BYTES_MAX` came, and `text` is only the beginning. */
  readonly truncated: boolean
}

export interface MouseEvent extends Modifiers {
  readonly kind: 'mouse'
  readonly action: 'press' | 'release' | 'move' | 'wheel-up' | 'wheel-down'
  /** `none` for the wheel, and for moves without a button held. */
  readonly button: 'left' | 'middle' | 'right' | 'none'
  /** Cells, counted from 1. */
  readonly column: number
  readonly row: number
}

/** The terminal's window got or lost the keyboard (mode 1004). */
export interface FocusEvent {
  readonly kind: 'focus'
  readonly focused: boolean
}

/** The terminal answered a question. */
export interface ReplyEvent {
  readonly kind: 'reply'
  readonly reply: Reply
}

/**
 * A sequence of no meaning here, swallowed whole. It says what it was and how long, not what was in
 * it: it may hold what somebody copied.
 */
export interface UnknownEvent {
  readonly kind: 'unknown'
  readonly sequence: 'control' | 'csi' | 'ss3' | 'osc' | 'dcs' | 'apc'
  readonly bytes: number
}

export type Reply =
  /** DA1: what the terminal can do, as the numbers of its manual (4 is Sixel). */
  | { readonly to: 'device-attributes'; readonly attributes: readonly number[] }
  /** CSI 6n: where the cursor is, counted from 1. */
  | { readonly to: 'cursor-position'; readonly row: number; readonly column: number }
  /** OSC 10 and 11. */
  | { readonly to: 'colour'; readonly of: 'foreground' | 'background'; readonly colour: Colour }
  /** DECRQM: 2026 is synchronized output, 2004 bracketed paste. */
  | { readonly to: 'mode'; readonly mode: number; readonly state: ModeState }
  /** The flags of the kitty keyboard protocol that are on. */
  | { readonly to: 'keyboard'; readonly flags: number }
  /** XTVERSION: name and version, as the terminal writes them. Others' text: make it safe. */
  | { readonly to: 'version'; readonly version: string }
  /** OSC 52: what was copied. */
  | { readonly to: 'clipboard'; readonly text: string }

export interface Colour {
  /** 0 to 255 each. */
  readonly red: number
  readonly green: number
  readonly blue: number
}

export type ModeState = 'unknown' | 'on' | 'off' | 'always-on' | 'always-off'

export interface Modifiers {
  readonly ctrl: boolean
  readonly alt: boolean
  readonly shift: boolean
}

/**
 * A named key, or one character of a chord: `k` of Ctrl+K, `1` of Alt+1, `é` of Alt+é. Letters are
 * small and `shift` says whether they were not; other characters are what the layout makes of them
 * (`?`, without `shift`).
 */
export type Key = NamedKey | Character

export type NamedKey =
  | 'enter'
  | 'tab'
  | 'escape'
  | 'backspace'
  | 'delete'
  | 'insert'
  | 'home'
  | 'end'
  | 'page-up'
  | 'page-down'
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'space'
  | FunctionKey

export type FunctionKey =
  | 'f1'
  | 'f2'
  | 'f3'
  | 'f4'
  | 'f5'
  | 'f6'
  | 'f7'
  | 'f8'
  | 'f9'
  | 'f10'
  | 'f11'
  | 'f12'
  | 'f13'
  | 'f14'
  | 'f15'
  | 'f16'
  | 'f17'
  | 'f18'
  | 'f19'
  | 'f20'
  | 'f21'
  | 'f22'
  | 'f23'
  | 'f24'

/** Any string; written so that the named keys are still offered where one types. */
export type Character = string & Record<never, never>

const NO_MODIFIERS: Modifiers = { ctrl: false, alt: false, shift: false }

export function textEvent(text: string): TextEvent {
  return { kind: 'text', text }
}

export function keyEvent(key: Key, modifiers: Partial<Modifiers> = {}): KeyEvent {
  return { kind: 'key', key, ...NO_MODIFIERS, ...modifiers }
}

export function replyEvent(reply: Reply): ReplyEvent {
  return { kind: 'reply', reply }
}

/** A character with Ctrl or Alt, as `Key` promises it. */
export function chordEvent(character: string, modifiers: Partial<Modifiers>): KeyEvent {
  if (character === ' ') return keyEvent('space', modifiers)
  const small = character.toLowerCase()
  if (small === character || small.length !== character.length) {
    return keyEvent(character, modifiers)
  }
  return keyEvent(small, { ...modifiers, shift: true })
}
