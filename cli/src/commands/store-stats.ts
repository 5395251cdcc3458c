import type { StoreStatsObject } from '@sotto/client-core'

import { sizeText } from '../print/sizes.js'
import { withClient } from '../with-client.js'
import type { Command, Invocation } from './command.js'

export const command: Command = {
  path: ['store', 'stats'],
  group: 'This device',
  summary: 'print how much is stored here',
  arguments: [],
  flags: [],
  details: [],
  examples: ['sotto store stats --json'],
  object: { schema: 'store-stats', many: false },
  exits: [86],
  run,
}

async function run(invocation: Invocation): Promise<number> {
  return withClient(invocation, async (client) => {
    const stats = await client.call('store.stats', {})
    invocation.output.result({ stats }, () => renderStats(stats))
    return 0
  })
}

function renderStats(stats: StoreStatsObject): string {
  const row = (name: string, value: string | number) => `${name.padEnd(16)}${String(value)}`
  return [
    row('messages', stats.messages),
    row('conversations', stats.conversations),
    row('oldest message', stats.oldestMessageAt ?? 'none'),
    row('outbox', stats.queued),
    row('quarantine', stats.quarantined),
    row('events', stats.events),
    row('database', sizeText(stats.databaseBytes)),
    row('  for search', sizeText(stats.searchBytes)),
    row('  empty', sizeText(stats.freeBytes)),
    row('write-ahead log', sizeText(stats.walBytes)),
  ].join('\n')
}
