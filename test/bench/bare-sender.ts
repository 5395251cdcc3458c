import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isolatedEnvironment, ROOT, SOTTO, type Scope } from '../harness/index.js'
import type { Subject } from './commands.js'
import { startProgram } from './relay/node-program.js'

const PREBUILDS = join(dirname(dirname(SOTTO)), 'prebuilds', `${process.platform}-${process.arch}`)

/**
 * The least that a durable, end-to-end encrypted send can be on these parts, as a whole process without
 * any code of sotto's or of a library: Node, libsignal's and SQLCipher's compiled libraries, one
 * WebSocket to the floor relay, a key agreement, and a commit with its fsync before the connection is
 * there, before the bytes leave, and after the relay has them on its disk.
 */
export async function bareSender(scope: Scope, dir: string): Promise<Subject> {
  const folder = join(dir, 'bare-sender')
  mkdirSync(folder)
  const program = join(ROOT, 'test/out/bench/programs/floor-relay.js')
  const { relay } = await startProgram(scope, folder, { program })
  const given: Given = {
    libsignal: join(PREBUILDS, 'libsignal.node'),
    sqlcipher: join(PREBUILDS, 'sqlcipher.node'),
    store: join(folder, 'store.db'),
    url: `${relay.url}/submit/1`,
  }
  const script = `(${String(sendBarely)})(${JSON.stringify(given)})`
  return { args: ['-e', script], env: isolatedEnvironment(folder) }
}

interface Given {
  readonly libsignal: string
  readonly sqlcipher: string
  readonly store: string
  /** Of the floor relay's door. */
  readonly url: string
}

/** What of the compiled libraries is called; handles are theirs. */
interface Libsignal {
  PrivateKey_Generate(): object
  PrivateKey_GetPublicKey(key: { readonly _nativeHandle: object }): object
  PrivateKey_Agree(
    key: { readonly _nativeHandle: object },
    other: { readonly _nativeHandle: object },
  ): Uint8Array
}
interface Sqlcipher {
  databaseOpen(path: string): object
  databaseExec(database: object, sql: string): void
  statementNew(
    database: object,
    sql: string,
    persistent: boolean,
    pluck: boolean,
    bigint: boolean,
    names: (string | null)[],
  ): object
  statementRun(statement: object, params: readonly unknown[], result: [number, number]): void
}

/** Runs in a process of its own, as text: of this file it has nothing else. */
function sendBarely({ libsignal, sqlcipher, store, url }: Given): void {
  const { request } = process.getBuiltinModule('node:http')
  const { randomBytes } = process.getBuiltinModule('node:crypto')
  // What a compiled library exports is known by its documentation alone.
  const open = (path: string): unknown => {
    const library: { exports: unknown } = { exports: {} }
    process.dlopen(library, path)
    return library.exports
  }
  const sql = open(sqlcipher) as Sqlcipher
  const database = sql.databaseOpen(store)
  sql.databaseExec(
    database,
    `PRAGMA key = "x'${'17'.repeat(32)}'"; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
     CREATE TABLE IF NOT EXISTS row (id INTEGER PRIMARY KEY, body BLOB NOT NULL)`,
  )
  const insert = sql.statementNew(
    database,
    'INSERT INTO row (body) VALUES (?)',
    false,
    false,
    false,
    [],
  )
  const body = randomBytes(1024)
  const commit = (): void => sql.statementRun(insert, [body], [0, 0])
  const upgrade = request(url, {
    headers: {
      ...{ Connection: 'Upgrade', Upgrade: 'websocket' },
      ...{ 'Sec-WebSocket-Version': 13, 'Sec-WebSocket-Key': randomBytes(16).toString('base64') },
    },
  })
  upgrade.end()
  setImmediate(commit) // While the relay answers.
  upgrade.on('upgrade', (_, socket) => {
    const native = open(libsignal) as Libsignal
    const key = { _nativeHandle: native.PrivateKey_Generate() }
    native.PrivateKey_Agree(key, { _nativeHandle: native.PrivateKey_GetPublicKey(key) })
    commit()
    // RFC 6455: a binary frame, masked with zeros, of `submit`, an id and the body.
    const frame = Buffer.alloc(8 + 5 + body.length)
    frame.set([0x82, 0xfe, (5 + body.length) >> 8, (5 + body.length) & 0xff])
    frame[8] = 1
    frame.set(body, 13)
    socket.on('data', () => {
      commit()
      process.stdout.write('sent\n', () => process.exit(0))
    })
    socket.write(frame)
  })
}
