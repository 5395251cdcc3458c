import { mkdirSync } from 'node:fs'
import { StorageError, type Bytes, type RegistrationKind } from '@sotto/protocol'
import { AdminSocket } from './admin/admin-socket.js'
import { adminAnswers } from './admin/answers.js'
import { checkRelayOf } from './accounts/relay-of-account.js'
import { createSignupCode, type SignupCodeOptions } from './accounts/signup-code.js'
import { createApp } from './http/app.js'
import { boundConnections, createHttpServer } from './http/http-server.js'
import { bind, stopAccepting, type ListenAddress } from './http/listening.js'
import { upgradeToDoors } from './http/upgrade.js'
import { openKeys, type RelayKeys } from './keys.js'
import { DRAIN_MS_MAX } from './limits/bounds.js'
import type { Limits } from './limits/limits.js'
import { originOf } from './limits/network-address.js'
import type { Machine } from './limits/pressure.js'
import { thisMachine } from './limits/this-machine.js'
import { TrustedProxies } from './limits/trusted-proxies.js'
import type { Log } from './log.js'
import { startMetering, type Metering } from './metrics/metering.js'
import type { Clock, Random } from './ports.js'
import type { TlsFiles } from './tls/certificate.js'
import { CertificateWatch } from './tls/certificate-watch.js'
import { OpenRelay } from './relay.js'
import { asStorageError, codeOf, isDiskFault } from './store/sqlite/faults.js'
import type { Store } from './store/port.js'
import { openSqliteStore } from './store/sqlite/sqlite-store.js'

export interface RelayOptions {
  /** Where keys and database live; made when it is not there. */
  readonly dataFolder: string
  /** Port 0: any free one. */
  readonly listen: ListenAddress
  readonly limits?: Partial<Limits>
  /** How new accounts are taken; default all of them. */
  readonly registration?: RegistrationKind
  /** Speak TLS with these; undefined: plain HTTP. */
  readonly tls?: TlsFiles | undefined
  /** Where metrics are read; undefined: nowhere. */
  readonly metricsListen?: ListenAddress | undefined
  /** Host names (with their port, where it is not the scheme's) under which clients reach this relay. */
  readonly publicHosts?: readonly string[]
  /** Proxies whose X-Forwarded-For counts: addresses and networks, as `parseProxy` answers them. */
  readonly trustedProxies?: readonly string[]
  /** The data folder comes from a backup: begin a new epoch. */
  readonly restored?: boolean
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** In place of what this machine says of its disk, memory and event loop. */
  readonly machine?: Machine
  /** The operator asked over the admin socket that it drains; default: it does. */
  readonly onDrain?: () => void
  /** Stands before the store: for tests that make it fail. */
  readonly wrapStore?: (store: Store) => Store
}

export interface Relay {
  /** `http://host:port`, or https, with the port it really got. */
  readonly url: string
  readonly metricsUrl: string | undefined
  /** 33 bytes; what clients pin. */
  readonly rootKey: Bytes
  /** Reads the certificate anew, where there is one. */
  reload(): void
  /** Finishes what was begun, tells clients to come back, then closes. Bounded. */
  drain(): Promise<void>
  /** Closes at once; what was not answered was not promised. */
  close(): Promise<void>
  /** Makes a sign-up code and answers its text: see accounts/signup-code.ts. */
  createSignupCode(options: SignupCodeOptions): Promise<string>
  /** Looks once for what is too old to keep. Answers how many envelopes expired. */
  sweep(): Promise<number>
}

/**
 * Starts a relay in this process. Throws a BusyError when another owns the data folder, a
 * StorageError when it does not serve, a ConfigError when the address cannot be listened on.
 */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  try {
    return await start(options)
  } catch (cause) {
    // A page that is damaged may be read by whatever comes first, and not by the opening.
    throw isDiskFault(cause) ? asStorageError(cause) : cause
  }
}

