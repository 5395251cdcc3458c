import { setTimeout } from 'node:timers/promises'
import type { Scope } from '../../harness/index.js'
import { residentKiB } from '../relay/memory.js'
import { withScope } from '../../harness/scope.js'
import { numbersIn } from './numbered.js'
import type { ScreenProgram } from './programs.js'
import { Pty } from './pty.js'

const KEYS = 200
const PAGES = 60
/** After so many keys the line is emptied: it stays one row. */
const LINE_KEYS = 40
const LETTERS = 'abcdefghij'
/** As fast as hands are, and what a screen does a moment later is over. */
const BETWEEN_KEYS_MS = 30
/** All that a screen asks when it begins has been answered and painted. */
const SETTLE_MS = 1_500

const PAGE_UP = '\u001b[5~'
const CTRL_U = '\u0015'
const CTRL_D = '\u0004'

/** What one session on a screen showed. */
export interface Session {
  /** Milliseconds, of each key and of each page. */
  readonly keys: readonly number[]
  readonly pages: readonly number[]
  readonly bytesAKey: number
  /** Since the first frame. */
  readonly clears: number
  readonly residentMiB: number
}

/** From the start of a process to all of its first frame, in milliseconds. */
export function startMs(program: ScreenProgram): Promise<number> {
  return withScope(async (scope) => {
    const pty = begin(scope, program)
    const tookMs = (await pty.until(program.isWhole, 'the first frame')) - pty.beganMs
    await leave(pty)
    return tookMs
  })
}

/** Types, then goes back through the conversation. */
export function session(program: ScreenProgram): Promise<Session> {
  return withScope(async (scope) => {
    const pty = await opened(scope, program)
    const clearsBefore = pty.clears
    const oldest = Math.min(...numbersIn(pty.shown))
    const { keys, bytesAKey } = await typeKeys(pty)
    const pages = await pageUp(pty, oldest, PAGES)
    const clears = pty.clears - clearsBefore
    const residentMiB = residentKiB(pty.pid) / 1024
    await leave(pty)
    return { keys, pages, bytesAKey, clears, residentMiB }
  })
}

/** Only goes back, so many pages. */
export function pagesUp(program: ScreenProgram, pages: number): Promise<readonly number[]> {
  return withScope(async (scope) => {
    const pty = await opened(scope, program)
    const took = await pageUp(pty, Math.min(...numbersIn(pty.shown)), pages)
    await leave(pty)
    return took
  })
}

async function pageUp(pty: Pty, from: number, count: number): Promise<readonly number[]> {
  const pages: number[] = []
  let oldest = from
  for (let page = 0; page < count; page++) {
    const isOlder = (shown: string) => numbersIn(shown).some((number) => number < oldest)
    pages.push(await pty.press(PAGE_UP, isOlder))
    await setTimeout(BETWEEN_KEYS_MS)
    oldest = Math.min(oldest, ...numbersIn(pty.shown))
  }
  return pages
}

/** A screen with its conversation open, and nothing left to do. */
export async function opened(scope: Scope, program: ScreenProgram): Promise<Pty> {
  const pty = begin(scope, program)
  await pty.until(program.isWhole, 'the first frame')
  await program.open(pty)
  await setTimeout(SETTLE_MS)
  return pty
}

export async function leave(pty: Pty): Promise<void> {
  pty.type(CTRL_D)
  await pty.ended
}

function begin(scope: Scope, { args, env }: ScreenProgram): Pty {
  return new Pty(scope, { command: process.execPath, args, env })
}

/** Milliseconds from each of many keys to its letter. */
export async function typeKeys(pty: Pty): Promise<Pick<Session, 'keys' | 'bytesAKey'>> {
  const keys: number[] = []
  let bytes = 0
  for (let key = 0; key < KEYS; key++) {
    const letter = LETTERS[key % LETTERS.length] ?? ''
    const before = pty.bytes
    keys.push(await pty.press(letter, (shown) => shown.includes(letter)))
    await setTimeout(BETWEEN_KEYS_MS)
    bytes += pty.bytes - before
    if ((key + 1) % LINE_KEYS > 0) continue
    pty.type(CTRL_U)
    await setTimeout(BETWEEN_KEYS_MS)
  }
  return { keys, bytesAKey: bytes / KEYS }
}
