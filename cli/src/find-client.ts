import { setTimeout as delay } from 'node:timers/promises'

import type { Client, PassphraseSource } from '@sotto/client-core'
import type { Found, RemoteClient } from '@sotto/client-core/daemon'
import { AccountError, asSottoError, BusyError, UnavailableError } from '@sotto/protocol'

import type { Invocation } from './commands/command.js'
import { loadCore, loadDaemon, type Daemon } from './core.js'
import { parseDuration } from './flags/values.js'
import { openOptions } from './open-options.js'
import { typedProxy } from './proxy.js'

/** How long an owner may take to come or to go before a command gives up on it. */
const PATIENCE_MS = 5_000
/** However little `--timeout` leaves, a machine with much to do may need so long to answer at all. */
const PATIENCE_MS_MIN = 1_000
/** An owner that has just come answers within this; only then is everything loaded to look closer. */
const STARTING_MS = 300
const PAUSE_MS_MIN = 10
const PAUSE_MS_MAX = 60

export interface FindOptions {
  /** An owner has just left, and the next one may be on its way. */
  readonly again: boolean
  /** Others on the account are answered from the beginning, not after `SERVE_AFTER_MS`. */
  readonly serveAtOnce: boolean
  /** Asked instead of whoever runs the command. */
  readonly passphrase?: PassphraseSource
}

/**
 * What is done sooner is done before anybody could have asked; listening takes some of that time, and a
 * screen has its first frame.
 */
const SERVE_AFTER_MS = 150

/**
 * The account, from whichever process owns it, else owned by this one. Throws `account/busy` only
 * for an owner that cannot serve: one that does not answer, or all of them with `--no-daemon`.
 */
export async function findClient(invocation: Invocation, options: FindOptions): Promise<Client> {
  const { globals } = invocation
  const { again } = options
  if (!globals.daemon) return openHere(invocation, options)
  const daemon = await loadDaemon()
  if (globals.socket !== undefined) return atSocket(invocation, globals.socket, again)
  const patience = new Patience()
  for (;;) {
    const home = { dataDir: globals.dataDir }
    const found = await daemon.findOwner(home, globals.account, helloMs(invocation))
    if (found.kind === 'owner') return served(daemon, invocation, found.client)
    if (found.kind === 'unanswered' && found.stuck) throw daemon.accountBusy(found.note)
    if (!patience.mayBeStarting(found)) {
      const opened = await openUnlessBusy(invocation, options, patience)
      if (opened !== undefined) return opened
    }
    await patience.pause()
  }
}

/** What `--timeout` leaves for an owner to answer in; undefined without one, and for one attempt. */
function answerMs({ flags, globals }: Invocation): number | undefined {
  const timeoutMs = flags.read('timeout', parseDuration) ?? globals.timeoutMs
  if (timeoutMs === undefined || timeoutMs === 0) return undefined
  return Math.max(PATIENCE_MS_MIN, timeoutMs)
}

/** How long it may take until an owner says who it is. */
function helloMs(invocation: Invocation): number {
  return Math.min(PATIENCE_MS, answerMs(invocation) ?? PATIENCE_MS)
}

/** Waits as long as owners come and go, but for none of them longer than `PATIENCE_MS`. */
class Patience {
  readonly #begunMs = Date.now()
  #since = Date.now()
  #owner: string | undefined

  mayBeStarting(found: Found): boolean {
    if (found.kind !== 'unanswered') return false
    this.meet(`${found.note.pid} ${found.note.since}`)
    return Date.now() - this.#begunMs < STARTING_MS
  }

  /** Another owner than before begins anew. */
  meet(owner: string): void {
    if (owner === this.#owner) return
    this.#owner = owner
    this.#since = Date.now()
  }

  isOver(): boolean {
    return Date.now() - this.#since > PATIENCE_MS
  }

  async pause(): Promise<void> {
    await delay(PAUSE_MS_MIN + Math.random() * (PAUSE_MS_MAX - PAUSE_MS_MIN))
  }
}

async function openHere(
  invocation: Invocation,
  { serveAtOnce, passphrase }: FindOptions,
): Promise<Client> {
  const { openClient } = await loadCore()
  invocation.world.signal.throwIfAborted()
  const serveAfterMs = serveAtOnce ? 0 : SERVE_AFTER_MS
  const asked = passphrase === undefined ? {} : { passphrase }
  return openClient({ ...openOptions(invocation), ...asked, serveAfterMs })
}

/** Undefined while another process is only about to serve, or to leave. */
async function openUnlessBusy(
  invocation: Invocation,
  options: FindOptions,
  patience: Patience,
): Promise<Client | undefined> {
  try {
    return await openHere(invocation, options)
  } catch (thrown) {
    const error = asSottoError(thrown)
    if (error.code !== 'account/busy') throw thrown
    patience.meet(error.message)
    if (patience.isOver()) throw thrown
    return undefined
  }
}

/** For `--socket`: that owner or none. */
async function atSocket(invocation: Invocation, path: string, again: boolean): Promise<Client> {
  const daemon = await loadDaemon()
  const { account } = invocation.globals
  const untilMs = Date.now() + (again ? PATIENCE_MS : 0)
  for (;;) {
    const answer = await daemon.knock(path, helloMs(invocation))
    if (answer.kind === 'open') {
      if (account === undefined || daemon.isNamed(answer.client.account, account))
        return served(daemon, invocation, answer.client)
      await answer.client.close()
      throw new AccountError('account/none', `the owner at ${path} has another account`, {
        fix: 'Leave out --account, or name the account that is owned there.',
      })
    }
    if (Date.now() >= untilMs) throw unanswered(path)
    await delay(PAUSE_MS_MAX)
  }
}

function unanswered(path: string): UnavailableError {
  return new UnavailableError('socket/unanswered', `no owner of an account answers at ${path}`, {
    fix: 'Nothing was done. Start the owner, or leave out --socket (SOTTO_SOCKET).',
  })
}

/** Throws `account/busy` where a route was typed: an owner goes on by its own. */
async function served(
  daemon: Daemon,
  invocation: Invocation,
  client: RemoteClient,
): Promise<RemoteClient> {
  if (isRouteTyped(invocation)) {
    await client.close()
    throw otherRoute(client.owner)
  }
  client.setPatience(answerMs(invocation))
  client.warnings.push(...daemon.homeWarnings({ dataDir: invocation.globals.dataDir }))
  return client
}

/** For this command, and not as what `account edit` shall keep. */
function isRouteTyped(invocation: Invocation): boolean {
  return typedProxy(invocation) !== undefined && invocation.spec.path.join(' ') !== 'account edit'
}

function otherRoute({ command, pid }: RemoteClient['owner']): BusyError {
  return new BusyError(
    'account/busy',
    `sotto ${command} (process ${pid}) owns this account, and reaches the relay by its own route`,
    {
      fix: [
        `Nothing was done. Leave out --proxy, or stop it first: kill ${pid}`,
        'To keep a proxy for the account: sotto account edit --proxy URL',
      ].join('\n'),
    },
  )
}
