import {
  chordEvent,
  type InputEvent,
  type Key,
  keyEvent,
  type Modifiers,
  textEvent,
} from './events.js'

/**
 * Keys as terminals have sent them since the VT100: one control byte, or a sequence whose meaning is
 * a table. xterm and what follows it, rxvt, the Linux console, tmux.
 */

/** `CSI n ~`. Home and End have two numbers each: rxvt's, and that of the Linux console and tmux. */
const NUMBERED: ReadonlyMap<number, Key> = new Map<number, Key>([
  [1, 'home'],
  [2, 'insert'],
  [3, 'delete'],
  [4, 'end'],
  [5, 'page-up'],
  [6, 'page-down'],
  [7, 'home'],
  [8, 'end'],
  [11, 'f1'],
  [12, 'f2'],
  [13, 'f3'],
  [14, 'f4'],
  [15, 'f5'],
  [17, 'f6'],
  [18, 'f7'],
  [19, 'f8'],
  [20, 'f9'],
  [21, 'f10'],
  [23, 'f11'],
  [24, 'f12'],
  [25, 'f13'],
  [26, 'f14'],
  [28, 'f15'],
  [29, 'f16'],
  [31, 'f17'],
  [32, 'f18'],
  [33, 'f19'],
  [34, 'f20'],
  [42, 'f21'],
  [43, 'f22'],
  [44, 'f23'],
  [45, 'f24'],
])

/** The last byte of `CSI … X` and of `SS3 X` (application cursor mode). */
const LETTERED: ReadonlyMap<string, Key> = new Map<string, Key>([
  ['A', 'up'],
  ['B', 'down'],
  ['C', 'right'],
  ['D', 'left'],
  ['F', 'end'],
  ['H', 'home'],
  ['P', 'f1'],
  ['Q', 'f2'],
  ['R', 'f3'],
  ['S', 'f4'],
])

/** rxvt writes arrows with a modifier small: `CSI a` is with Shift, `SS3 a` with Ctrl. */
const SMALL_ARROWS: ReadonlyMap<string, Key> = new Map<string, Key>([
  ['a', 'up'],
  ['b', 'down'],
  ['c', 'right'],
  ['d', 'left'],
])

/** rxvt says modifiers with the last byte of `CSI n X`. */
const RXVT_ENDINGS: ReadonlyMap<string, Partial<Modifiers>> = new Map([
  ['$', { shift: true }],
  ['^', { ctrl: true }],
  ['@', { ctrl: true, shift: true }],
])

/** `SS3 X` of the keypad in application mode. */
const KEYPAD = new Map([
  [' ', ' '],
  ['X', '='],
  ['j', '*'],
  ['k', '+'],
  ['l', ','],
  ['m', '-'],
  ['n', '.'],
  ['o', '/'],
  ...Array.from('pqrstuvwxy', (letter, digit) => [letter, String(digit)] as const),
])

const CONTROL_SYMBOLS = '\\]^_'

/** The keys of a byte below 0x20, or of DEL. Escape is none: it begins something. */
export function controlKey(byte: number, alt: boolean): InputEvent {
  const key = namedControl(byte)
  if (key !== undefined) return keyEvent(key, { alt })
  if (byte === 0x00) return keyEvent('space', { ctrl: true, alt })
  if (byte > 0x1b) return keyEvent(CONTROL_SYMBOLS.charAt(byte - 0x1c), { ctrl: true, alt })
  return chordEvent(String.fromCharCode(byte + 0x60), { ctrl: true, alt })
}

function namedControl(byte: number): Key | undefined {
  if (byte === 0x09) return 'tab'
  if (byte === 0x0d) return 'enter'
  return byte === 0x08 || byte === 0x7f ? 'backspace' : undefined
}

/** `CSI n ~`, and rxvt's `CSI n $`, `^` and `@`. */
export function numberedKey(
  number: number,
  final: string,
  modifiers: Partial<Modifiers>,
): InputEvent | undefined {
  const key = NUMBERED.get(number)
  if (key === undefined) return undefined
  return keyEvent(key, { ...modifiers, ...RXVT_ENDINGS.get(final) })
}

/** `CSI … X`. */
export function letteredKey(final: string, modifiers: Partial<Modifiers>): InputEvent | undefined {
  if (final === 'Z') return keyEvent('tab', { ...modifiers, shift: true })
  const key = LETTERED.get(final)
  if (key !== undefined) return keyEvent(key, modifiers)
  const arrow = SMALL_ARROWS.get(final)
  return arrow === undefined ? undefined : keyEvent(arrow, { ...modifiers, shift: true })
}

/** `SS3 X`; some terminals put the number of the modifiers between the two. */
export function ss3Key(final: string, modifiers: Partial<Modifiers>): InputEvent | undefined {
  if (final === 'M') return keyEvent('enter', modifiers)
  if (final === 'I') return keyEvent('tab', modifiers)
  const character = KEYPAD.get(final)
  if (character !== undefined) {
    const isChord = modifiers.ctrl === true || modifiers.alt === true
    return isChord ? chordEvent(character, modifiers) : textEvent(character)
  }
  const arrow = SMALL_ARROWS.get(final)
  if (arrow !== undefined) return keyEvent(arrow, { ...modifiers, ctrl: true })
  const key = LETTERED.get(final)
  return key === undefined ? undefined : keyEvent(key, modifiers)
}

/** `CSI [ X`: F1 to F5 of the Linux console. */
export function linuxConsoleKey(final: string): InputEvent | undefined {
  const at = 'ABCDE'.indexOf(final)
  const key = (['f1', 'f2', 'f3', 'f4', 'f5'] as const)[at]
  return key === undefined ? undefined : keyEvent(key)
}
