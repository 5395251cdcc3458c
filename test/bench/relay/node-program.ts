import { startRelay, type RelayProcess, type Scope } from '../../harness/index.js'
import { WATCHED, watchOf } from './loop-delay.js'
import { residentAfterCollecting, WEIGHED } from './memory.js'
import type { Running, StartOptions } from './subject.js'

/** A relay of Node, as far as all of those are alike. */
export async function startProgram(
  scope: Scope,
  folder: string,
  { weighed, watched, port, args, program }: StartOptions & ProgramOptions,
): Promise<{ readonly relay: RelayProcess; readonly running: ProgramControl }> {
  const relay = await startRelay(scope, {
    dir: folder,
    ...(weighed === true && { env: WEIGHED }),
    ...(watched === true && { env: WATCHED }),
    ...(port !== undefined && { port }),
    ...(args !== undefined && { args }),
    ...(program !== undefined && { program }),
  })
  const running: ProgramControl = {
    port: relay.port,
    pid: relay.pid,
    ...(watched === true && { watch: watchOf(relay.output, relay.dataDir) }),
    residentKiB: () => residentAfterCollecting(relay.output),
    stop: async () => {
      await relay.stop()
    },
    kill: async () => {
      await relay.kill()
    },
  }
  return { relay, running }
}

interface ProgramOptions {
  readonly args?: readonly string[]
  readonly program?: string
}

type ProgramControl = Pick<Running, 'port' | 'pid' | 'watch' | 'residentKiB' | 'stop' | 'kill'>
