import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { createServer, connect, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

import { asSottoError, ConfigError, UnavailableError } from '@sotto/protocol'
import type { PrivateRelay } from '@sotto/tui/first-run'

import { replaceText } from './config/write.js'
import { environmentWithout, relayProgram } from './relay-program.js'

/**
 * The relay of one person, on this machine and reachable from nowhere else:
 *
 *     <dataDir>/relay/listen      its address: 127.0.0.1 and the port that it keeps
 *     <dataDir>/relay/owner       its process, as it writes it itself
 *     <dataDir>/relay/relay.log   what it has said since it was started last: neither names nor texts
 *
 * and the relay's own keys and database. It is no child of ours: it runs on until somebody ends it or
 * the machine stops, and a chat whose account is on it starts it again.
 */
export const privateRelayFolder = (dataDir: string): string => join(dataDir, 'relay')

export const hasPrivateRelay = (dataDir: string): boolean => existsSync(listenPath(dataDir))

const LOOPBACK = '127.0.0.1'
const START_MS_MAX = 20_000
const PAUSE_MS = 50

const listenPath = (dataDir: string): string => join(privateRelayFolder(dataDir), 'listen')
const logPath = (dataDir: string): string => join(privateRelayFolder(dataDir), 'relay.log')

/**
 * Starts it, unless it runs; `greet` asks the relay at an address who it is. Where it will listen is on
 * the disk before it runs: if we die at any moment, the next call finds it or starts the same. Throws
 * `relay/unreachable` with what it said where it does not start.
 */
export async function startPrivateRelay(
  dataDir: string,
  greet: (relay: string) => Promise<string>,
): Promise<PrivateRelay> {
  const folder = privateRelayFolder(dataDir)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const known = readAddress(dataDir)
  if (known !== undefined) {
    const address = await greeted(known, greet)
    if (address !== undefined) return placed(address, folder)
  }
  const listen = known !== undefined && (await isUnused(known)) ? known : await unusedAddress()
  if (listen !== known) replaceText(listenPath(dataDir), `${listen}\n`)
  const child = start(dataDir, listen)
  const untilMs = Date.now() + START_MS_MAX
  let ended: string | undefined
  child.once('error', (cause) => (ended = cause.message))
  child.once('exit', () => (ended ??= lastWords(dataDir)))
  for (;;) {
    const address = await greeted(listen, greet)
    if (address !== undefined) return placed(address, folder)
    if (ended !== undefined || Date.now() > untilMs) throw notStarted(ended ?? lastWords(dataDir))
    await delay(PAUSE_MS)
  }
}

/** Starts it again where `relay`, of an account that is open, is this one and nobody answers there. */
export async function revivePrivateRelay(dataDir: string, relay: string): Promise<void> {
  const listen = readAddress(dataDir)
  if (listen === undefined || relay !== urlOf(listen) || !(await isUnused(listen))) return
  start(dataDir, listen).once('error', () => undefined) // The chat says that it is offline.
}

const urlOf = (listen: string): string => `http://${listen}`

function placed(address: string, folder: string): PrivateRelay {
  return { address, folder, stop: `kill $(cat '${join(folder, 'owner')}')` }
}

function readAddress(dataDir: string): string | undefined {
  if (!hasPrivateRelay(dataDir)) return undefined
  const text = readFileSync(listenPath(dataDir), 'utf8').trim()
  return /^127\.0\.0\.1:\d{1,5}$/.test(text) ? text : undefined
}

/** Undefined where no relay answers there yet. */
async function greeted(
  listen: string,
  greet: (relay: string) => Promise<string>,
): Promise<string | undefined> {
  try {
    return await greet(urlOf(listen))
  } catch (thrown) {
    if (asSottoError(thrown).code === 'relay/unreachable') return undefined
    throw thrown
  }
}

/** In a session of its own, so that neither a closed terminal nor Ctrl-C reaches it. */
function start(dataDir: string, listen: string): ChildProcess {
  const folder = privateRelayFolder(dataDir)
  const args = ['serve', '--listen', listen, '--data', folder]
  const log = openSync(logPath(dataDir), 'w', 0o600)
  try {
    const [command, before] = existsSync(relayProgram())
      ? [process.execPath, [relayProgram()]]
      : ['sotto-relay', []]
    const child = spawn(command, [...before, ...args], {
      ...{ cwd: folder, env: environmentWithout(), detached: true },
      stdio: ['ignore', log, log],
    })
    child.unref()
    return child
  } finally {
    closeSync(log)
  }
}

/** The port stays the same from then on: the account knows its relay by it. */
async function unusedAddress(): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, LOOPBACK, resolve)
  })
  const { port } = server.address() as AddressInfo // It listens on a port, not on a pipe.
  await new Promise((resolve) => server.close(resolve))
  return `${LOOPBACK}:${String(port)}`
}

/** Nobody listens there. */
function isUnused(listen: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: LOOPBACK, port: Number(listen.split(':')[1]) })
    socket.once('connect', () => {
      socket.destroy()
      resolve(false)
    })
    socket.once('error', () => resolve(true))
  })
}

function lastWords(dataDir: string): string {
  const lines = readFileSync(logPath(dataDir), 'utf8').trim().split('\n')
  return lines.find((line) => line.startsWith('error: ')) ?? lines.at(-1) ?? ''
}

function notStarted(words: string): Error {
  if (/ENOENT/.test(words)) {
    return new ConfigError('config/invalid', 'sotto-relay is not installed here', {
      fix: 'Install it beside sotto, or give the address of a relay.',
    })
  }
  return new UnavailableError('relay/unreachable', `the relay did not start: ${words}`, {
    fix: 'Try again, or give the address of another relay.',
  })
}
