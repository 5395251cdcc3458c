import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'tap'

import { RowCache } from '../../src/rows/cache.js'
import type { Entry } from '../../src/rows/entry.js'
import { placeOf, timelineRows } from '../../src/rows/timeline-rows.js'
import { eventEntry, idOf, messageEntry } from '../support/entries.js'
import { look, textOf } from '../support/looks.js'
import { GAP, timelineEvent } from '../support/objects.js'

const NOW_MS = Date.parse('2026-10-31T20:00:00Z')
const BOB = messageEntry(1).object.sender.id
const CODE =
  'Sure. Plan:\n```ts\nawait migrate({ dryRun: true }) // first on a copy, then in the open\n```'
const LIST = [
  ...['## Before we ship', '- run the **ratchet** test, the one that has been flaky since Tuesday'],
  ...['- see [the pull request](https://example.org/pr/81)', '  1. _then_ tell @carol.07', '> yes'],
].join('\n')

/** A conversation with a little of everything. */
const CONVERSATION: readonly Entry[] = [
  messageEntry(1, {
    at: '2026-10-30T09:00:00Z',
    text: 'can you look at the migration before we ship?',
  }),
  messageEntry(2, { at: '2026-10-30T09:01:00Z', text: LIST }),
  eventEntry(timelineEvent({ ...GAP, count: 2 })),
  messageEntry(3, {
    ...{ own: true, at: '2026-10-31T12:58:00Z', text: CODE },
    message: { status: 'read', replyTo: { id: idOf(1), author: BOB, quote: 'can you look at it' } },
  }),
  messageEntry(4, {
    ...{
      own: true,
      at: '2026-10-31T13:00:00Z',
      text: 'https://example.org/pr/81/files?diff=split#r1',
    },
    message: { status: 'failed' },
  }),
  messageEntry(5, {
    at: '2026-10-31T13:02:00Z',
    text: '東京で会いましょう。👩\u200d💻 明日の朝、駅の前でいいですか？遅れたら電話してください。',
  }),
  messageEntry(6, {
    at: '2026-10-31T13:02:30Z',
    text: 'pay at [bank.example](https://evil.example/)',
    message: { edited: true },
  }),
  messageEntry(7, { at: '2026-10-31T13:09:00Z', text: null, message: { unsupported: true } }),
]

function frame(columns: number): string {
  const by = look({ columns })
  const cache = new RowCache()
  const rows = CONVERSATION.flatMap((entry, at) => {
    const firstUnread = { id: idOf(5), count: 3 }
    const around = { previous: CONVERSATION[at - 1], nowMs: NOW_MS, firstUnread }
    return timelineRows(entry, placeOf(entry, around, by), by, cache)
  })
  return `${rows.map((row) => textOf(row).trimEnd()).join('\n')}\n`
}

/** `UPDATE_FRAMES=1` writes them anew: look at them then. */
function keptFrame(columns: number, now: string): string {
  const url = new URL(`../../../test/rows/frames/${String(columns)}.txt`, import.meta.url)
  if (process.env.UPDATE_FRAMES === '1') writeFileSync(url, now)
  return readFileSync(url, 'utf8')
}

for (const columns of [40, 80, 120]) {
  test(`a conversation at ${String(columns)} columns looks as it was agreed`, async (t) => {
    const now = frame(columns)
    t.equal(now, keptFrame(columns, now))
  })
}
