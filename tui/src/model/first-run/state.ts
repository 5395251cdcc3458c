import type { BegunAccount } from '@sotto/client-core'
import type { SottoError } from '@sotto/protocol'

import { openComposer, type as typed, type Composer } from '../../composer/composer.js'
import { UNANSWERED, type Capabilities } from '../capabilities.js'
import type { Size } from '../state.js'

/**
 * Where somebody is who has no account yet, and what they have said: a value. `updateFirstRun` makes the
 * next one of it. Nothing of it is on the disk: until the last step is done nothing has been made, but
 * for a private relay where one was wanted.
 */
export interface FirstRun {
  readonly size: Size
  readonly capabilities: Capabilities
  readonly step: FirstRunStepName
  /** How what this step asked for stands. */
  readonly asked: FirstRunAsked
  /** Counts what was asked: an answer to anything before the last is to nobody. */
  readonly turn: number
  readonly relay: RelayChoice
  /** The sign-up code as it is written, where the relay wants one. */
  readonly code: { readonly line: Composer }
  readonly username: UsernameChoice
  readonly key: KeyChoice
  /** What a first run before this one has begun; `locked`: only its passphrase tells what. */
  readonly begun: BegunAccount | 'locked' | undefined
}

export type FirstRunStepName = 'relay' | 'code' | 'username' | 'key' | 'passphrase'

export type FirstRunAsked =
  | { readonly state: 'idle' }
  | { readonly state: 'waiting' }
  | { readonly state: 'refused'; readonly error: SottoError }

export interface RelayChoice {
  /** `given`: what is written in the line. */
  readonly which: 'given' | 'private'
  readonly line: Composer
  readonly chosen: ChosenRelay | undefined
}

/** A relay that has answered. */
export interface ChosenRelay {
  /** With the root key that it has shown. */
  readonly address: string
  /** The link that told which relay; its sender is the first contact. */
  readonly invite: string | undefined
  /** It takes nobody without a sign-up code. */
  readonly needsCode: boolean
  /** It wants some seconds of this computer's work. */
  readonly needsWork: boolean
  readonly own: PrivateRelay | undefined
}

/** A relay of this person alone, which goes on running. */
export interface PrivateRelay {
  readonly address: string
  /** Where everything of it rests. */
  readonly folder: string
  /** The command that ends it. */
  readonly stop: string
}

export interface UsernameChoice {
  readonly line: Composer
  /** What the chosen relay has said of names. */
  readonly known: ReadonlyMap<string, Availability>
}

export type Availability =
  | { readonly state: 'free' }
  /** `instead`: like it, and free. */
  | { readonly state: 'taken'; readonly instead: readonly string[] }
  /** The relay did not say: it will when the account is made. */
  | { readonly state: 'unknown'; readonly error: SottoError }

export interface KeyChoice {
  readonly which: 'here' | 'passphrase'
  /** Where it would rest without a passphrase; undefined until that is tried out. */
  readonly place: 'keyring' | 'file' | undefined
  /** What is typed blindly just now, and why once more. */
  readonly typing: 'first' | 'again'
  readonly fault: 'empty' | 'different' | undefined
}

export interface FirstRunOptions {
  readonly size: Size
  /** A username that may do; undefined: none comes to mind. */
  readonly offered: string | undefined
  readonly begun: BegunAccount | 'locked' | undefined
  /** There is a private relay already, of a first run that was not finished. */
  readonly hasPrivateRelay: boolean
}

const LINE_BYTES_MAX = 1_024
/** Narrower or lower nothing can be shown. */
export const FIRST_RUN_SIZE_MIN: Size = { columns: 40, rows: 10 }

export function firstRunState(options: FirstRunOptions): FirstRun {
  const { size, offered, begun, hasPrivateRelay } = options
  const known = begun === 'locked' ? undefined : begun
  const isPrivate = hasPrivateRelay && known === undefined
  return {
    ...{ size, capabilities: UNANSWERED, step: 'relay', asked: { state: 'idle' }, turn: 0, begun },
    relay: {
      which: isPrivate ? 'private' : 'given',
      line: lineOf(known?.relay ?? ''),
      chosen: undefined,
    },
    code: { line: lineOf('') },
    username: { line: lineOf(known?.username ?? offered ?? ''), known: new Map() },
    key: { which: 'here', place: undefined, typing: 'first', fault: undefined },
  }
}

/** A line with a text in it, the cursor behind. */
export function lineOf(text: string): Composer {
  const empty = openComposer({ bytesMax: LINE_BYTES_MAX })
  return text === '' ? empty : typed(empty, text)
}

/** What is written as a username, in the one way in which it is kept; undefined: it is none yet. */
export const writtenIn = ({ line }: { readonly line: Composer }): string => line.draft.text.trim()

/** What is asked for is what a first run before this one has begun. */
export function isBegun({ begun, relay }: FirstRun, username: string): boolean {
  if (begun === undefined || begun === 'locked') return false
  return begun.username === username && relay.chosen?.address.startsWith(begun.relay) === true
}
