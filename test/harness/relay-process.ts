import { join } from 'node:path'

import { type Environment, isolatedEnvironment } from './environment.js'
import { holdPort } from './port.js'
import { type End, ProgramProcess } from './program-process.js'
import { SOTTO_RELAY } from './repository.js'
import type { Scope } from './temp-dir.js'

export interface RelayOptions {
  /** A folder for this relay; start another one on it to see what the first left. */
  readonly dir: string
  /** One of the scope's own unless given: give the first one's to bring a relay back where clients look. */
  readonly port?: number
  readonly args?: readonly string[]
  readonly env?: Environment
  readonly program?: string
}

export interface RelayProcess {
  readonly url: string
  readonly port: number
  readonly pid: number
  /** Where its database lies. */
  readonly dataDir: string
  readonly output: ProgramProcess
  /** SIGTERM, and waits until it has drained. */
  stop(): Promise<End>
  /** SIGKILL. */
  kill(): Promise<End>
}

/** Starts the built relay and waits until it says where it listens. */
export async function startRelay(scope: Scope, options: RelayOptions): Promise<RelayProcess> {
  const dataDir = join(options.dir, 'data')
  const port = options.port ?? (await holdPort(scope))
  const output = new ProgramProcess(scope, {
    program: options.program ?? SOTTO_RELAY,
    args: [
      ...['--listen', `127.0.0.1:${String(port)}`],
      ...['--data', dataDir],
      '--json',
      ...(options.args ?? []),
    ],
    env: isolatedEnvironment(join(options.dir, 'home'), options.env),
  })
  const { url } = await output.json<{ event?: string; url: string }>(
    ({ event }) => event === 'relay.ready',
  )
  return {
    url,
    port,
    pid: output.pid,
    dataDir,
    output,
    stop: () => output.stop(),
    kill: () => output.kill(),
  }
}
