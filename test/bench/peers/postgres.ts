import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { isolatedEnvironment, type Scope } from '../../harness/index.js'
import { findProgram, freePort, startServer } from './server.js'

/** Where Debian keeps the programs of each major version. */
const VERSIONS = '/usr/lib/postgresql'
const OWNER = 'postgres'

export interface Postgres {
  readonly port: number
  readonly user: string
  /** Runs what a file of SQL says. */
  readonly load: (path: string) => void
}

/** The folder of its programs, of the newest version; undefined when it is not installed. */
export function postgresPrograms(): string | undefined {
  if (findProgram('psql') === undefined) return undefined
  const [newest] = listed(VERSIONS).sort((a, b) => Number(b) - Number(a))
  return newest === undefined ? undefined : join(VERSIONS, newest, 'bin')
}

/**
 * A private server on loopback, as it comes: what it says is committed has been synced. It refuses
 * to run as root, and is then run as the user that Debian made for it.
 */
export async function startPostgres(scope: Scope, folder: string): Promise<Postgres> {
  const programs = postgresPrograms()
  if (programs === undefined) throw new Error('PostgreSQL is not installed')
  const port = await freePort()
  const data = join(folder, 'data')
  const env = isolatedEnvironment(join(folder, 'home'))
  mkdirSync(data)
  const asOwner = ownedBy([folder, join(folder, 'home'), data])
  const run = (program: string, args: readonly string[]): void => {
    const [command = '', ...rest] = asOwner([join(programs, program), ...args])
    execFileSync(command, rest, { env, stdio: 'ignore' })
  }
  run('initdb', ['-D', data, '-U', OWNER, '-A', 'trust', '-E', 'UTF8', '--no-locale'])
  const sockets = ['-c', `unix_socket_directories=${data}`]
  const server = [join(programs, 'postgres'), '-D', data, '-p', String(port), ...sockets]
  const [command = '', ...args] = asOwner([...server, '-c', 'listen_addresses=127.0.0.1'])
  await startServer(scope, { command, args, env, port })
  const psql = ['-h', '127.0.0.1', '-p', String(port), '-U', OWNER, '-v', 'ON_ERROR_STOP=1', '-q']
  return {
    port,
    user: OWNER,
    load: (path) => void execFileSync('psql', [...psql, '-f', path], { env, stdio: 'pipe' }),
  }
}

/** Gives the folders to whoever runs it; answers a command as that one runs it. */
function ownedBy(folders: readonly string[]): (command: readonly string[]) => readonly string[] {
  if (process.getuid?.() !== 0) return (command) => command
  const [uid = NaN, gid = NaN] = ['-u', '-g'].map((which) =>
    Number(execFileSync('id', [which, OWNER], { encoding: 'utf8' })),
  )
  for (const folder of folders) chownSync(folder, uid, gid)
  // A folder for temporary files is its maker's alone; the way through it is not.
  const [parent = ''] = folders
  chmodSync(join(parent, '..'), 0o711)
  const ids = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups']
  return (command) => ['setpriv', ...ids, ...command]
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return [] // It is not there.
  }
}
