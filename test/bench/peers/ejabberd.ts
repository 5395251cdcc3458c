import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isolatedEnvironment, type Scope } from '../../harness/index.js'
import type { PeerSubject, Running, StartOptions } from '../relay/subject.js'
import { postgresPrograms, startPostgres, type Postgres } from './postgres.js'
import { findProgram, freePort, startServer } from './server.js'
import { xmppRunning } from './xmpp-server.js'

/** A server of XMPP, on Mnesia as it comes, with its archive (mod_mam) on. Without TLS here. */
export const EJABBERD: PeerSubject = {
  name: 'ejabberd',
  durability: 'in Mnesia: its log is written to disk some time after, without fsync (its default)',
  isInstalled,
  start: (scope, folder, options) => startEjabberd(scope, folder, options),
}

/** The same with its archive and what waits for who is away in PostgreSQL, as large servers run it. */
export const EJABBERD_ON_POSTGRES: PeerSubject = {
  name: 'ejabberd on PostgreSQL',
  durability: 'in PostgreSQL, each message a commit with fsync (its default)',
  isInstalled: () =>
    isInstalled() && postgresPrograms() !== undefined && existsSync(join(SCHEMAS, 'pg.sql')),
  async start(scope, folder, options) {
    const kept = join(folder, 'postgres')
    mkdirSync(kept)
    const postgres = await startPostgres(scope, kept)
    postgres.load(join(SCHEMAS, 'pg.sql'))
    return startEjabberd(scope, folder, { ...options, postgres })
  },
}

const SCHEMAS = '/usr/share/ejabberd/sql'

function isInstalled(): boolean {
  return findProgram('ejabberdctl') !== undefined && findProgram('erl') !== undefined
}

async function startEjabberd(
  scope: Scope,
  folder: string,
  { port: asked, postgres }: StartOptions & { readonly postgres?: Postgres } = {},
): Promise<Running> {
  const port = asked ?? (await freePort())
  mkdirSync(join(folder, 'mnesia'), { recursive: true })
  const admits = join(folder, 'admit.cjs')
  writeFileSync(admits, ADMITS_ALL)
  const config = join(folder, 'ejabberd.yml')
  writeFileSync(config, `${configuration({ port, admits })}${databaseOf(postgres)}`)
  const server = await startServer(scope, {
    command: findProgram('erl') ?? 'erl',
    // As ejabberdctl does it, which runs for one account of the system only. Without a node name
    // nothing of Erlang listens.
    args: [
      ...['+K', 'true', '+P', '250000', '-noinput'],
      ...['-mnesia', 'dir', `"${join(folder, 'mnesia')}"`],
      ...['-s', 'ejabberd'],
    ],
    env: isolatedEnvironment(join(folder, 'home'), {
      ERL_LIBS: libraries(),
      EJABBERD_CONFIG_PATH: config,
      EJABBERD_LOG_PATH: join(folder, 'ejabberd.log'),
      ERL_CRASH_DUMP_BYTES: '0',
      ERL_MAX_PORTS: '32000',
    }),
    port,
  })
  return xmppRunning(server, async () => undefined)
}

function databaseOf(postgres: Postgres | undefined): string {
  if (postgres === undefined) return ''
  return `default_db: sql
sql_type: pgsql
sql_server: "127.0.0.1"
sql_port: ${postgres.port}
sql_database: "postgres"
sql_username: "${postgres.user}"
sql_password: ""
sql_pool_size: 10
`
}

/** Where its modules lie, as the script says that comes with it. */
function libraries(): string {
  const script = readFileSync(findProgram('ejabberdctl') ?? '', 'utf8')
  const [, found] = /^\s*(?:export )?ERL_LIBS='?([^'\n]+)'?$/m.exec(script) ?? []
  if (found === undefined) throw new Error('where ejabberd keeps its modules is not known')
  return found
}

/** Answers whoever asks whether somebody may log in, or exists: yes. */
const ADMITS_ALL = `
let unread = Buffer.alloc(0)
process.stdin.on('data', (bytes) => {
  unread = Buffer.concat([unread, bytes])
  while (unread.length >= 2 && unread.length >= 2 + unread.readUInt16BE(0)) {
    unread = unread.subarray(2 + unread.readUInt16BE(0))
    process.stdout.write(Buffer.of(0, 2, 0, 1))
  }
}).on('end', () => process.exit(0))
`

/** As Debian has it, but for TLS, which no row here has, for quotas, and for who may log in. */
function configuration({ port, admits }: { readonly port: number; readonly admits: string }) {
  return `hosts:
  - localhost
loglevel: warning
auth_method: external
extauth_program: "${process.execPath} ${admits}"
auth_use_cache: true
auth_cache_size: 100000
listen:
  -
    port: ${port}
    ip: "127.0.0.1"
    module: ejabberd_c2s
    max_stanza_size: 262144
    starttls_required: false
shaper_rules:
  max_user_sessions: 1000
  max_user_offline_messages: infinity
access_rules:
  c2s:
    allow: all
modules:
  mod_carboncopy: {}
  mod_client_state: {}
  mod_disco: {}
  mod_mam:
    default: always
  mod_offline:
    access_max_user_messages: max_user_offline_messages
  mod_ping: {}
  mod_roster: {}
  mod_stream_mgmt:
    max_ack_queue: infinity
`
}
