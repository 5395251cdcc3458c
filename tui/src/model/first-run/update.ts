import {
  asSottoError,
  formatUsername,
  parseInviteLink,
  parseSignupCode,
  parseUsername,
  type SottoError,
} from '@sotto/protocol'

import { type as typed, type Composer } from '../../composer/composer.js'
import type { InputEvent } from '../../input/events.js'
import { EDITS } from '../commands/edit.js'
import { chordOf, EDITING } from '../keymap.js'
import type { FirstRunAction, FirstRunEffect, FirstRunStep } from './action.js'
import {
  FIRST_RUN_SIZE_MIN,
  isBegun,
  lineOf,
  writtenIn,
  type ChosenRelay,
  type FirstRun,
} from './state.js'

/** The first run after something has happened, and what is wanted of it. Pure. */
export function updateFirstRun(state: FirstRun, action: FirstRunAction): FirstRunStep {
  switch (action.kind) {
    case 'input':
      return input(state, action.event)
    case 'line':
      return line(state, action.text.trim())
    case 'resize':
      return step({ ...state, size: action.size }, { kind: 'redraw' })
    case 'capabilities':
      return step({ ...state, capabilities: action.capabilities })
    case 'relay':
      return isAwaited(state, action) ? relayChosen(state, action.chosen) : step(state)
    case 'username': {
      const { username, availability } = action
      const known = new Map(state.username.known).set(username, availability)
      const told: FirstRun = { ...state, username: { ...state.username, known } }
      const isWaited = state.step === 'username' && state.asked.state === 'waiting'
      return isWaited && usernameOf(state) === username ? named(idle(told), username) : step(told)
    }
    case 'key-place':
      return step({ ...state, key: { ...state.key, place: action.place } })
    case 'secret':
      return secret(state, action.is)
    case 'made': {
      const { chosen } = state.relay
      if (!isAwaited(state, action) || chosen === undefined) return step(state)
      return step(state, { kind: 'done', relay: chosen })
    }
    case 'refused':
      return isAwaited(state, action) ? refused(state, action.error) : step(state)
  }
}

function input(state: FirstRun, event: InputEvent): FirstRunStep {
  switch (event.kind) {
    case 'text':
    case 'paste':
      return isTooSmall(state) ? step(state) : text(state, event.text)
    case 'key':
      return key(state, chordOf(event))
    case 'mouse':
    case 'focus':
    case 'reply':
    case 'unknown':
      return step(state)
  }
}

export const isTooSmall = ({ size }: FirstRun): boolean =>
  size.columns < FIRST_RUN_SIZE_MIN.columns || size.rows < FIRST_RUN_SIZE_MIN.rows

function text(state: FirstRun, written: string): FirstRunStep {
  if (state.asked.state === 'waiting') return step(state)
  if (state.step === 'passphrase')
    return step(idle(state), { kind: 'secret', change: 'type', text: written })
  if (state.step === 'key') {
    if (written === '1' || written === '2') return moved(state, written === '1' ? -1 : 1)
    return step(state)
  }
  // One line: what is pasted may end with one.
  return edited(state, (before) => typed(before, written.replace(/[\r\n]/g, '')))
}

function key(state: FirstRun, chord: string): FirstRunStep {
  switch (chord) {
    case 'ctrl+c':
    case 'ctrl+d':
      return step(state, { kind: 'quit' })
    case 'ctrl+z':
      return step(state, { kind: 'suspend' })
  }
  if (isTooSmall(state)) return step(state) // Nobody sees what a key would do.
  if (chord === 'escape') return back(state)
  if (state.asked.state === 'waiting') return step(state)
  switch (chord) {
    case 'enter':
      return chosen(state)
    case 'up':
    case 'shift+tab':
      return moved(state, -1)
    case 'down':
    case 'tab':
      return moved(state, 1)
    default:
      return state.step === 'passphrase' ? blindly(state, chord) : editedBy(state, chord)
  }
}

function blindly(state: FirstRun, chord: string): FirstRunStep {
  const name = EDITING[chord]
  if (name === 'edit.backspace')
    return step(idle(state), { kind: 'secret', change: 'erase', text: '' })
  if (name !== 'edit.kill-to-start' && name !== 'edit.kill-word') return step(state)
  return step(idle(state), { kind: 'secret', change: 'wipe', text: '' })
}

function editedBy(state: FirstRun, chord: string): FirstRunStep {
  const name = EDITING[chord]
  const change = Object.entries(EDITS).find(([each]) => each === name)?.[1]
  return change === undefined ? step(state) : edited(state, change)
}

