import { setTimeout as delay } from 'node:timers/promises'

import { asSottoError, UnavailableError, type SottoError } from '@sotto/protocol'

import type { ReceiveOptions } from './options.js'

/** Longest single wait or attempt: Node's timers end at 24 days. */
const STEP_MS_MAX = 24 * 60 * 60 * 1000
/** Between two times of waiting: an account that is being closed says so at once, however often it is asked. */
const AGAIN_MS = 250
/** How long the backlog may take before the relay counts as stuck. */
const CATCH_UP_MS_MAX = 5 * 60 * 1000

type Options = Pick<ReceiveOptions, 'client' | 'output' | 'waitMs' | 'connectMs' | 'nowMs'> & {
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal
}

/**
 * Connects and resolves when there is nothing more to wait for: the backlog is committed and
 * `waitMs` since the beginning have passed. Throws `relay/unreachable` when the relay was not
 * reached in time.
 */
export async function waitForRelay(options: Options): Promise<void> {
  const begunAtMs = options.nowMs()
  if (options.waitMs === Number.POSITIVE_INFINITY) {
    tellConnection(options)
    await connectSomeday(options)
  } else {
    await options.client.call('relay.connect', {
      timeoutMs: Math.min(options.connectMs, STEP_MS_MAX),
    })
    await catchUp(options)
  }
  await pause(options.waitMs - (options.nowMs() - begunAtMs), options.signal)
}

/** Goes on until the relay is there; only what waiting cannot mend is thrown. */
async function connectSomeday({ client, signal }: Options): Promise<void> {
  while (!signal.aborted) {
    const failure = await client.call('relay.connect', { timeoutMs: STEP_MS_MAX }).then(
      () => undefined,
      (error: unknown): SottoError => asSottoError(error),
    )
    if (failure === undefined) return
    if (!failure.retryable) throw failure
    await pause(AGAIN_MS, signal)
  }
}

/** The backlog, unless the relay goes away meanwhile and stays away longer than it is waited for. */
async function catchUp(options: Options): Promise<void> {
  const enough = new AbortController()
  const signal = AbortSignal.any([enough.signal, options.signal])
  try {
    await Promise.race([
      options.client.call('relay.catchUp', {}),
      pause(CATCH_UP_MS_MAX, signal).then(lostRelay),
      goneTooLong(options, signal).then(lostRelay),
    ])
  } finally {
    enough.abort()
  }
}

/** Resolves once the relay is out of reach and `connectMs` have passed. */
async function goneTooLong({ client, connectMs }: Options, signal: AbortSignal): Promise<void> {
  const watch: { gone: boolean; tell: () => void } = { gone: false, tell: () => undefined }
  const unsubscribe = client.subscribe((event) => {
    if (event.type !== 'connection.state' || event.state === 'connecting') return
    watch.gone = event.state === 'offline'
    if (watch.gone) watch.tell()
  })
  signal.addEventListener('abort', unsubscribe, { once: true })
  await pause(connectMs, signal)
  if (!watch.gone) await new Promise<void>((resolve) => (watch.tell = resolve))
}

function lostRelay(): never {
  throw new UnavailableError('relay/unreachable', 'the relay went away before all had come', {
    fix: 'What came is printed; run it again for the rest.',
  })
}

/** Never resolves after its signal aborted: nobody waits then. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    for (let leftMs = ms; leftMs > 0; leftMs -= STEP_MS_MAX) {
      await delay(Math.min(leftMs, STEP_MS_MAX), undefined, { signal })
    }
  } catch {
    await new Promise(() => undefined)
  }
}

/** One note when the relay goes and one when it is back. */
function tellConnection({ client, output, signal }: Options): void {
  let offline = false
  const unsubscribe = client.subscribe((event) => {
    if (event.type !== 'connection.state' || event.state === 'connecting') return
    const isOffline = event.state === 'offline'
    if (isOffline === offline) return
    offline = isOffline
    output.note(offline ? 'the relay cannot be reached; trying again' : 'connected again')
  })
  signal.addEventListener('abort', unsubscribe, { once: true })
}
