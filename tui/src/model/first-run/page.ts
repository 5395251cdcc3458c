import type { FirstRunWords } from '../../words/first-run-words.js'
import { tellError } from '../tell.js'
import type { Role } from '../../rows/row.js'
import { isBegun, type FirstRun } from './state.js'
import { usernameOf } from './update.js'

/** What a step says, however it is shown: as a screen, or as lines. */
export interface FirstRunPage {
  readonly heading: string
  readonly why: string
  readonly number: number
  readonly choices: readonly PageChoice[]
  /** `blind`: what is typed is not shown. */
  readonly field: { readonly prompt: string; readonly isBlind: boolean } | undefined
  /** What there is to know of what was said, each in paragraphs of their own. */
  readonly told: readonly Told[]
  readonly hint: string
}

export interface PageChoice {
  readonly label: string
  readonly help: string
  readonly isChosen: boolean
}

export interface Told {
  readonly text: string
  readonly role: Role
}

/** With the first conversation, which is begun on the screen of the account. */
export const STEPS = 4
const NUMBERS = { relay: 1, code: 1, username: 2, key: 3, passphrase: 3 } as const

export function pageOf(state: FirstRun, words: FirstRunWords, relayFolder: string): FirstRunPage {
  const { heading, why } = words[state.step]
  const isWaiting = state.asked.state === 'waiting'
  return {
    ...{ heading, why, number: NUMBERS[state.step] },
    choices: choicesOf(state, words, relayFolder),
    field: fieldOf(state, words),
    told: toldOf(state, words),
    hint: isWaiting ? words.hints.waiting : words.hints[state.step],
  }
}

function choicesOf(
  { step, relay, key }: FirstRun,
  words: FirstRunWords,
  relayFolder: string,
): readonly PageChoice[] {
  switch (step) {
    case 'relay':
      return [
        { ...words.relay.given, isChosen: relay.which === 'given' },
        { ...words.relay.own(relayFolder), isChosen: relay.which === 'private' },
      ]
    case 'key':
      return [
        { ...words.key[key.place ?? 'looking'], isChosen: key.which === 'here' },
        { ...words.key.passphrase, isChosen: key.which === 'passphrase' },
      ]
    case 'code':
    case 'username':
    case 'passphrase':
      return []
  }
}

function fieldOf({ step, relay, key }: FirstRun, words: FirstRunWords): FirstRunPage['field'] {
  switch (step) {
    case 'relay':
      return relay.which === 'given' ? { prompt: words.relay.prompt, isBlind: false } : undefined
    case 'code':
      return { prompt: words.code.prompt, isBlind: false }
    case 'username':
      return { prompt: words.username.prompt, isBlind: false }
    case 'key':
      return undefined
    case 'passphrase':
      return { prompt: words.passphrase[key.typing], isBlind: true }
  }
}

function toldOf(state: FirstRun, words: FirstRunWords): readonly Told[] {
  const { asked, step } = state
  const refusal: readonly Told[] =
    asked.state === 'refused' ? [{ text: tellError(asked.error), role: 'bad' }] : []
  const isWaiting = asked.state === 'waiting'
  switch (step) {
    case 'relay': {
      const { asking, starting } = words.relay
      if (!isWaiting) return refusal
      return [{ text: state.relay.which === 'private' ? starting : asking, role: 'accent' }]
    }
    case 'code':
      return refusal
    case 'username':
      return [...usernameTold(state, words), ...refusal]
    case 'key':
    case 'passphrase': {
      const { fault } = state.key
      const { making, working } = words.key
      const text = state.relay.chosen?.needsWork === true ? working : making
      if (isWaiting) return [{ text, role: 'accent' }]
      const missed: readonly Told[] =
        fault === undefined ? [] : [{ text: words.passphrase[fault], role: 'bad' }]
      return step === 'passphrase' ? [...missed, ...refusal] : refusal
    }
  }
}

function usernameTold(state: FirstRun, { username: words }: FirstRunWords): readonly Told[] {
  const username = usernameOf(state)
  const { chosen } = state.relay
  const where: Told = { text: words.onRelay(shortly(chosen?.address ?? '')), role: 'dim' }
  const locked: readonly Told[] =
    state.begun === 'locked' ? [{ text: words.begunLocked, role: 'warn' }] : []
  if (username === undefined) return [{ text: words.form, role: 'dim' }, where, ...locked]
  if (isBegun(state, username)) return [{ text: words.begun, role: 'good' }, where]
  const known = state.username.known.get(username)
  switch (known?.state) {
    case undefined:
      return [{ text: words.asking, role: 'dim' }, where, ...locked]
    case 'free':
      return [{ text: `✓ ${username}: ${words.free}`, role: 'good' }, where, ...locked]
    case 'taken': {
      const instead: readonly Told[] =
        known.instead.length === 0 ? [] : [{ text: words.instead(known.instead), role: 'good' }]
      return [{ text: `${username}: ${words.taken}`, role: 'bad' }, ...instead, where, ...locked]
    }
    case 'unknown':
      return [{ text: words.unknown(known.error.message), role: 'warn' }, where, ...locked]
  }
}

/** The root key is for machines. */
const shortly = (address: string): string => address.replace(/#.*$/s, '')
