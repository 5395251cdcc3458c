import type { MouseEvent } from './events.js'

const SHIFT = 4
const ALT = 8
const CTRL = 16
const MOTION = 32
const WHEEL = 64
const EXTRA = 128

/** Larger than any terminal; keeps nonsense out of arithmetic. */
const CELL_MAX = 65_535
const BUTTONS = ['left', 'middle', 'right', 'none'] as const

export interface MouseReport {
  readonly bits: number
  readonly column: number
  readonly row: number
  /** The report ended with `m`. */
  readonly released: boolean
}

/** SGR reports (mode 1006). Undefined for the wheel to the side and for buttons past the third. */
export function mouseEvent({ bits, column, row, released }: MouseReport): MouseEvent | undefined {
  if (![column, row].every((cell) => cell >= 1 && cell <= CELL_MAX)) return undefined
  if (bits >= EXTRA) return undefined
  const action = actionOf(bits, released)
  if (action === undefined) return undefined
  const isWheel = (bits & WHEEL) !== 0
  return {
    kind: 'mouse',
    action,
    button: isWheel ? 'none' : (BUTTONS[bits & 3] ?? 'none'),
    column,
    row,
    ctrl: (bits & CTRL) !== 0,
    alt: (bits & ALT) !== 0,
    shift: (bits & SHIFT) !== 0,
  }
}

function actionOf(bits: number, released: boolean): MouseEvent['action'] | undefined {
  if ((bits & WHEEL) !== 0) {
    if (released) return undefined
    return (['wheel-up', 'wheel-down'] as const)[bits & 3]
  }
  if ((bits & MOTION) !== 0) return 'move'
  return released ? 'release' : 'press'
}
