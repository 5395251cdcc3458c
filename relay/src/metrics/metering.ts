import { readdir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { ListenAddress } from '../http/listening.js'
import type { Log, LogEvent, LogEvents, LogLevel } from '../log.js'
import { SILENT_METERS, type Meters } from './meters.js'
import { MetricsServer } from './metrics-server.js'
import type { Prometheus, State } from './prometheus.js'

export type Told = Pick<State, 'draining' | 'pressureLevel' | 'tlsExpiresMs'>

/** The meters of a relay, where they are read, and a log that counts what it says. */
export interface Metering {
  readonly meters: Meters
  readonly log: Log
  /** Where they are read: `http://host:port/metrics`; undefined until `serve`, or nowhere. */
  serve(told: () => Told): Promise<string | undefined>
  stop(): void
}

/** Nobody reads them: nothing is counted, and the library that counts is not loaded. */
function unread(log: Log): Metering {
  const serve = async (): Promise<undefined> => undefined
  return { meters: SILENT_METERS, log, serve, stop: () => undefined }
}

/** `listen` is where they are read; undefined: nowhere. */
export async function startMetering(options: {
  readonly listen: ListenAddress | undefined
  readonly folder: string
  readonly log: Log
  readonly startedMs: number
}): Promise<Metering> {
  const { listen, folder, log, startedMs } = options
  if (listen === undefined) return unread(log)
  const { Prometheus } = await import('./prometheus.js')
  const prometheus = new Prometheus(startedMs)
  let server: MetricsServer | undefined
  return {
    meters: prometheus,
    log: countingLog(log, prometheus),
    serve: async (told) => {
      const text = async () => prometheus.text({ ...told(), ...(await readDisk(folder)) })
      server = await MetricsServer.listen(listen, text)
      return server.url
    },
    stop: () => {
      prometheus.stop()
      server?.close()
    },
  }
}

function countingLog(log: Log, prometheus: Prometheus): Log {
  const at =
    (level: LogLevel) =>
    <Event extends LogEvent>(event: Event, fields: LogEvents[Event]): void => {
      log[level](event, fields)
      prometheus.logged(event, fields)
    }
  return { info: at('info'), warn: at('warn'), error: at('error') }
}

async function readDisk(folder: string): Promise<Omit<State, keyof Told>> {
  const path = join(folder, 'relay.db')
  const [databaseBytes, logBytes, disk, openFiles] = await Promise.all([
    sizeOf(path),
    sizeOf(`${path}-wal`),
    statfs(folder),
    countOpenFiles(),
  ])
  return { databaseBytes, logBytes, diskFreeBytes: disk.bavail * disk.bsize, openFiles }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch {
    return 0 // There is none just now.
  }
}

/** 0 where the system does not tell. */
async function countOpenFiles(): Promise<number> {
  try {
    return (await readdir('/proc/self/fd')).length
  } catch {
    return 0
  }
}
