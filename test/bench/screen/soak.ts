import { setTimeout } from 'node:timers/promises'
import { residentKiB } from '../relay/memory.js'
import { withScope } from '../../harness/scope.js'
import { median, slope } from '../statistics.js'
import type { LongConversation } from './conversation.js'
import { A_SECOND, flood } from './flood.js'
import { leave, opened } from './measures.js'
import { numbersIn } from './numbered.js'
import type { ScreenProgram } from './programs.js'

const SAMPLE_MS = 1_000
/** What is told of the end is the median of so many samples. */
const SAMPLES = 10

/** What a screen held in memory while messages poured in. */
export interface Soak {
  /** MiB at the end. */
  readonly late: number
  /** MiB a minute, over all of its second half: what every flood needs is there by then. */
  readonly growth: number
  /** Messages a second, as they came. */
  readonly rate: number
}

/** 50 messages a second into the open conversation, for so many minutes. */
export function soakScreen(
  conversation: LongConversation,
  screen: ScreenProgram,
  minutes: number,
): Promise<Soak> {
  return withScope(async (scope) => {
    const pty = await opened(scope, screen)
    const samples: number[] = []
    let newest = 0
    const sampling = setInterval(() => {
      newest = Math.max(newest, ...numbersIn(pty.shown))
      pty.forget()
      samples.push(residentKiB(pty.pid) / 1024)
    }, SAMPLE_MS)
    scope.teardown(() => clearInterval(sampling))
    const { rate } = await flood(conversation, pty.pid, minutes * 60 * A_SECOND, async (last) => {
      while (newest < last) await setTimeout(SAMPLE_MS)
    })
    clearInterval(sampling)
    await leave(pty)
    return {
      late: median(samples.slice(-SAMPLES)),
      growth: (slope(samples.slice(Math.floor(samples.length / 2))) * 60_000) / SAMPLE_MS,
      rate,
    }
  })
}
