import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { SOTTO_RELAY, tempDir } from '../harness/index.js'
import type { Figure, RunOptions } from './figure.js'
import { SWEEP_EVERY_MS, type LoopDelay } from './relay/loop-delay.js'
import { measureDrain, PAIRS } from './relay/measures.js'
import { residentKiB } from './relay/memory.js'
import { SOTTO } from './relay/sotto-subject.js'
import type { Running, Watch } from './relay/subject.js'
import { Talk } from './relay/talk.js'
import { withScope } from './scope.js'
import { median } from './statistics.js'

const PER_SECOND = 200
/** Enough to see that it runs; `--soak=30` is what the budget asks. */
const SHORT_MS = 20_000
const SAMPLE_MS = 500
/** What is told of the beginning and of the end is the median of so many samples. */
const SAMPLES = 10
const GOAL_MS = 20

/**
 * docs: twenty pairs who talk for as long as `--soak` says: whether the relay's memory stays flat,
 * and how late its event loop comes, 99 in 100 times less, also while a backlog is stored and fetched
 * beside them, a sweep gives back its room, and a backup is made.
 */
export function run(options: RunOptions): Promise<readonly Figure[]> {
  return withScope(async (scope) => {
    const folder = tempDir(scope)
    const running = await SOTTO.start(scope, folder, { watched: true })
    const { watch } = running
    if (watch === undefined) throw new Error('it was started to be watched')
    await running.prepare(PAIRS + 1)
    const talk = await Talk.begin(running, PER_SECOND)
    const during = (name: string, work: () => Promise<unknown>) =>
      delayDuring(options, watch, { name, work })

    const samples: number[] = []
    const durationMs = options.soakMinutes === undefined ? SHORT_MS : options.soakMinutes * 60_000
    const talking = await during('talk', async () => {
      for (let passedMs = 0; passedMs < durationMs; passedMs += SAMPLE_MS) {
        await setTimeout(SAMPLE_MS)
        samples.push(residentKiB(running.pid) / 1024)
      }
    })
    const backlog = await during('backlog', () => measureDrain(beside(running)))
    const sweep = await during('sweep', () => setTimeout(2 * SWEEP_EVERY_MS))
    const backup = await during('backup', () => makeBackup(folder, watch))
    const lost = await talk.end()
    const early = median(samples.slice(SAMPLES, 2 * SAMPLES))
    const late = median(samples.slice(-SAMPLES))
    const hours = ((samples.length - 2 * SAMPLES) * SAMPLE_MS) / 3_600_000
    return [
      { bench: 'soak.memory.late', value: late, unit: 'MiB' },
      { bench: 'soak.memory.slope', value: (late - early) / hours, unit: 'MiB/h' },
      delayFigure('talk', talking),
      delayFigure('backlog', backlog),
      delayFigure('sweep', sweep),
      delayFigure('backup', backup),
      { bench: 'soak.lost', value: lost, unit: 'messages', goal: { valueAtMost: 0 } },
    ]
  })
}

/** The one mailbox that is none of those who talk. */
function beside(running: Running): Running {
  return {
    ...running,
    prepare: () => Promise.resolve(),
    openSender: () => running.openSender(PAIRS),
    openReceiver: (_, onDeliver) => running.openReceiver(PAIRS, onDeliver),
  }
}

async function delayDuring(
  { note }: RunOptions,
  watch: Watch,
  { name, work }: { readonly name: string; readonly work: () => Promise<unknown> },
): Promise<LoopDelay> {
  note(name)
  await watch.loopDelay()
  await work()
  return watch.loopDelay()
}

function delayFigure(name: string, { p99 }: LoopDelay): Figure {
  return { bench: `soak.delay.${name}`, value: p99, unit: 'ms', goal: { valueAtMost: GOAL_MS } }
}

async function makeBackup(folder: string, { dataFolder }: Watch): Promise<void> {
  const out = join(folder, 'backup.db')
  await promisify(execFile)(process.execPath, [
    ...[SOTTO_RELAY, 'admin', 'backup'],
    ...['--data', dataFolder, '--out', out],
  ])
}
