import { performance } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import { startSotto } from '../../harness/index.js'
import { residentKiB } from '../relay/memory.js'
import { withScope } from '../../harness/scope.js'
import type { LongConversation } from './conversation.js'
import { leave, opened } from './measures.js'
import { numberedText, numbersIn } from './numbered.js'
import { usedMs } from './process.js'
import type { ScreenProgram } from './programs.js'

const MESSAGES = 500
export const A_SECOND = 50

/** What a flood cost who took it. */
export interface Flood {
  /** Of a core, in percent, from the first message to the last one that is there. */
  readonly share: number
  /** How many came a second. */
  readonly rate: number
}

export interface ShownFlood extends Flood {
  readonly clears: number
  readonly residentMiB: number
}

/** 50 messages a second, for ten seconds, into the conversation that is open. */
export function floodScreen(
  conversation: LongConversation,
  screen: ScreenProgram,
): Promise<ShownFlood> {
  return withScope(async (scope) => {
    const pty = await opened(scope, screen)
    const clearsBefore = pty.clears
    const taken = await flood(conversation, pty.pid, MESSAGES, async (last) => {
      await pty.until((shown) => numbersIn(shown).includes(last), 'the last message')
    })
    const clears = pty.clears - clearsBefore
    const residentMiB = residentKiB(pty.pid) / 1024
    await leave(pty)
    return { ...taken, clears, residentMiB }
  })
}

/** The same with no screen: what it costs to open, store and acknowledge them. */
export function floodReceive(conversation: LongConversation): Promise<Flood> {
  return withScope(async (scope) => {
    const { home } = conversation.alice
    const types = ['--type', 'backlog.done,message.received']
    const receiving = startSotto(scope, home, ['receive', '--follow', '--json', ...types])
    await receiving.json<{ type?: string }>(({ type }) => type === 'backlog.done')
    const taken = await flood(conversation, receiving.pid, MESSAGES, async (last) => {
      await receiving.line((line) => numbersIn(line).includes(last))
    })
    await receiving.stop()
    return taken
  })
}

/** What the process uses from the first of the messages to the one that is waited for. */
export function flood(
  conversation: LongConversation,
  pid: number,
  messages: number,
  whenThere: (last: number) => Promise<void>,
): Promise<Flood> {
  return withScope(async (scope) => {
    const { alice, bob } = conversation
    const sending = startSotto(scope, bob.home, ['send', alice.handle, '--lines'])
    const [beganMs, usedBeforeMs] = [performance.now(), usedMs(pid)]
    for (let sent = 1; sent <= messages; sent++) {
      conversation.newest++
      sending.write(`${numberedText(conversation.newest)}\n`)
      await setTimeout(Math.max(0, beganMs + (sent * 1000) / A_SECOND - performance.now()))
    }
    sending.endInput()
    await whenThere(conversation.newest)
    const tookMs = performance.now() - beganMs
    const share = ((usedMs(pid) - usedBeforeMs) / tookMs) * 100
    await sending.ended
    return { share, rate: (messages / tookMs) * 1000 }
  })
}
