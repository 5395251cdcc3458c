import type { Modifiers } from './events.js'

const SHIFT = 1
const ALT = 2
const CTRL = 4
/** Meta to xterm, Super to kitty. */
const META_OR_SUPER = 8
const HYPER = 16
const META = 32
const CAPS_LOCK = 64

/**
 * The modifiers of a key that is no text. xterm's Meta counts as Alt, which it is on keyboards that
 * still have one; undefined for keys with modifiers that no binding of ours can name.
 */
export function modifiersOf(parameter: number): Modifiers | undefined {
  const bits = parameter - 1
  if (bits < 0 || (bits & (HYPER | META)) !== 0) return undefined
  return {
    shift: (bits & SHIFT) !== 0,
    alt: (bits & (ALT | META_OR_SUPER)) !== 0,
    ctrl: (bits & CTRL) !== 0,
  }
}

/** The same for characters: one with Super is a command to somebody, and never that character. */
export function characterModifiersOf(parameter: number): Modifiers | undefined {
  return ((parameter - 1) & META_OR_SUPER) !== 0 ? undefined : modifiersOf(parameter)
}

/** Whether capital letters are locked, which matters where the terminal does not say the text. */
export function hasCapsLock(parameter: number): boolean {
  return ((parameter - 1) & CAPS_LOCK) !== 0
}