async function start(options: RelayOptions): Promise<Relay> {
  const { dataFolder, clock } = options
  const begunAtMs = clock.nowMs()
  makeFolder(dataFolder)
  const keys = openKeysOf(dataFolder)
  const opened = openSqliteStore(dataFolder, options)
  const store = options.wrapStore?.(opened) ?? opened
  const machine = options.machine ?? thisMachine(dataFolder, () => store.reusableBytes())
  const metering = await startMetering({
    listen: options.metricsListen,
    folder: dataFolder,
    log: options.log,
    startedMs: begunAtMs,
  })
  const { log, meters } = metering
  await closingOnFault(store, () => checkRelayOf(store, keys.rootKey))
  const open = await OpenRelay.open({ ...options, log, meters, store, keys, machine })
  try {
    const relay = await listen({ ...options, log }, open, metering)
    const port = Number(new URL(relay.url).port)
    const tookMs = clock.nowMs() - begunAtMs
    log.info('relay.started', { port, epoch: open.context.epoch, tookMs })
    return relay
  } catch (cause) {
    metering.stop()
    await open.close()
    throw cause
  }
}

async function listen(options: RelayOptions, open: OpenRelay, metering: Metering): Promise<Relay> {
  const { context, doors } = open
  const { limits, refusals, pressure } = context
  let draining = false
  const trustedProxies = new TrustedProxies(options.trustedProxies ?? [])
  const app = createApp({
    context,
    trustedProxies,
    readiness: () => (draining ? { isReady: false, text: 'draining' } : pressure.readiness),
  })
  const secured = secure(options)
  const answer = app.callback()
  const server = createHttpServer({
    limits,
    certificate: secured?.certificate,
    answer: (request, response) => void answer(request, response),
  })
  if (server.renew !== undefined) secured?.start(server.renew)
  const http = server.http
  boundConnections(http, {
    limits,
    refusals,
    peerOf: (socket) => originOf({ headers: {}, socket }, trustedProxies),
  })
  const publicHosts = (options.publicHosts ?? []).map((host) => host.toLowerCase())
  upgradeToDoors({ doors, server: http, refusals, publicHosts, trustedProxies })
  const startedMs = context.clock.nowMs()
  let url = ''
  const admin = await AdminSocket.open(
    options.dataFolder,
    adminAnswers({
      ...{ context, doors, startedMs, url: () => url, isDraining: () => draining },
      drain: options.onDrain ?? (() => void drain()),
    }),
  )
  if (admin === undefined) context.log.warn('admin.unavailable', {})
  const stopBeside = (): void => {
    secured?.stop()
    metering.stop()
    admin?.close()
  }

  const end = async (): Promise<void> => {
    http.closeAllConnections()
    await open.close()
    stopBeside()
  }
  let drained: Promise<void> | undefined
  const drain = (): Promise<void> => (drained ??= drainOnce())
  const drainOnce = async (): Promise<void> => {
    const begunAtMs = context.clock.nowMs()
    draining = true
    context.log.info('relay.draining', { sockets: doors.size })
    const stopped = stopAccepting(http)
    await doors.drain()
    await Promise.race([stopped, after(context.clock, DRAIN_MS_MAX)])
    await end()
    context.log.info('relay.stopped', { tookMs: context.clock.nowMs() - begunAtMs })
  }
  try {
    const metricsUrl = await metering.serve(() => ({
      draining,
      pressureLevel: pressure.level,
      tlsExpiresMs: secured?.certificate.expiresMs,
    }))
    url = `${secured === undefined ? 'http' : 'https'}://${await bind(http, options.listen)}`
    return {
      url,
      metricsUrl,
      rootKey: context.keys.rootKey,
      createSignupCode: (wanted) => createSignupCode(context, wanted),
      sweep: () => open.sweep(),
      reload: () => secured?.reload(),
      drain,
      close: async () => {
        void stopAccepting(http)
        await end()
      },
    }
  } catch (cause) {
    stopBeside()
    throw cause
  }
}

function secure({ tls, clock, log }: RelayOptions): CertificateWatch | undefined {
  return tls === undefined ? undefined : new CertificateWatch(tls, { clock, log })
}

async function closingOnFault(store: Store, check: () => Promise<void>): Promise<void> {
  try {
    await check()
  } catch (cause) {
    await store.close()
    throw cause
  }
}

function openKeysOf(folder: string): RelayKeys {
  try {
    return openKeys(folder)
  } catch (cause) {
    throw asStorageError(cause)
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (cause) {
    const code = codeOf(cause)
    if (code !== 'EEXIST' && code !== 'ENOTDIR') throw asStorageError(cause)
    throw new StorageError('store/failed', `${folder} is no folder, nor can one be made there`, {
      cause,
      fix: 'Something else is in its place or above it. Name another folder: --data DIR.',
    })
  }
}

function after(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.after(ms, resolve))
}
