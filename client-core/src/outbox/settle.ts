import { errorObject, UnavailableError, type MessageId, type SottoError } from '@sotto/protocol'
import type { SendOutcome, WaitLevel } from '../outcomes.js'
import { shownStatus } from '../conversation/shown-status.js'
import type { Core } from '../core.js'
import type { MessageStatus, SendResultObject } from '../objects.js'
import type { Signal } from '../signal.js'
import type { Conversation } from '../store/tables/contacts.js'
import type { OutboxWorker } from './worker.js'

const TIMEOUT_MS = 30_000

/** What settling looks at. */
export interface Settling {
  readonly core: Core
  readonly worker: Pick<OutboxWorker, 'lastError'>
  /** Whether the relay has a message, though the store does not say so yet. */
  readonly isAccepted: (message: MessageId) => boolean
  /** Fires when a status, an attempt or a connection changed. */
  readonly changed: Signal
  /** Throws when there is no more use in waiting. */
  readonly check: () => void
}

export interface Sent {
  readonly recipient: string
  readonly message: MessageId
}

export interface Unsent {
  readonly recipient: string
  readonly error: SottoError
}

/** What became of each recipient, in the order they were given. */
export type Attempt = Sent | Unsent

export function isSent(attempt: Attempt): attempt is Sent {
  return 'message' in attempt
}

/** How far and how long to wait. */
export interface WaitOptions {
  readonly wait?: WaitLevel | undefined
  readonly timeoutMs?: number | undefined
}

/** Waits until every message has come as far as was asked, or as far as it can now. */
export async function settle(
  parts: Settling,
  attempts: readonly Attempt[],
  options: WaitOptions,
): Promise<SendOutcome> {
  const level = options.wait ?? 'accepted'
  await waitUntil(parts, options, (patient) =>
    attempts
      .filter(isSent)
      .filter((sent) => isWaiting(parts, sent, { level, patient }))
      .map(({ message }) => message),
  )
  return outcome(parts, attempts, level)
}

/**
 * Waits while `waiting` names messages to wait for. Who is not patient waits for no relay that is out
 * of reach.
 */
export async function waitUntil(
  parts: Pick<Settling, 'core' | 'changed' | 'check'>,
  { wait, timeoutMs }: WaitOptions,
  waiting: (patient: boolean) => readonly MessageId[],
): Promise<void> {
  const { clock } = parts.core.ports
  const untilMs = clock.monotonicMs() + (timeoutMs ?? TIMEOUT_MS)
  const patient = timeoutMs !== undefined || wait === 'delivered' || wait === 'read'
  for (;;) {
    const messages = waiting(patient)
    const leftMs = untilMs - clock.monotonicMs()
    if (messages.length === 0 || leftMs <= 0) return
    parts.check() // What stopped us may have come before we listened.
    await parts.changed.nextWithin(leftMs, clock, messages)
    parts.check()
  }
}

const LEVEL: Readonly<Record<MessageStatus, number>> = {
  failed: -1,
  queued: 0,
  accepted: 1,
  delivered: 2,
  read: 3,
}

function isWaiting(
  parts: Settling,
  sent: Sent,
  wish: { readonly level: WaitLevel; readonly patient: boolean },
): boolean {
  const status = statusOf(parts, sent)
  if (status === 'failed' || LEVEL[status] >= LEVEL[wish.level]) return false
  return wish.patient || status !== 'queued' || sendError(parts, sent) === undefined
}

function statusOf({ core, isAccepted }: Settling, sent: Sent): MessageStatus {
  const status = core.store.read.messages.get(core.own.account, sent.message)?.status
  if (status === 'queued' && isAccepted(sent.message)) return 'accepted'
  return status === undefined || status === 'received'
    ? 'failed'
    : shownStatus(status, core.account)
}

function sendError(parts: Settling, sent: Sent): SottoError | undefined {
  const row = parts.core.store.read.outbox.ofMessage(sent.message)
  return row === undefined ? undefined : rowError(parts, row.row)
}

/** Why a row of the outbox still waits, where it was tried in this process. */
export function rowError({ core, worker }: Settling, row: number): SottoError | undefined {
  const { outbox } = core.store.read
  const waiting = outbox.row(row)
  const first = waiting === undefined ? undefined : outbox.oldestOf(waiting.recipient)
  return worker.lastError(row) ?? (first === undefined ? undefined : worker.lastError(first.row))
}

function outcome(parts: Settling, attempts: readonly Attempt[], level: WaitLevel): SendOutcome {
  const results = attempts.map((attempt): SendResultObject =>
    isSent(attempt)
      ? resultOf(parts, attempt)
      : { recipient: attempt.recipient, status: 'failed', error: errorObject(attempt.error) },
  )
  const status = results
    .map((result) => result.status)
    .reduce((least, next) => (LEVEL[next] < LEVEL[least] ? next : least))
  const [only] = results
  const single = results.length === 1 && only?.id !== undefined && only.conversation !== undefined
  const result = single
    ? { id: only.id, status, conversation: only.conversation, results }
    : { status, results }
  return { result, exitCode: exitCode(results, level) }
}

function resultOf(parts: Settling, sent: Sent): SendResultObject {
  const { core } = parts
  const message = core.store.read.messages.get(core.own.account, sent.message)
  const conversation =
    message === undefined ? undefined : core.store.read.contacts.conversation(message.conversation)
  const status = statusOf(parts, sent)
  const result: SendResultObject = { recipient: sent.recipient, status, id: sent.message }
  const placed =
    conversation === undefined
      ? result
      : {
          ...result,
          conversation: core.views.conversation(conversation),
          ...flag(core, conversation),
        }
  const error =
    status === 'queued'
      ? sendError(parts, sent)
      : status === 'failed'
        ? failure(core, sent)
        : undefined
  return error === undefined ? placed : { ...placed, error: errorObject(error) }
}

/** It went to the account known so far, and somebody may have meant the one with the username now. */
export function flag(core: Core, { account }: Conversation): Pick<SendResultObject, 'changed'> {
  const contact = core.store.read.contacts.byAccount(account)
  return contact?.successor == null ? {} : { changed: true }
}

function failure(core: Core, sent: Sent): SottoError {
  if (core.store.read.messages.get(core.own.account, sent.message) === undefined)
    return new UnavailableError('message/cancelled', 'the message was deleted here', {
      fix: 'To send it again, give it a new --id.',
    })
  const error = core.store.read.messages.failureOf(sent.message)
  return new UnavailableError(
    error?.code ?? 'message/expired',
    error?.message ?? 'the message could not be sent',
    { fix: error?.fix ?? '' },
  )
}

/** cli.md, "Exit codes": 81 before 80 before 79. */
function exitCode(results: readonly SendResultObject[], level: WaitLevel): number {
  const failed = results.filter((result) => result.status === 'failed')
  if (failed.length > 0) return results.length > 1 ? 81 : (failed[0]?.error?.exit ?? 70)
  if (results.some((result) => LEVEL[result.status] < LEVEL[level] && result.status === 'queued'))
    return 79
  return results.some((result) => LEVEL[result.status] < LEVEL[level]) ? 85 : 0
}
