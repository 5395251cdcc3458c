import { join } from 'node:path'
import Database from '@signalapp/sqlcipher'
import t, { type Test } from 'tap'
import type { Bytes } from '@sotto/protocol'
import { MIGRATIONS } from '../../src/migrations/index.js'
import { GroupCommit } from '../../src/store/group-commit.js'
import type { Changes } from '../../src/store/port.js'
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.js'
import { random } from '../harness/test-account.js'
import { testFolder } from '../harness/test-relay.js'
import { forgetKeys, QUOTA } from './store-scene.js'

const DAY_MS = 86_400_000
const TODAY = 20_000
const BEFORE = 7

interface OldKey {
  readonly mailbox: Bytes
  readonly key: Bytes
}

/** What a relay left behind that kept the keys of waiting envelopes in an index. */
function oldDatabase(
  folder: string,
  rows: {
    readonly mailboxes: readonly Bytes[]
    readonly waiting: readonly (OldKey & { readonly seq: number; readonly arrivalMs: number })[]
    readonly gone: readonly (OldKey & { readonly forgetDay: number })[]
    readonly closed?: Bytes
  },
): void {
  const database = new Database(join(folder, 'relay.db'))
  database.pragma('journal_mode = WAL')
  database.exec(MIGRATIONS.slice(0, BEFORE).join(''))
  database.pragma(`user_version = ${String(BEFORE)}`)
  const insert = (sql: string, values: (number | Bytes | null)[]) =>
    database.prepare(sql).run(values)
  for (const mailbox of rows.mailboxes) {
    const waiting = rows.waiting.filter((each) => each.mailbox === mailbox)
    const head = Math.max(9, ...waiting.map(({ seq }) => seq))
    const counted = [mailbox, head, waiting.length, 1024 * waiting.length]
    insert('INSERT INTO mailbox (mailbox, head, envelopes, bytes) VALUES (?, ?, ?, ?)', counted)
  }
  for (const { mailbox, seq, arrivalMs, key } of rows.waiting)
    insert('INSERT INTO envelope VALUES (?, ?, 0, 0, ?, ?, ?)', [
      ...[mailbox, seq, arrivalMs, key],
      random(1024),
    ])
  for (const { mailbox, key, forgetDay } of rows.gone)
    insert('INSERT INTO tombstone VALUES (?, ?, ?)', [mailbox, key, forgetDay])
  if (rows.closed !== undefined) insert('INSERT INTO closed_mailbox VALUES (?)', [rows.closed])
  database.close()
}

function openAt(t: Test, folder: string) {
  const store = openSqliteStore(folder)
  t.teardown(() => store.close())
  const only = async (name: 'submit' | 'purge-mailbox', input: object) => {
    const operation = { name, input } as Parameters<typeof store.apply>[0][number]
    const [outcome] = await store.apply([operation])
    return outcome?.kind === 'done' ? outcome.output : outcome
  }
  const submit = async ({ mailbox, key }: OldKey) =>
    only('submit', {
      envelopes: [{ mailbox, key, body: random(1024) }],
      ...{ stranger: false, arrivalMs: TODAY * DAY_MS, forgetDay: TODAY + 44, quota: QUOTA },
    } satisfies Changes['submit']['input'])
  const commits = new GroupCommit(store, () => undefined)
  const forget = (mailbox: Bytes, day: number) => forgetKeys(commits, { mailbox, max: 100, day })
  return { only, submit, forget }
}

t.test('keys of before are known as they were: of what waits and of what is gone', async (t) => {
  const folder = testFolder(t)
  const mailbox = random(16)
  const other = random(16)
  const arrivalMs = TODAY * DAY_MS - 1
  const waiting = [3, 4].map((seq) => ({ mailbox, key: random(16), seq, arrivalMs }))
  const gone = [1, 2].map((day) => ({ mailbox, key: random(16), forgetDay: TODAY + day }))
  oldDatabase(folder, { mailboxes: [mailbox, other], waiting, gone })
  const { submit, forget } = openAt(t, folder)

  for (const each of waiting)
    t.same(await submit(each), { kind: 'stored', arrivalMs, placed: [] }, 'it waits')
  for (const each of gone)
    t.same(await submit(each), { kind: 'stored', arrivalMs: 0, placed: [] }, 'it is gone')
  t.match(await submit({ mailbox, key: random(16) }), { placed: [{ row: { seq: 10 } }] })
  t.match(
    await submit({ mailbox: other, key: waiting[0]!.key }),
    { placed: [{ row: { seq: 10 } }] },
    'a key is its mailbox’s',
  )

  await forget(mailbox, TODAY + 1)
  t.match(await submit(gone[0]!), { placed: [{ row: { seq: 11 } }] }, 'its day has come')
  t.match(await submit(gone[1]!), { placed: [] })
  await forget(mailbox, TODAY - 1 + 43)
  t.match(await submit(waiting[0]!), { placed: [] }, '44 days from its arrival on')
  await forget(mailbox, TODAY - 1 + 44)
  t.match(await submit(waiting[0]!), { placed: [{ row: { seq: 12 } }] })
})

t.test('what was left of a mailbox that is gone still goes', async (t) => {
  const folder = testFolder(t)
  const mailbox = random(16)
  const waiting = [{ mailbox, key: random(16), seq: 1, arrivalMs: 1 }]
  const gone = [{ mailbox, key: random(16), forgetDay: 1 }]
  oldDatabase(folder, { mailboxes: [], waiting, gone, closed: mailbox })
  const { only } = openAt(t, folder)

  while ((await only('purge-mailbox', { max: 64 })) === true);

  const database = new Database(join(folder, 'relay.db'))
  t.teardown(() => database.close())
  const rows = 'SELECT (SELECT count(*) FROM envelope) + (SELECT count(*) FROM idempotency_key)'
  t.equal(database.prepare(rows, { pluck: true }).get<number>(), 0)
})
