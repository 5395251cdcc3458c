import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Database } from '@signalapp/sqlcipher'
import {
  conversationIdFromHash,
  hex,
  messageIdFromBytes,
  parseAccountId,
  type AccountId,
} from '@sotto/protocol'
import { makePerson, ROOT, startRelay, type Scope } from '../harness/index.js'

/** As many people write to one who has all of this. */
const CONVERSATIONS = 10_000
const WORDS = 20_000
const MESSAGES_A_COMMIT = 20_000
const BETWEEN_MESSAGES_MS = 30_000
const FIRST_MS = Date.UTC(2015, 0, 1)
/** A message in so many holds the rare word. */
export const RARE_WORD = 'deploy'
const RARE_EVERY = 1_000

/** An account with a large store, as a command finds it. */
export interface LargeStore {
  readonly home: string
  /** `id:…` of the conversation with the most messages, and of the one with the fewest. */
  readonly largest: string
  readonly smallest: string
  /** The word that most messages hold. */
  readonly commonWord: string
  /** Another connection to the same database. */
  readonly open: () => Database
}

/** Made once and kept in the folder for temporary files: making it takes a minute. */
export async function largeStore(
  scope: Scope,
  options: { readonly messages: number; readonly note: (line: string) => void },
): Promise<LargeStore> {
  const { messages, note } = options
  const home = join(tmpdir(), `sotto-bench-${messages}-${schemaName()}`)
  if (!existsSync(home)) {
    note(`making a store of ${messages} messages, kept in ${home}`)
    const making = `${home}.${process.pid}`
    scope.teardown(() => rmSync(making, { recursive: true, force: true }))
    mkdirSync(making, { mode: 0o700 })
    const relay = await startRelay(scope, { dir: join(making, 'relay') })
    await makePerson(relay, making, 'alice')
    const database = openDatabase(join(making, 'alice'))
    fill(database, messages)
    database.close()
    renameSync(making, home)
  }
  return described(join(home, 'alice'))
}

/** A store of another schema is another store. */
function schemaName(): string {
  const migrations = readFileSync(join(ROOT, 'test/tidy/migrations.sha256'))
  return createHash('sha256').update(migrations).digest('hex').slice(0, 8)
}

/** The store of the only account of a home, as a process of sotto opens it. */
export function openDatabase(home: string): Database {
  const [account = ''] = readdirSync(join(home, 'accounts'))
  const folder = join(home, 'accounts', account)
  const database = new Database(join(folder, 'store.db'), { cacheStatements: true })
  database.pragma(`key = "x'${hex(new Uint8Array(readFileSync(join(folder, 'key'))))}'"`)
  database.initTokenizer()
  return database
}

function fill(database: Database, messages: number): void {
  const own = parseAccountId(
    String(database.prepare('SELECT account FROM account').get()?.['account']),
  )
  const random = randomFrom(7)
  // Low numbers often, high ones seldom, as people and words are (Zipf).
  const often = (count: number): number => Math.min(count - 1, Math.floor(count ** random()) - 1)
  const words = Array.from({ length: WORDS }, (_, index) => wordOf(index))
  const meet = database.prepare(
    `INSERT INTO contact (account, trust, handle, created_ms) VALUES (?, 'known', ?, ?)`,
  )
  const begin = database.prepare(
    `INSERT INTO conversation (id, kind, account, created_ms) VALUES (?, 'direct', ?, ?)`,
  )
  database.transaction(() => {
    for (let index = 0; index < CONVERSATIONS; index++) {
      meet.run([accountOf(index), `person${index}.42`, FIRST_MS])
      begin.run([conversationOf(index), accountOf(index), FIRST_MS])
    }
  })()
  const add = database.prepare(
    `INSERT INTO message (conversation, author, id, device, sent_ms, arrival_ms, body, status, seen)
     VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?)`,
  )
  const addOne = (index: number): void => {
    const isOwn = random() < 0.5
    const peer = often(CONVERSATIONS)
    const body = Array.from({ length: 4 + Math.floor(random() * 12) }, () => words[often(WORDS)])
    if (index % RARE_EVERY === 0) body.push(RARE_WORD)
    const atMs = FIRST_MS + index * BETWEEN_MESSAGES_MS
    add.run([
      conversationOf(peer),
      isOwn ? own : accountOf(peer),
      messageIdFromBytes(bytesOf(index)),
      ...[atMs, atMs, body.join(' ')],
      isOwn ? 'read' : 'received',
      isOwn || index < messages - RARE_EVERY ? 1 : 0,
    ])
  }
  for (let first = 0; first < messages; first += MESSAGES_A_COMMIT) {
    const end = Math.min(messages, first + MESSAGES_A_COMMIT)
    database.transaction(() => {
      for (let index = first; index < end; index++) addOne(index)
    })()
  }
  database.pragma('wal_checkpoint(TRUNCATE)')
}

function described(home: string): LargeStore {
  const database = openDatabase(home)
  const bySize = (order: 'ASC' | 'DESC') =>
    `id:${String(
      database
        .prepare(
          `SELECT conversation FROM message GROUP BY conversation ORDER BY COUNT(*) ${order}, conversation LIMIT 1`,
        )
        .get()?.['conversation'],
    )}`
  const store = { home, largest: bySize('DESC'), smallest: bySize('ASC'), commonWord: wordOf(0) }
  database.close()
  return { ...store, open: () => openDatabase(home) }
}

/** Pronounceable, and another for each number. */
function wordOf(index: number): string {
  let word = ''
  for (let rest = index + 1; rest > 0; rest = Math.floor(rest / 70)) {
    word += `${'bcdfghklmnprst'[rest % 14] ?? ''}${'aeiou'[Math.floor(rest / 14) % 5] ?? ''}`
  }
  return word
}

function accountOf(index: number): AccountId {
  return parseAccountId(`00000000-0000-8000-8000-${index.toString(16).padStart(12, '0')}`)
}

function conversationOf(index: number): string {
  return conversationIdFromHash(bytesOf(index))
}

/** Those of an id, another for each index. */
export function bytesOf(index: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(16)
  new DataView(bytes.buffer).setUint32(12, index + 1)
  return bytes
}

/** The same store for everybody (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
