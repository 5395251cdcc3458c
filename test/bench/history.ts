import { performance } from 'node:perf_hooks'
import { commandOf, processorMs, turnAbout } from './commands.js'
import type { Figure, RunOptions } from './figure.js'
import { median } from './statistics.js'
import { largeStore, type LargeStore } from './large-store.js'
import { withScope } from '../harness/scope.js'

const RUNS_A_ROUND = 3
const BARE_PAGE = `SELECT * FROM message WHERE conversation = ? AND held = 0 ORDER BY arrival_ms DESC, author DESC, id DESC LIMIT 50`

const BARE_LIST = `SELECT c.id, k.handle, m.body
  FROM (SELECT * FROM conversation ORDER BY active_ms DESC LIMIT ?) c
  LEFT JOIN contact k ON k.account = c.account
  LEFT JOIN message m ON m.row = (
    SELECT n.row FROM message n WHERE n.conversation = c.id AND n.held = 0
    ORDER BY n.arrival_ms DESC, n.author DESC, n.id DESC LIMIT 1)`

/**
 * docs: a page of 50 of the largest conversation, and the list of 10,000 conversations, among
 * 1,000,000 messages. Each is the processor time of the whole command less that of one which opens the
 * same account and asks it for nothing; the floor is the page, or the list, as SQLite has it.
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
    const largest = store.largest.slice('id:'.length)
    const floor = { name: 'the page in SQLite', value: bare(store, BARE_PAGE, [largest], runs) }
    const listed = (count: number) => ({
      name: 'the list in SQLite',
      value: bare(store, BARE_LIST, [count], runs),
    })
    return [
      { bench: 'history.opening', value: median(idle), unit: 'ms' },
      { bench: 'history.page', value: own(page), unit: 'ms', floor },
      { bench: 'history.middle', value: own(middle), unit: 'ms', floor },
      { bench: 'conv.list.50', value: own(top), unit: 'ms', floor: listed(50) },
      { bench: 'conv.list.10000', value: own(list), unit: 'ms', floor: listed(10_000) },
    ]
  })
}

function bare(
  store: LargeStore,
  sql: string,
  values: readonly (string | number)[],
  runs: number,
): number {
  const database = store.open()
  const statement = database.prepare(sql)
  const took = Array.from({ length: runs }, () => {
    const startMs = performance.now()
    statement.all([...values])
    return performance.now() - startMs
  })
  database.close()
  return median(took)
}
