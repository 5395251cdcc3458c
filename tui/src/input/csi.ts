import { type InputEvent, type ModeState, replyEvent } from './events.js'
import { codedKey, otherKey } from './kitty.js'
import { letteredKey, linuxConsoleKey, numberedKey } from './legacy.js'
import { modifiersOf } from './modifiers.js'
import { mouseEvent } from './mouse.js'

/** A control sequence (ECMA-48, 5.4), taken apart. */
interface ControlSequence {
  /** `<`, `=`, `>` or `?`, with which terminals mark what is not in the standard. */
  readonly mark: string
  /** Each with its parts (`97:65`); one that was left out is undefined. */
  readonly parameters: readonly (readonly (number | undefined)[])[]
  readonly intermediates: string
  readonly final: string
}

type Events = readonly InputEvent[]

const MODE_STATES: readonly ModeState[] = ['unknown', 'on', 'off', 'always-on', 'always-off']
/** The bits of the modifiers that terminals of before the kitty protocol can say, and one. */
const LEGACY_MODIFIERS_MAX = 16

/**
 * What `CSI body final` says; undefined when nothing here gives it a meaning, and no event at all for
 * a key that was let go.
 */
export function decodeCsi(body: string, final: string): Events | undefined {
  if (body === '[') return one(linuxConsoleKey(final))
  const sequence = parseSequence(body, final)
  if (sequence === undefined) return undefined
  if (sequence.intermediates !== '') return one(modeReply(sequence))
  if (sequence.mark === '?') return one(privateReply(sequence))
  if (sequence.mark === '<') return one(mouseReport(sequence))
  return sequence.mark === '' ? plain(sequence) : undefined
}

function plain(sequence: ControlSequence): Events | undefined {
  const { final, parameters } = sequence
  switch (final) {
    case 'I':
    case 'O':
      return parameters.length > 0 ? undefined : [{ kind: 'focus', focused: final === 'I' }]
    case 'R':
      return isCursorPosition(sequence) ? one(cursorReply(sequence)) : lettered(sequence)
    case 'u':
      return coded(sequence)
    case '~':
      return numberAt(sequence, 0) === 27 ? other(sequence) : numbered(sequence)
    case '$':
    case '^':
    case '@':
      return numbered(sequence)
    default:
      return lettered(sequence)
  }
}

/**
 * `CSI 1 ; 2 R` is Shift+F3 to xterm and the first row, second column to everybody: it is the key.
 * Ask for the cursor's position below the first row, or with `CSI ? 6 n`.
 */
function isCursorPosition(sequence: ControlSequence): boolean {
  if (sequence.parameters.length !== 2) return false
  return numberAt(sequence, 0) !== 1 || numberAt(sequence, 1, 1) > LEGACY_MODIFIERS_MAX
}

function cursorReply(sequence: ControlSequence): InputEvent | undefined {
  const row = numberAt(sequence, 0)
  const column = numberAt(sequence, 1)
  if (row < 1 || column < 1) return undefined
  return replyEvent({ to: 'cursor-position', row, column })
}

function coded(sequence: ControlSequence): Events | undefined {
  const [keys = [], modifiers = [], text = []] = sequence.parameters
  if (keys[0] === undefined) return undefined
  return codedKey({
    code: keys[0],
    shifted: keys[1],
    modifiers: modifiers[0] ?? 1,
    action: actionOf(sequence),
    text: text.filter((code) => code !== undefined),
  })
}

function other(sequence: ControlSequence): Events | undefined {
  if (sequence.parameters.length !== 3) return undefined
  return otherKey(numberAt(sequence, 2), numberAt(sequence, 1, 1))
}

function numbered(sequence: ControlSequence): Events | undefined {
  const modifiers = modifiersOf(numberAt(sequence, 1, 1))
  if (modifiers === undefined || sequence.parameters.length > 2) return undefined
  const event = numberedKey(numberAt(sequence, 0), sequence.final, modifiers)
  return unlessReleased(sequence, event)
}

function lettered(sequence: ControlSequence): Events | undefined {
  const { parameters } = sequence
  // Old terminals leave the 1 of `CSI 1 ; 5 A` out.
  const modifiers = modifiersOf(numberAt(sequence, parameters.length === 1 ? 0 : 1, 1))
  if (modifiers === undefined || parameters.length > 2) return undefined
  return unlessReleased(sequence, letteredKey(sequence.final, modifiers))
}

function unlessReleased(
  sequence: ControlSequence,
  event: InputEvent | undefined,
): Events | undefined {
  if (event === undefined) return undefined
  return actionOf(sequence) === 'release' ? [] : [event]
}

/** The kitty protocol says it behind the modifiers: `CSI 1 ; 5 : 3 A`. */
function actionOf({ parameters }: ControlSequence): 'press' | 'repeat' | 'release' {
  const action = parameters[1]?.[1]
  if (action === 3) return 'release'
  return action === 2 ? 'repeat' : 'press'
}

function mouseReport(sequence: ControlSequence): InputEvent | undefined {
  if (sequence.final !== 'M' && sequence.final !== 'm') return undefined
  if (sequence.parameters.length !== 3) return undefined
  return mouseEvent({
    bits: numberAt(sequence, 0),
    column: numberAt(sequence, 1),
    row: numberAt(sequence, 2),
    released: sequence.final === 'm',
  })
}

function privateReply(sequence: ControlSequence): InputEvent | undefined {
  switch (sequence.final) {
    case 'c': {
      const attributes = sequence.parameters.map(([number]) => number ?? 0)
      return replyEvent({ to: 'device-attributes', attributes })
    }
    case 'u':
      return replyEvent({ to: 'keyboard', flags: numberAt(sequence, 0) })
    case 'R':
      return cursorReply(sequence)
    default:
      return undefined
  }
}

function modeReply(sequence: ControlSequence): InputEvent | undefined {
  const { mark, intermediates, final } = sequence
  if (mark !== '?' || intermediates !== '$' || final !== 'y') return undefined
  const state = MODE_STATES[numberAt(sequence, 1)]
  if (state === undefined || sequence.parameters.length !== 2) return undefined
  return replyEvent({ to: 'mode', mode: numberAt(sequence, 0), state })
}

function parseSequence(body: string, final: string): ControlSequence | undefined {
  const parts = /^([<=>?]?)([\d:;]*)([ -/]*)$/.exec(body)
  if (parts === null) return undefined
  const [, mark = '', numbers = '', intermediates = ''] = parts
  // Longer numbers mean nothing to anybody, and would lose their precision.
  if (/\d{10}/.test(numbers)) return undefined
  const parameters = numbers === '' ? [] : numbers.split(';').map(parseParameter)
  return { mark, parameters, intermediates, final }
}

function parseParameter(parameter: string): readonly (number | undefined)[] {
  return parameter.split(':').map((part) => (part === '' ? undefined : Number(part)))
}

function numberAt(sequence: ControlSequence, at: number, otherwise = 0): number {
  return sequence.parameters[at]?.[0] ?? otherwise
}

function one(event: InputEvent | undefined): Events | undefined {
  return event && [event]
}
