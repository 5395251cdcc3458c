import { X509Certificate } from 'node:crypto'
import { existsSync, readFileSync, statfsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { SottoError } from '@sotto/protocol'
import type { Config } from '../config/parse-config.js'
import { HTTP_CONNECTIONS_MAX } from '../limits/bounds.js'
import { DEFAULT_LIMITS } from '../limits/limits.js'
import { DAY_MS } from '../ports.js'
import { readCertificate } from '../tls/certificate.js'
import { verdictsOf, type Check } from './check.js'

const MIB = 2 ** 20
const FREE_BYTES_MIN = 64 * MIB
/** Descriptors beside those of connections: files, sockets of the system. */
const FILES_BESIDE = 64
const TLS_DAYS_MIN = 14
/** A file may seem to be of a little later than now. */
const CLOCK_SLACK_MS = 60_000

/** What is said of this machine, for a relay that is as `config` says. */
export function machineChecks(config: Config, nowMs: number): readonly Check[] {
  const { dataFolder } = config
  return [
    disk(dataFolder),
    files(dataFolder, config),
    clock(dataFolder, nowMs),
    ...(config.tls === undefined ? [] : [tls(config, nowMs)]),
    limits(config),
    reach(config),
  ]
}

function disk(dataFolder: string): Check {
  const { well, warn, fail } = verdictsOf('disk')
  let folder = dataFolder
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder)
  const { bavail, bsize } = statfsSync(folder)
  const free = bavail * bsize
  const told = `${Math.floor(free / MIB)} MiB free`
  const database = statSync(join(dataFolder, 'relay.db'), { throwIfNoEntry: false })?.size ?? 0
  if (free < FREE_BYTES_MIN) return fail(told, 'Make room: a full disk accepts nothing.')
  if (free < database) {
    return warn(`${told}, less than the database has`, 'A restore needs as much again as there is.')
  }
  return well(told)
}

/** Of the relay that runs, where one does; else of this shell. */
function files(dataFolder: string, config: Config): Check {
  const { well, warn } = verdictsOf('files')
  const owner = textOf(join(dataFolder, 'owner')).trim()
  const told = textOf(`/proc/${owner}/limits`) || textOf('/proc/self/limits')
  const text = /^Max open files\s+(\d+|unlimited)/m.exec(told)?.[1]
  if (text === undefined) return well('this system does not say how many may be open')
  const connections = config.limits.connections ?? DEFAULT_LIMITS.connections
  const needed = connections + HTTP_CONNECTIONS_MAX + FILES_BESIDE
  if (text === 'unlimited' || Number(text) >= needed) return well(`${text} may be open`)
  return warn(
    `${text} may be open, and ${connections} connections need ${needed}`,
    `LimitNOFILE=${needed} in the systemd unit, or ulimit -n ${needed}; or lower the limit connections.`,
  )
}

function clock(dataFolder: string, nowMs: number): Check {
  const { well, fail } = verdictsOf('clock')
  const newest = statSync(join(dataFolder, 'relay.db'), { throwIfNoEntry: false })?.mtimeMs ?? 0
  const told = new Date(nowMs).toISOString()
  if (newest - nowMs <= CLOCK_SLACK_MS) return well(told)
  return fail(
    `${told}, but the database was written later`,
    'Set the clock, by NTP: envelopes and certificates carry its time.',
  )
}

function tls({ tls: paths, publicHosts }: Config, nowMs: number): Check {
  const { well, warn, fail } = verdictsOf('tls')
  if (paths === undefined) return well('none')
  try {
    const { cert, expiresMs } = readCertificate(paths)
    const days = Math.floor((expiresMs - nowMs) / DAY_MS)
    if (expiresMs <= nowMs) return fail('the certificate has expired', 'Renew it.')
    const certificate = new X509Certificate(cert)
    const unnamed = publicHosts.find(
      (host) => certificate.checkHost(host.replace(/:\d+$/, '')) === undefined,
    )
    if (unnamed !== undefined) {
      return fail(
        `the certificate does not name ${unnamed}`,
        'Get one that names every public host.',
      )
    }
    if (days < TLS_DAYS_MIN) {
      return warn(`the certificate expires in ${days} days`, 'See that it is renewed by itself.')
    }
    return well(`the certificate is good for ${days} days`)
  } catch (thrown) {
    if (!(thrown instanceof SottoError)) throw thrown
    const why = thrown.cause instanceof Error ? `: ${thrown.cause.message}` : ''
    return fail(`${thrown.message}${why}`, 'Name PEM files that belong together.')
  }
}

function limits(config: Config): Check {
  const { well, warn } = verdictsOf('limits')
  const all = { ...DEFAULT_LIMITS, ...config.limits }
  const odd = [
    ['strangerEnvelopes', 'mailboxEnvelopes'],
    ['strangerBytes', 'mailboxBytes'],
    ['addressConnections', 'connections'],
    ['windowBytes', 'mailboxBytes'],
  ] as const
  const found = odd.find(([part, whole]) => all[part] > all[whole])
  if (found === undefined) return well(`${Object.keys(config.limits).length} moved, none odd`)
  return warn(`${found[0]} is above ${found[1]}, and does nothing`, `Lower ${found[0]}.`)
}

function reach({ listen, tls: paths, publicHosts, trustedProxies }: Config): Check {
  const { well, warn } = verdictsOf('reach')
  const isFronted = trustedProxies.length > 0
  if (publicHosts.length > 0 && paths === undefined && !isFronted) {
    return warn(
      'a public host, but neither TLS nor a trusted proxy',
      'Give --tls-cert and --tls-key, or --trusted-proxy with the address of the proxy.',
    )
  }
  if (paths !== undefined && publicHosts.length === 0) {
    return warn(
      'TLS, but no public host',
      'Give --public-host: a login is good for that name only.',
    )
  }
  return well(`listens on ${listen.host}:${listen.port}`)
}

/** Empty where it cannot be read. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // Nobody owns the folder, or not every system has it.
  }
}
