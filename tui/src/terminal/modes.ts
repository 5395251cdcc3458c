/**
 * What the screen asks of the terminal while it is there, and how that is taken back. Each pair is
 * understood or ignored by every terminal (xterm's ctlseqs; the kitty keyboard protocol).
 */
const MODES: readonly (readonly [on: string, off: string])[] = [
  ['\u001b[?1049h', '\u001b[?1049l'], // The other screen: what was on the terminal comes back.
  ['\u001b[?7l', '\u001b[?7h'], // Nothing wraps by itself, so the last cell can be written.
  ['\u001b[?2004h', '\u001b[?2004l'], // A paste says that it is one.
  ['\u001b[?1004h', '\u001b[?1004l'], // Who has the keyboard.
  ['\u001b[?1000h\u001b[?1006h', '\u001b[?1006l\u001b[?1000l'], // Buttons and the wheel.
  ['\u001b[>1u', '\u001b[<u'], // Keys that are told apart, where the terminal can.
]

/** A change that was broken off in the middle is shown. */
const END_SYNCHRONIZED = '\u001b[?2026l'
const CLEAR = '\u001b[2J'
const SHOW_CURSOR = '\u001b[?25h'
const NO_ATTRIBUTES = '\u001b[0m'

export const ENTER = MODES.map(([on]) => on).join('') + CLEAR
export const LEAVE =
  END_SYNCHRONIZED +
  NO_ATTRIBUTES +
  [...MODES]
    .reverse()
    .map(([, off]) => off)
    .join('') +
  SHOW_CURSOR
