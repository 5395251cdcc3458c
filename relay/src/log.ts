/** What a field of a log line may be: never a string of somebody else's making. */
type Field = number | boolean

/**
 * Every event the relay logs, with every field it may have. No ids, names, addresses or keys: a
 * string does not type-check.
 */
export interface LogEvents {
  'relay.started': { readonly port: number; readonly epoch: number; readonly tookMs: number }
  'relay.not-started': { readonly exit: number }
  'relay.draining': { readonly sockets: number }
  'relay.stopped': { readonly tookMs: number }
  'relay.limit-reached': { readonly sockets: number }
  'clients.refused': {
    readonly frames: number
    readonly handshakes: number
    readonly heads: number
    readonly connections: number
  }
  'pressure.changed': {
    readonly from: number
    readonly to: number
    readonly diskFreeMiB: number
    readonly memoryMiB: number
    readonly loopDelayMs: number
  }
  'admin.unavailable': Record<string, never>
  'backup.made': { readonly madeMs: number }
  'tls.reloaded': { readonly days: number }
  'tls.reload-failed': Record<string, never>
  'tls.expired': Record<string, never>
  'store.failed': { readonly failuresInRow: number }
  'store.swept': { readonly mailboxes: number; readonly expired: number; readonly tookMs: number }
  'sweep.failed': Record<string, never>
  'account.registered': Record<string, never>
  'account.deleted': Record<string, never>
  'devices.expired': { readonly devices: number }
  'request.broke': Record<string, never>
}

export type LogEvent = keyof LogEvents
export type LogLevel = 'info' | 'warn' | 'error'

export interface Log {
  info<Event extends LogEvent>(event: Event, fields: LogEvents[Event]): void
  warn<Event extends LogEvent>(event: Event, fields: LogEvents[Event]): void
  /** A bug of ours. */
  error<Event extends LogEvent>(event: Event, fields: LogEvents[Event]): void
}

/** One JSON object a line. `write` gets the line with its newline. */
export function lineLog(options: {
  readonly write: (line: string) => void
  readonly nowMs: () => number
}): Log {
  const at =
    (level: LogLevel) =>
    (event: LogEvent, fields: Readonly<Record<string, Field>>): void => {
      const ts = new Date(options.nowMs()).toISOString()
      options.write(`${JSON.stringify({ ts, level, event, ...fields })}\n`)
    }
  return { info: at('info'), warn: at('warn'), error: at('error') }
}

export const SILENT_LOG: Log = { info: () => {}, warn: () => {}, error: () => {} }