/** What is written in this step's line changes; what was refused was something else. */
function edited(state: FirstRun, change: (composer: Composer) => Composer): FirstRunStep {
  switch (state.step) {
    case 'relay': {
      const written = change(state.relay.line)
      return step(idle({ ...state, relay: { ...state.relay, which: 'given', line: written } }))
    }
    case 'code':
      return step(idle({ ...state, code: { line: change(state.code.line) } }))
    case 'username': {
      const written = change(state.username.line)
      return asking(idle({ ...state, username: { ...state.username, line: written } }))
    }
    case 'key':
    case 'passphrase':
      return step(state)
  }
}

/** Asks whether the username that is written is free, unless that is known. */
function asking(state: FirstRun): FirstRunStep {
  const username = usernameOf(state)
  const { chosen: relay } = state.relay
  if (username === undefined || relay === undefined) return step(state)
  if (state.username.known.has(username) || isBegun(state, username)) return step(state)
  return step(state, { kind: 'ask-username', relay: relay.address, username })
}

function moved(state: FirstRun, by: number): FirstRunStep {
  if (state.step === 'relay') {
    const which = by > 0 ? 'private' : 'given'
    return step(idle({ ...state, relay: { ...state.relay, which } }))
  }
  if (state.step !== 'key') return step(state)
  return step(idle({ ...state, key: { ...state.key, which: by > 0 ? 'passphrase' : 'here' } }))
}

/** One step back; what was said stays. From the first there is none. */
function back(state: FirstRun): FirstRunStep {
  if (state.asked.state === 'waiting') {
    // What is being made is on the relay or not: only its answer tells.
    return state.step === 'key' || state.step === 'passphrase' ? step(state) : step(idle(state))
  }
  switch (state.step) {
    case 'relay':
      return step(idle(state))
    case 'code':
      return step(idle({ ...state, step: 'relay' }))
    case 'username':
      return step(idle({ ...state, step: needsCode(state) ? 'code' : 'relay' }))
    case 'key':
      return toUsername(state)
    case 'passphrase':
      return step(idle({ ...state, step: 'key' }), FORGET)
  }
}

const FORGET: FirstRunEffect = { kind: 'secret', change: 'forget', text: '' }

/** Enter. */
function chosen(state: FirstRun): FirstRunStep {
  switch (state.step) {
    case 'relay':
      return relayWanted(state)
    case 'code':
      return codeShown(state)
    case 'username': {
      const written = writtenIn(state.username)
      if (written === '') return step(state)
      try {
        return named(state, formatted(written))
      } catch (thrown) {
        return step(withRefusal(state, asSottoError(thrown)))
      }
    }
    case 'key':
      if (state.key.which === 'passphrase')
        return step({
          ...idle(state),
          step: 'passphrase',
          key: { ...state.key, typing: 'first', fault: undefined },
        })
      return state.key.place === undefined ? step(state) : making(state)
    case 'passphrase':
      return step(state, { kind: 'secret', change: 'enter', text: '' })
  }
}

function relayWanted(state: FirstRun): FirstRunStep {
  const asked = waiting(state)
  const { turn } = asked
  if (state.relay.which === 'private') return step(asked, { kind: 'start-relay', turn })
  const written = writtenIn(state.relay)
  if (written === '') return step(state)
  try {
    if (!/^sotto:/i.test(written)) {
      const relay = /^[a-z]+:\/\//i.test(written) ? written : `https://${written}`
      return step(asked, { kind: 'greet', turn, relay, invite: undefined })
    }
    const { relay } = parseInviteLink(written)
    return step(asked, { kind: 'greet', turn, relay, invite: written })
  } catch (thrown) {
    return step(withRefusal(state, asSottoError(thrown)))
  }
}

/** What another relay said of names does not count for this one. */
function relayChosen(state: FirstRun, relay: ChosenRelay): FirstRunStep {
  const isSame = state.relay.chosen?.address === relay.address
  const known = isSame ? state.username.known : new Map<string, never>()
  const chosen = idle({
    ...state,
    relay: { ...state.relay, chosen: relay },
    username: { ...state.username, known },
  })
  return relay.needsCode ? step({ ...chosen, step: 'code' }) : toUsername(chosen)
}

const needsCode = ({ relay }: FirstRun): boolean => relay.chosen?.needsCode === true

/** None is needed for an account that was begun here: it may have been made with it. */
function codeShown(state: FirstRun): FirstRunStep {
  try {
    codeOf(state)
  } catch (thrown) {
    return step(withRefusal(state, asSottoError(thrown)))
  }
  return writtenIn(state.code) === '' && state.begun === undefined ? step(state) : toUsername(state)
}

