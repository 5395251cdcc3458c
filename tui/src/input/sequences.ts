import { decodeCsi } from './csi.js'
import type { InputEvent } from './events.js'
import { ss3Key } from './legacy.js'
import { modifiersOf } from './modifiers.js'
import { decodeDcs, decodeOsc } from './osc.js'
import { Paste } from './paste.js'
import {
  type ControlState,
  finished,
  GROUND,
  type State,
  type StringState,
  unfinished,
} from './states.js'

/** Longer control sequences are swallowed to their end without being kept. */
export const CONTROL_LENGTH_MAX = 256

const ESCAPE = 0x1b
const BELL = 0x07
const BACKSLASH = 0x5c

/** What a byte did to a sequence that had begun. */
export interface Step {
  readonly state: State
  readonly events: readonly InputEvent[]
  /** How many bytes belonged to the sequence: none, where the next one begins something else. */
  readonly taken: number
}

export function stepControl(state: ControlState, byte: number): Step {
  return state.at === 'csi' ? stepCsi(state, byte) : stepSs3(state, byte)
}

/** Parameters are 0x30 to 0x3f, intermediate bytes 0x20 to 0x2f; 0x40 to 0x7e ends it. */
function stepCsi(state: ControlState, byte: number): Step {
  const { body } = state
  if (!isPrintable(byte)) return abandon(state)
  if (body === '[') return endCsi(state, byte)
  // The Linux console puts another bracket before the letter of F1 to F5.
  if (body === '' && byte === 0x5b) return lengthen(state, byte)
  // rxvt ends its keys with Shift with what is an intermediate byte to the standard.
  if (byte === 0x24 && /^\d+$/.test(body)) return endCsi(state, byte)
  return byte < 0x40 ? lengthen(state, byte) : endCsi(state, byte)
}

function endCsi(state: ControlState, byte: number): Step {
  const final = String.fromCharCode(byte)
  if (state.body === '200' && final === '~') {
    const events = finished(state, 1, [])
    return { state: { at: 'paste', paste: new Paste() }, events, taken: 1 }
  }
  if (state.body === '' && final === 'M') {
    return { state: { at: 'old-mouse', missing: 3 }, events: finished(state, 1, []), taken: 1 }
  }
  const events = state.over > 0 ? undefined : decodeCsi(state.body, final)
  return { state: GROUND, events: finished(state, 1, events), taken: 1 }
}

/** Some terminals put modifiers between SS3 and its letter. */
function stepSs3(state: ControlState, byte: number): Step {
  if (!isPrintable(byte)) return abandon(state)
  if (byte >= 0x30 && byte < 0x3c) return lengthen(state, byte)
  const [, number = '1'] = /^(?:1;)?(\d{1,3})?$/.exec(state.body) ?? [undefined, '0']
  const modifiers = modifiersOf(Number(number))
  const event = modifiers && ss3Key(String.fromCharCode(byte), modifiers)
  return { state: GROUND, events: finished(state, 1, event && [event]), taken: 1 }
}

/** As many bytes as belong to the content of a string, or those that end it. */
export function stepString(state: StringState, bytes: Uint8Array, at: number): Step {
  const byte = bytes[at] ?? 0
  if (state.escaped) return stepEscaped(state, byte)
  const end = controlFrom(bytes, at)
  if (end > at) {
    state.content.append(bytes.subarray(at, end))
    return { state, events: [], taken: end - at }
  }
  if (byte === ESCAPE) return { state: { ...state, escaped: true }, events: [], taken: 1 }
  return byte === BELL && state.at === 'osc' ? endString(state, 1) : abandon(state)
}

function stepEscaped(state: StringState, byte: number): Step {
  if (byte === BACKSLASH) return endString(state, 2)
  return { state: { at: 'escape', twice: false }, events: unfinished(state), taken: 0 }
}

function endString(state: StringState, ending: number): Step {
  const event = state.content.truncated ? undefined : decodeString(state)
  return { state: GROUND, events: finished(state, ending, event && [event]), taken: 1 }
}

function decodeString({ at, content }: StringState): InputEvent | undefined {
  switch (at) {
    case 'osc':
      return decodeOsc(content.bytes)
    case 'dcs':
      return decodeDcs(content.bytes)
    case 'apc':
      return undefined
  }
}

function lengthen(state: ControlState, byte: number): Step {
  const { body, over } = state
  const longer =
    body.length < CONTROL_LENGTH_MAX
      ? { ...state, body: body + String.fromCharCode(byte) }
      : { ...state, over: over + 1 }
  return { state: longer, events: [], taken: 1 }
}

/** A byte that cannot be inside: the sequence was none, and the byte begins something of its own. */
function abandon(state: ControlState | StringState): Step {
  return { state: GROUND, events: unfinished(state), taken: 0 }
}

function controlFrom(bytes: Uint8Array, start: number): number {
  let at = start
  while (at < bytes.length && (bytes[at] ?? 0) >= 0x20) at += 1
  return at
}

function isPrintable(byte: number): boolean {
  return byte >= 0x20 && byte < 0x7f
}
