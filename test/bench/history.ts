import { performance } from 'node:perf_hooks'
import { commandOf, processorMs, turnAbout } from './commands.js'
import { median, type Figure, type RunOptions } from './figure.js'
import { largeStore, type LargeStore } from './large-store.js'
import { withScope } from './scope.js'

const RUNS_A_ROUND = 3
const BARE = `SELECT * FROM message WHERE conversation = ? AND held = 0 ORDER BY arrival_ms DESC, author DESC, id DESC LIMIT 50`

/**
 * docs: a page of 50 of the largest conversation, and the list of 10,000 conversations, among
 * 1,000,000 messages. Each is the processor time of the whole command less that of one which opens the
 * same account and asks it for nothing; the floor is the page as SQLite has it.
 */
export function run(options: RunOptions): Promise<readonly Figure[]> {
  return withScope(async (scope) => {
    const store = await largeStore(scope, options)
    const runs = options.rounds * RUNS_A_ROUND
    options.note(`${String(runs)} runs of each command, turn about`)
    const subjects = [
      ['outbox', 'list'],
      ['history', store.largest, '--json'],
      ['history', store.largest, '--before', '2015-03-01', '--json'],
      ['conv', 'list', '-n', '50'],
      ['conv', 'list'],
    ].map((args) => commandOf(store, args))
    const [idle = [], page = [], middle = [], top = [], list = []] = await turnAbout(
      subjects,
      runs,
      processorMs,
    )
    const own = (values: readonly number[]) => Math.max(0, median(values) - median(idle))
    const floor = { name: 'the page in SQLite', value: bare(store, runs) }
    return [
      { bench: 'history.opening', value: median(idle), unit: 'ms' },
      { bench: 'history.page', value: own(page), unit: 'ms', floor },
      { bench: 'history.middle', value: own(middle), unit: 'ms', floor },
      { bench: 'history.conversations.50', value: own(top), unit: 'ms', floor },
      { bench: 'history.conversations.10000', value: own(list), unit: 'ms', floor },
    ]
  })
}

function bare(store: LargeStore, runs: number): number {
  const database = store.open()
  const page = database.prepare(BARE)
  const values = Array.from({ length: runs }, () => {
    const startMs = performance.now()
    page.all([store.largest.slice('id:'.length)])
    return performance.now() - startMs
  })
  database.close()
  return median(values)
}
