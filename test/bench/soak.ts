import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { SOTTO_RELAY, tempDir } from '../harness/index.js'
import type { Figure, RunOptions } from './figure.js'
import { forEach, originOf } from './relay/idle.js'
import { SWEEP_EVERY_MS, type LoopDelay, type Watch } from './relay/loop-delay.js'
import { fill, measureDrain, PAIRS } from './relay/measures.js'
import { observeMemory, type Memory } from './relay/memory-course.js'
import { SOTTO } from './relay/sotto-subject.js'
import type { Running } from './relay/subject.js'
import { Talk } from './relay/talk.js'
import { withScope } from '../harness/scope.js'

const PER_SECOND = 200
/** Enough to see that it runs; `--soak=30` is what the budget asks. */
const SHORT_MS = 20_000
const IDLE_MS = 3_000
/** Devices that are there when the relay is sent away. */
const PRESENT = 500
const DELAY_GOAL_MS = 20
/** What a machine's own noise makes of a flat line within half an hour. */
const HEAP_GOAL_MIB_H = 4
const MEMORY_GOAL_MIB_H = 24

/**
 * docs: twenty pairs who talk for as long as `--soak` says: whether the relay's memory stays flat,
 * and how late its event loop comes, 99 in 100 times less, also while a backlog is stored and fetched
 * beside them, one expires, a sweep gives back its room, a backup is made, and everybody is sent away.
 */
export function run(options: RunOptions): Promise<readonly Figure[]> {
  return withScope(async (scope) => {
    const folder = tempDir(scope)
    const running = await SOTTO.start(scope, folder, { watched: true })
    const { watch } = running
    if (watch === undefined) throw new Error('it was started to be watched')
    await running.prepare(PAIRS + 1 + PRESENT)
    const delays = new Map<string, LoopDelay>()
    const during = async (name: string, work: () => Promise<unknown>): Promise<void> => {
      options.note(name)
      await watch.loopDelay()
      await work()
      delays.set(name, await watch.loopDelay())
    }

    await during('idle', () => setTimeout(IDLE_MS))
    const talk = await Talk.begin(running, PER_SECOND)
    const { soakMinutes } = options
    const forMs = soakMinutes === undefined ? SHORT_MS : soakMinutes * 60_000
    let memory: Memory | undefined
    await during('talk', async () => {
      memory = await observeMemory({ pid: running.pid, watch, forMs })
    })
    await during('backlog', () => measureDrain(beside(running)))
    await during('backup', () => makeBackup(folder, watch))
    await during('sweep', () => setTimeout(2 * SWEEP_EVERY_MS))
    await fill(beside(running), 1)
    await during('expiry', () => watch.leap())
    const lost = await talk.end()
    await forEach({ from: PAIRS + 1, to: PAIRS + 1 + PRESENT }, async (index) => {
      await running.openReceiver(index, () => undefined, originOf(index))
    })
    options.note('drain')
    delays.set('drain', await watch.drain())
    return [
      ...(memory === undefined ? [] : memoryFigures(memory, soakMinutes !== undefined)),
      ...delayFigures(delays),
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

/** Of a short run the slopes are its warming up: they are told, and no verdict with them. */
function memoryFigures(memory: Memory, isLong: boolean): readonly Figure[] {
  const verdict = (valueAtMost: number) => (isLong ? { goal: { valueAtMost } } : {})
  const { heap, resident } = memory
  return [
    { bench: 'soak.heap', value: heap.late, unit: 'MiB' },
    {
      bench: 'soak.heap.slope',
      value: heap.slope,
      unit: 'MiB/h',
      ...verdict(HEAP_GOAL_MIB_H),
    },
    { bench: 'soak.memory', value: resident.late, unit: 'MiB' },
    {
      bench: 'soak.memory.slope',
      value: resident.slope,
      unit: 'MiB/h',
      ...verdict(MEMORY_GOAL_MIB_H),
    },
  ]
}

function delayFigures(delays: ReadonlyMap<string, LoopDelay>): readonly Figure[] {
  const floor = { name: 'the same, idle', value: delays.get('idle')?.p99 ?? NaN }
  return [...delays]
    .filter(([name]) => name !== 'idle')
    .map(([name, { p99 }]) => ({
      bench: `soak.delay.${name}`,
      value: p99,
      unit: 'ms',
      floor,
      goal: { valueAtMost: DELAY_GOAL_MS },
    }))
}

async function makeBackup(folder: string, { dataFolder }: Watch): Promise<void> {
  const out = join(folder, 'backup.db')
  await promisify(execFile)(process.execPath, [
    ...[SOTTO_RELAY, 'admin', 'backup'],
    ...['--data', dataFolder, '--out', out],
  ])
}
