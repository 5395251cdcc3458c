import type { BoundedBytes } from './bounded-bytes.js'
import { chordEvent, type InputEvent, keyEvent, type UnknownEvent } from './events.js'
import type { Paste } from './paste.js'

/** How long a byte that may be a key by itself waits for what would make it a sequence. */
export const ESCAPE_TIMEOUT_MS = 40
/** How long a sequence or a character that has certainly begun waits for its end. */
export const SEQUENCE_TIMEOUT_MS = 500

/** What has begun and has not ended. */
export type State =
  | { readonly at: 'ground' }
  /** Escape, once or (`twice`) two times. */
  | { readonly at: 'escape'; readonly twice: boolean }
  /** The first bytes of a character of several, behind an escape. */
  | { readonly at: 'alt' }
  | ControlState
  /** The three bytes behind `CSI M`: a mouse report of before mode 1006. */
  | { readonly at: 'old-mouse'; readonly missing: number }
  | StringState
  | { readonly at: 'paste'; readonly paste: Paste }

/** `CSI body` or `SS3 body`, before the byte that ends it. */
export interface ControlState {
  readonly at: 'csi' | 'ss3'
  /** An escape more came before it, which is how some terminals say Alt. */
  readonly alt: boolean
  readonly body: string
  /** How many bytes were too many to keep. */
  readonly over: number
}

/** `OSC content`, `DCS content` or `APC content`. */
export interface StringState {
  readonly at: 'osc' | 'dcs' | 'apc'
  readonly content: BoundedBytes
  /** The last byte was an escape: the terminator's first half, or the beginning of something else. */
  readonly escaped: boolean
}

export const GROUND: State = { at: 'ground' }

const INTRODUCERS = { csi: '[', ss3: 'O', osc: ']', dcs: 'P', apc: '_' } as const

/** How long to wait for another byte; undefined where a state has no end but its own. */
export function patienceOf(state: State): number | undefined {
  switch (state.at) {
    case 'ground':
    case 'paste':
      return undefined
    case 'escape':
      return ESCAPE_TIMEOUT_MS
    case 'alt':
    case 'old-mouse':
      return SEQUENCE_TIMEOUT_MS
    case 'csi':
    case 'ss3':
    case 'osc':
    case 'dcs':
    case 'apc':
      return isBare(state) ? ESCAPE_TIMEOUT_MS : SEQUENCE_TIMEOUT_MS
  }
}

/**
 * What a sequence that does not end says: `Alt+[` where only `CSI` came, and else that something was
 * swallowed. A last escape is the caller's.
 */
export function unfinished(state: ControlState | StringState): readonly InputEvent[] {
  if (!isBare(state)) return [unknown(state.at, lengthOf(state))]
  const key = chordEvent(INTRODUCERS[state.at], { alt: true })
  return 'alt' in state && state.alt ? [keyEvent('escape'), key] : [key]
}

/** What a sequence said that ended with `ending` bytes; undefined where that has no meaning here. */
export function finished(
  state: ControlState | StringState,
  ending: number,
  events: readonly InputEvent[] | undefined,
): readonly InputEvent[] {
  const told = events ?? [unknown(state.at, lengthOf(state) + ending)]
  return 'alt' in state && state.alt ? withAlt(told) : told
}

export function unknown(sequence: UnknownEvent['sequence'], bytes: number): UnknownEvent {
  return { kind: 'unknown', sequence, bytes }
}

/** The escape before a key is its Alt; before anything else it was a key of its own. */
function withAlt(events: readonly InputEvent[]): readonly InputEvent[] {
  const [event] = events
  if (event?.kind === 'key') return [{ ...event, alt: true }]
  if (event?.kind === 'text' && Array.from(event.text).length === 1) {
    return [chordEvent(event.text, { alt: true })]
  }
  return [keyEvent('escape'), ...events]
}

function isBare(state: ControlState | StringState): boolean {
  return 'content' in state ? state.content.seen === 0 : state.body === ''
}

function lengthOf(state: ControlState | StringState): number {
  if ('content' in state) return 2 + state.content.seen
  return 2 + Number(state.alt) + state.body.length + state.over
}
