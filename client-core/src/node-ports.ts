import { randomFillSync, randomInt } from 'node:crypto'
import { ConfigError } from '@sotto/protocol'
import {
  CRASHPOINTS,
  type Clock,
  type Crashpoint,
  type Log,
  type LogEvents,
  type Ports,
  type Random,
} from './ports.js'
import { nodeTransport } from './net/transport.js'

/**
 * The world as it is on this machine. `SOTTO_LOG` (`debug`, `info`, `warn`; anything else is
 * `info`) writes events to stderr as JSON lines; `SOTTO_CRASHPOINT=name[:n]` kills the process when
 * it comes to that mark for the n-th time, which is how the journeys inject faults.
 */
export function nodePorts(env: NodeJS.ProcessEnv = process.env): Ports {
  const log = makeLog(env.SOTTO_LOG)
  return {
    clock: nodeClock,
    random: nodeRandom,
    log,
    crashpoint: makeCrashpoint(env.SOTTO_CRASHPOINT),
    transport: nodeTransport,
    startUnsealThread: async (keys) => {
      const { startUnsealThread } = await import('./thread/unseal-thread.js') // Seldom wanted.
      return startUnsealThread(keys, () => {
        log.debug('thread.ready', {})
      })
    },
  }
}

/** What setTimeout can wait; more would fire at once. */
const TIMER_MS_MAX = 2 ** 31 - 1

const nodeClock: Clock = {
  nowMs: () => Date.now(),
  // Not `performance`, which takes a module of its own.
  monotonicMs: () => Number(process.hrtime.bigint() / 1_000_000n),
  after: (delayMs, wake) => {
    const timer = setTimeout(wake, Math.min(Math.max(delayMs, 0), TIMER_MS_MAX))
    return () => clearTimeout(timer)
  },
}

const FRACTION_STEPS = 2 ** 47

const nodeRandom: Random = {
  bytes: (length) => randomFillSync(new Uint8Array(length)),
  fraction: () => randomInt(FRACTION_STEPS) / FRACTION_STEPS,
}

const LEVELS = { debug: 0, info: 1, warn: 2 } as const

function makeLog(setting = ''): Log {
  if (setting === '') return { debug: nothing, info: nothing, warn: nothing }
  const least = setting === 'debug' || setting === 'warn' ? LEVELS[setting] : LEVELS.info
  const writer =
    (level: keyof typeof LEVELS) =>
    <Name extends keyof LogEvents>(event: Name, fields: LogEvents[Name]): void => {
      if (LEVELS[level] < least) return
      const line = JSON.stringify({ at: new Date().toISOString(), level, event, ...fields })
      process.stderr.write(`${line}\n`)
    }
  return { debug: writer('debug'), info: writer('info'), warn: writer('warn') }
}

function makeCrashpoint(setting = ''): Crashpoint {
  if (setting === '') return nothing
  const [name = '', count = '1'] = setting.split(':')
  if (!CRASHPOINTS.some((each) => each === name) || !/^[1-9]\d{0,8}$/.test(count)) {
    throw new ConfigError('config/invalid', `SOTTO_CRASHPOINT names no crashpoint: ${setting}`, {
      fix: `It is one of ${CRASHPOINTS.join(', ')}, and optionally :n for the n-th time.`,
    })
  }
  let hitsLeft = Number(count)
  return (hit) => {
    if (hit !== name) return
    hitsLeft -= 1
    if (hitsLeft === 0) process.kill(process.pid, 'SIGKILL')
  }
}

function nothing(): void {
  // The default: no log, no crash.
}
