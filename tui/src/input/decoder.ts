import { Buffer } from 'node:buffer'

import { BoundedBytes } from './bounded-bytes.js'
import { chordEvent, type InputEvent, keyEvent, textEvent } from './events.js'
import { controlKey } from './legacy.js'
import { stepControl, type Step, stepString } from './sequences.js'
import {
  GROUND,
  patienceOf,
  SEQUENCE_TIMEOUT_MS,
  type State,
  type StringState,
  unfinished,
  unknown,
} from './states.js'
import { Utf8Decoder } from './utf8.js'

/** The longest answer of a terminal: a clipboard, in base64. */
export const STRING_BYTES_MAX = 1024 * 1024

const ESCAPE = 0x1b
const DELETE = 0x7f
const CSI = 0x5b
const SS3 = 0x4f
const STRINGS: ReadonlyMap<number, StringState['at']> = new Map([
  [0x5d, 'osc'],
  [0x50, 'dcs'],
  [0x5f, 'apc'],
])

/**
 * Bytes of a terminal to what they say, however the reads cut them: after every push the events are
 * those of all bytes so far, as if they had come at once (two neighbouring text events mean the same
 * as one). It has no clock: when `pendingMs` have passed without another byte, call `flush`.
 *
 * Nothing is lost in silence: bytes that are no UTF-8 become U+FFFD, a sequence of no meaning an
 * event `unknown`. Memory is bounded by `STRING_BYTES_MAX` and `PASTE_BYTES_MAX`. It throws nothing.
 */
export class InputDecoder {
  #state: State = GROUND
  readonly #utf8 = new Utf8Decoder()
  #text = ''
  #events: InputEvent[] = []

  /**
   * For how many milliseconds more bytes may change what the last ones meant; undefined when nothing
   * waits, and inside a paste, which ends only with its mark.
   */
  get pendingMs(): number | undefined {
    return this.#utf8.pending ? SEQUENCE_TIMEOUT_MS : patienceOf(this.#state)
  }

  push(bytes: Uint8Array): InputEvent[] {
    let at = 0
    while (at < bytes.length) at += this.#take(bytes, at)
    return this.#drain()
  }

  /** No byte came in time: what waits is decided by what is there. Inside a paste it does nothing. */
  flush(): InputEvent[] {
    const state = this.#state
    if (state.at !== 'paste') {
      this.#state = GROUND
      this.#giveUp(state)
    }
    return this.#drain()
  }

  /** How many bytes were taken: at least one, or none and something that waited waits no more. */
  #take(bytes: Uint8Array, at: number): number {
    const state = this.#state
    const byte = bytes[at] ?? 0
    switch (state.at) {
      case 'ground':
        return this.#takeTyped(bytes, at)
      case 'escape':
        return this.#takeEscaped(byte, state.twice)
      case 'alt':
        return this.#takeAlt(byte)
      case 'csi':
      case 'ss3':
        return this.#follow(stepControl(state, byte))
      case 'osc':
      case 'dcs':
      case 'apc':
        return this.#follow(stepString(state, bytes, at))
      case 'old-mouse':
        if (state.missing > 1) this.#state = { ...state, missing: state.missing - 1 }
        else this.#end(unknown('csi', 6))
        return 1
      case 'paste': {
        const end = state.paste.push(bytes, at)
        if (end !== undefined) this.#end(state.paste.end())
        return (end ?? bytes.length) - at
      }
    }
  }

  #follow({ state, events, taken }: Step): number {
    this.#state = state
    this.#emit(...events)
    return taken
  }

  #takeTyped(bytes: Uint8Array, at: number): number {
    const length = this.#utf8.pending ? 0 : plainLength(bytes, at)
    if (length > 0) {
      this.#text += latin1(bytes.subarray(at, at + length))
      return length
    }
    const byte = bytes[at] ?? 0
    if (byte > DELETE) {
      this.#type(this.#utf8.push(byte))
      return 1
    }
    if (this.#utf8.pending) {
      this.#type(this.#utf8.flush())
      return 0
    }
    if (byte === ESCAPE) this.#state = { at: 'escape', twice: false }
    else this.#emit(controlKey(byte, false))
    return 1
  }

  #takeEscaped(byte: number, twice: boolean): number {
    if (byte === CSI || byte === SS3) {
      this.#state = { at: byte === CSI ? 'csi' : 'ss3', alt: twice, body: '', over: 0 }
      return 1
    }
    if (twice) {
      // Only keys of several bytes have two escapes: the first was a key, the second is looked at again.
      this.#emit(keyEvent('escape'))
      this.#state = { at: 'escape', twice: false }
      return 0
    }
    const string = STRINGS.get(byte)
    if (string !== undefined) {
      this.#state = { at: string, content: new BoundedBytes(STRING_BYTES_MAX), escaped: false }
      return 1
    }
    if (byte === ESCAPE) this.#state = { at: 'escape', twice: true }
    else if (byte < 0x20 || byte === DELETE) this.#end(controlKey(byte, true))
    else return this.#takeAlt(byte)
    return 1
  }

  /** A character behind an escape. One that is broken is none, and the escape was a key. */
  #takeAlt(byte: number): number {
    const isBroken = this.#utf8.pending && (byte < 0x80 || byte > 0xbf)
    const character = isBroken ? this.#utf8.flush() : this.#utf8.push(byte)
    if (character === '') this.#state = { at: 'alt' }
    else if (/^[^\ufffd\p{Cc}]$/u.test(character)) this.#end(chordEvent(character, { alt: true }))
    else {
      this.#end(keyEvent('escape'))
      this.#type(character)
    }
    return isBroken ? 0 : 1
  }

  #giveUp(state: Exclude<State, { at: 'paste' }>): void {
    switch (state.at) {
      case 'ground':
        break
      case 'escape':
        this.#emit(keyEvent('escape'))
        if (state.twice) this.#emit(keyEvent('escape'))
        break
      case 'alt':
        this.#emit(keyEvent('escape'))
        break
      case 'old-mouse':
        this.#emit(unknown('csi', 6 - state.missing))
        break
      case 'csi':
      case 'ss3':
        this.#emit(...unfinished(state))
        break
      case 'osc':
      case 'dcs':
      case 'apc':
        this.#emit(...unfinished(state))
        if (state.escaped) this.#emit(keyEvent('escape'))
        break
    }
    this.#type(this.#utf8.flush())
  }

  #end(event: InputEvent): void {
    this.#state = GROUND
    this.#emit(event)
  }

  /** Control characters of Latin 1 are what no keyboard types: they are reported, not typed. */
  #type(text: string): void {
    if (/^[\u0080-\u009f]$/.test(text)) this.#emit(unknown('control', 2))
    else this.#text += text
  }

  #emit(...events: readonly InputEvent[]): void {
    for (const event of events) {
      if (event.kind === 'text') this.#text += event.text
      else this.#events.push(...this.#typed(), event)
    }
  }

  #drain(): InputEvent[] {
    const events = [...this.#events, ...this.#typed()]
    this.#events = []
    return events
  }

  #typed(): readonly InputEvent[] {
    const text = this.#text
    this.#text = ''
    return text === '' ? [] : [textEvent(text)]
  }
}

/** How many bytes from there are ASCII that is typed as it stands. */
function plainLength(bytes: Uint8Array, start: number): number {
  let at = start
  while (at < bytes.length && isPlain(bytes[at] ?? 0)) at += 1
  return at - start
}

function isPlain(byte: number): boolean {
  return byte >= 0x20 && byte < DELETE
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}
