import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { delimiter, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Environment, Scope } from '../../harness/index.js'
import { residentKiB } from '../relay/memory.js'
import type { Running } from '../relay/subject.js'

const START_MS_MAX = 30_000
const STOP_MS_MAX = 10_000
const ASK_AGAIN_MS = 2

/** Where a program is; undefined when it is not installed. */
export function findProgram(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path))
}

export interface ServerOptions {
  readonly command: string
  readonly args: readonly string[]
  readonly env: Environment
  /** Where it listens once it is ready. */
  readonly port: number
}

/** Starts a server that is not ours and waits until it takes connections. Killed with the scope. */
export async function startServer(
  scope: Scope,
  { command, args, env, port }: ServerOptions,
): Promise<Pick<Running, 'port' | 'pid' | 'residentKiB' | 'stop' | 'kill'>> {
  // Such servers keep the limit of open files they are started with; Node raises its own.
  const raised = ['-c', 'ulimit -n "$(ulimit -Hn)" && exec "$0" "$@"', command, ...args]
  const child = spawn('/bin/sh', raised, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const output of [child.stdout, child.stderr])
    output.on('data', (text: Buffer) => (said = `${said}${text.toString()}`.slice(-4_000)))
  const over = new AbortController()
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve())
    child.once('close', () => resolve())
  }).then(() => over.abort())
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal)
    const late = new AbortController()
    const killing = setTimeout(STOP_MS_MAX, undefined, { signal: late.signal }).then(
      () => child.kill('SIGKILL'),
      () => undefined,
    )
    await ended
    late.abort()
    await killing
  }
  scope.teardown(() => end('SIGKILL'))
  const deadlineMs = Date.now() + START_MS_MAX
  while (!(await takesConnections(port))) {
    if (over.signal.aborted || Date.now() > deadlineMs)
      throw new Error(`${command} did not start: ${said}`)
    await setTimeout(ASK_AGAIN_MS)
  }
  return {
    port,
    pid: child.pid ?? NaN,
    residentKiB: async () => residentKiB(child.pid ?? NaN),
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  }
}

/** A port of loopback that nobody has. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A connection to a server on loopback. Throws where nobody listens. */
export function dial(port: number, localAddress?: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: '127.0.0.1',
      port,
      ...(localAddress !== undefined && { localAddress }),
    })
    socket.setNoDelay(true)
    socket.once('connect', () => resolve(socket))
    socket.once('error', reject)
  })
}

async function takesConnections(port: number): Promise<boolean> {
  try {
    ;(await dial(port)).destroy()
    return true
  } catch {
    return false // Not yet.
  }
}