/** Throws `usage/invalid` for what is no code. */
function codeOf(state: FirstRun): string | undefined {
  const written = writtenIn(state.code)
  return needsCode(state) && written !== '' ? parseSignupCode(written) : undefined
}

function toUsername(state: FirstRun): FirstRunStep {
  return asking(idle({ ...state, step: 'username' }))
}

/** On with a username that is free, or of which the relay does not tell; else it is waited for. */
function named(state: FirstRun, username: string): FirstRunStep {
  const on = step(idle({ ...state, step: 'key' }), { kind: 'find-key-place' })
  // Whoever has it may be what was begun here under a passphrase: making it tells.
  if (isBegun(state, username) || state.begun === 'locked') return on
  const known = state.username.known.get(username)
  switch (known?.state) {
    case undefined:
      return { ...asking(state), state: waiting(state) }
    case 'taken':
      return step(state)
    case 'free':
    case 'unknown':
      return on
  }
}

function secret(state: FirstRun, is: 'empty' | 'first' | 'same' | 'different'): FirstRunStep {
  if (state.step !== 'passphrase') return step(state)
  switch (is) {
    case 'empty':
      return step({ ...state, key: { ...state.key, fault: 'empty' } })
    case 'first':
      return step({ ...state, key: { ...state.key, typing: 'again', fault: undefined } })
    case 'different':
      return step({ ...state, key: { ...state.key, typing: 'first', fault: 'different' } })
    case 'same':
      return making({ ...state, key: { ...state.key, fault: undefined } })
  }
}

function making(state: FirstRun): FirstRunStep {
  const username = usernameOf(state)
  const { chosen: relay } = state.relay
  if (username === undefined || relay === undefined) return step(state)
  const asked = waiting(state)
  const isLocked = state.step === 'passphrase'
  const { turn } = asked
  const code = codeOf(state)
  return step(asked, { kind: 'make', turn, relay: relay.address, username, code, isLocked })
}

const CODE_REFUSALS: ReadonlySet<string> = new Set([
  'relay/registration-closed',
  'signup-code/unknown',
  'signup-code/expired',
  'signup-code/used-up',
])

function refused(state: FirstRun, error: SottoError): FirstRunStep {
  const username = usernameOf(state)
  const told = withRefusal(state, error)
  if (error.code === 'username/taken' && username !== undefined) {
    const known = new Map(state.username.known).set(username, { state: 'taken', instead: [] })
    return step({ ...told, step: 'username', username: { ...state.username, known } }, FORGET)
  }
  if (CODE_REFUSALS.has(error.code)) return step({ ...told, step: 'code' }, FORGET)
  return step({ ...told, key: { ...state.key, typing: 'first' } })
}

function line(state: FirstRun, written: string): FirstRunStep {
  if (written === 'back') return back(state)
  switch (state.step) {
    case 'relay': {
      const { relay } = state
      if (written === '') return chosen(state)
      if (written === '1') return step(idle({ ...state, relay: { ...relay, which: 'given' } }))
      if (written === '2') return chosen({ ...state, relay: { ...relay, which: 'private' } })
      return chosen({ ...state, relay: { ...relay, which: 'given', line: lineOf(written) } })
    }
    case 'code':
      if (written === '') return chosen(state)
      return chosen({ ...state, code: { line: lineOf(written) } })
    case 'username':
      if (written === '') return chosen(state)
      return chosen({ ...state, username: { ...state.username, line: lineOf(written) } })
    case 'key':
      if (written === '') return chosen(state)
      return written === '1' || written === '2' ? chosen(text(state, written).state) : step(state)
    case 'passphrase':
      return chosen(state)
  }
}

/** The username that is written, in the way it is kept; undefined: it is none yet. */
export function usernameOf({ username }: Pick<FirstRun, 'username'>): string | undefined {
  try {
    return formatted(writtenIn(username))
  } catch {
    return undefined // Half a name is no error yet: it is one when Enter is pressed.
  }
}

function formatted(written: string): string {
  return formatUsername(parseUsername(written.replace(/^@/, '')))
}

function isAwaited({ asked, turn }: FirstRun, answer: { readonly turn: number }): boolean {
  return asked.state === 'waiting' && turn === answer.turn
}

function waiting(state: FirstRun): FirstRun {
  return { ...state, asked: { state: 'waiting' }, turn: state.turn + 1 }
}

function idle(state: FirstRun): FirstRun {
  return { ...state, asked: { state: 'idle' } }
}

function withRefusal(state: FirstRun, error: SottoError): FirstRun {
  return { ...state, asked: { state: 'refused', error } }
}

function step(state: FirstRun, ...effects: readonly FirstRunEffect[]): FirstRunStep {
  return { state, effects }
}
