import { chordEvent, type InputEvent, type Key, keyEvent, textEvent } from './events.js'
import { characterModifiersOf, hasCapsLock, modifiersOf } from './modifiers.js'

/** A key as `CSI … u` tells it: https://sw.kovidgoyal.net/kitty/keyboard-protocol/ */
export interface CodedKey {
  /** The code point of the key without Shift, or a number of the protocol's table. */
  readonly code: number
  /** What Shift makes of it on this layout, where the terminal says so. */
  readonly shifted: number | undefined
  /** One more than the bits of the modifiers. */
  readonly modifiers: number
  readonly action: 'press' | 'repeat' | 'release'
  /** The code points it types, where the terminal says so. */
  readonly text: readonly number[]
}

const NAMED: ReadonlyMap<number, Key> = new Map<number, Key>([
  [8, 'backspace'],
  [9, 'tab'],
  [13, 'enter'],
  [27, 'escape'],
  [127, 'backspace'],
  ...Array.from({ length: 12 }, (_, at) => [57376 + at, `f${13 + at}`] as const),
  [57414, 'enter'],
  [57417, 'left'],
  [57418, 'right'],
  [57419, 'up'],
  [57420, 'down'],
  [57421, 'page-up'],
  [57422, 'page-down'],
  [57423, 'home'],
  [57424, 'end'],
  [57425, 'insert'],
  [57426, 'delete'],
])

const KEYPAD_BEGIN = 57399
const KEYPAD = '0123456789./*-+'
const KEYPAD_OTHERS = new Map([
  [57415, '='],
  [57416, ','],
])

/** Nothing for a key let go; undefined for keys that have no meaning here. */
export function codedKey(key: CodedKey): readonly InputEvent[] | undefined {
  if (key.action === 'release') return []
  const named = NAMED.get(key.code)
  if (named !== undefined) {
    const modifiers = modifiersOf(key.modifiers)
    return modifiers && [keyEvent(named, modifiers)]
  }
  const event = characterKey(key)
  return event && [event]
}

function characterKey(key: CodedKey): InputEvent | undefined {
  const modifiers = characterModifiersOf(key.modifiers)
  const character = characterOf(key.code)
  if (modifiers === undefined || character === undefined) return undefined
  const shifted = key.shifted === undefined ? undefined : characterOf(key.shifted)
  if (!modifiers.ctrl && !modifiers.alt) {
    return textEvent(saidText(key.text) ?? typedCharacter(key, character, shifted))
  }
  if (!modifiers.shift || shifted === undefined || isLetter(shifted) || shifted === ' ') {
    return chordEvent(character, modifiers)
  }
  return chordEvent(shifted, { ...modifiers, shift: false })
}

/**
 * `CSI 27 ; modifiers ; code ~`, xterm's modifyOtherKeys: the code is of the character with Shift
 * already in it.
 */
export function otherKey(code: number, modifiers: number): readonly InputEvent[] | undefined {
  return codedKey({ code, shifted: code, modifiers, action: 'press', text: [] })
}

function typedCharacter(key: CodedKey, character: string, shifted: string | undefined): string {
  const shift = modifiersOf(key.modifiers)?.shift === true
  if (isLetter(character) && shift !== hasCapsLock(key.modifiers)) {
    const capital = character.toUpperCase()
    return capital.length === character.length ? capital : character
  }
  return shift ? (shifted ?? character) : character
}

function saidText(codes: readonly number[]): string | undefined {
  const characters = codes.map(printable)
  if (characters.length === 0 || characters.includes(undefined)) return undefined
  return characters.join('')
}

function characterOf(code: number): string | undefined {
  if (code >= KEYPAD_BEGIN && code < KEYPAD_BEGIN + KEYPAD.length) {
    return KEYPAD.charAt(code - KEYPAD_BEGIN)
  }
  // The protocol numbers keys without a character in the Private Use Area.
  if (code >= 0xe000 && code <= 0xf8ff) return KEYPAD_OTHERS.get(code)
  return printable(code)
}

/** Neither a control character nor half of one, nor beyond Unicode. */
function printable(code: number): string | undefined {
  const isControl = code < 0x20 || (code >= 0x7f && code <= 0x9f)
  const isSurrogate = code >= 0xd800 && code <= 0xdfff
  return isControl || isSurrogate || code > 0x10ffff ? undefined : String.fromCodePoint(code)
}

function isLetter(character: string): boolean {
  return character.toLowerCase() !== character.toUpperCase()
}
