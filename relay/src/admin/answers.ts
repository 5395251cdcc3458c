import { createSignupCode } from '../accounts/signup-code.js'
import type { Context } from '../context.js'
import { DRAIN_SPREAD_MS } from '../limits/bounds.js'
import { limitsObject } from '../limits/limits-object.js'
import type { Doors } from '../socket/doors.js'
import { VERSION } from '../version.js'
import type { Answer } from './admin-socket.js'

export interface AdminOptions {
  readonly context: Context
  readonly doors: Doors
  readonly url: () => string
  readonly startedMs: number
  readonly isDraining: () => boolean
  /** Begins to drain, and to end. */
  readonly drain: () => void
}

/** What a running relay answers its operator. */
export function adminAnswers(options: AdminOptions): Answer {
  const { context, doors, drain } = options
  return async (question) => {
    switch (question.ask) {
      case 'stats':
        return stats(options)
      case 'limits':
        return limitsObject(context)
      case 'code': {
        const { uses, expiresMs } = question
        return { code: await createSignupCode(context, { uses, expiresMs }) }
      }
      case 'backed-up':
        context.log.info('backup.made', { madeMs: question.madeMs })
        return {}
      case 'drain': {
        const sockets = doors.size
        setImmediate(drain) // Who asked hears first that it begins.
        return { sockets, spreadMs: DRAIN_SPREAD_MS }
      }
    }
  }
}

function stats({ context, doors, url, startedMs, isDraining }: AdminOptions) {
  const nowMs = context.clock.nowMs()
  return {
    version: VERSION,
    url: url(),
    process: process.pid,
    startedMs,
    uptimeMs: nowMs - startedMs,
    draining: isDraining(),
    registration: context.registration,
    epoch: context.epoch,
    sockets: doors.size,
    memoryBytes: process.memoryUsage.rss(),
  }
}
