import { performance } from 'node:perf_hooks'
import { commandOf, processorMs, turnAbout } from './commands.js'
import type { Figure, RunOptions } from './figure.js'
import { median } from './statistics.js'
import { largeStore, RARE_WORD, type LargeStore } from './large-store.js'
import { withScope } from '../harness/scope.js'

const RUNS_A_ROUND = 3
const BARE =
  'SELECT rowid FROM message_search WHERE message_search MATCH ? ORDER BY rowid DESC LIMIT 50'

/**
 * docs: search over 1,000,000 messages, newest 50. The CLI's own time is the processor time of the
 * whole command less that of one which opens the same account and asks it for nothing; the floor is
 * FTS5 alone on the same database.
 */
export function run(options: RunOptions): Promise<readonly Figure[]> {
  return withScope(async (scope) => {
    const store = await largeStore(scope, options)
    const runs = options.rounds * RUNS_A_ROUND
    const { commonWord, smallest } = store
    const queries: Readonly<Record<string, readonly string[]>> = {
      rare: [RARE_WORD],
      common: [commonWord],
      phrase: [`"${commonWord} ${commonWord}"`],
      prefix: ['depl*'],
      inSmall: [commonWord, '--in', smallest],
      fromMe: [commonWord, 'from:me'],
      before: [commonWord, 'before:2015-01-03'],
      after: [commonWord, 'after:2015-01-03'],
    }
    const bareMs = bare(store, runs)
    options.note(`${String(runs)} runs of each of ${String(Object.keys(queries).length)} searches`)
    const idle = commandOf(store, ['outbox', 'list'])
    const searches = Object.values(queries).map((query) => commandOf(store, ['search', ...query]))
    const [idleMs = [], ...searchesMs] = await turnAbout([idle, ...searches], runs, processorMs)
    const floor = { name: 'FTS5 by rowid', value: bareMs }
    const opening: Figure = { bench: 'search.opening', value: median(idleMs), unit: 'ms' }
    return [
      opening,
      ...Object.keys(queries).map((name, index): Figure => ({
        bench: `search.${name}`,
        value: Math.max(0, median(searchesMs[index] ?? []) - median(idleMs)),
        unit: 'ms',
        floor,
        goal: { valueAtMost: 20 },
      })),
    ]
  })
}

function bare(store: LargeStore, runs: number): number {
  const database = store.open()
  const search = database.prepare(BARE)
  const values = Array.from({ length: runs }, () => {
    const startMs = performance.now()
    search.all([RARE_WORD])
    return performance.now() - startMs
  })
  database.close()
  return median(values)
}
