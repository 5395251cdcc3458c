import type { SottoError } from '@sotto/protocol'
import {
  asSottoError,
  concatBytes,
  equalBytes,
  InputError,
  UnavailableError,
  utf8,
  type MessageId,
  type Reference,
} from '@sotto/protocol'
import type { SendOptions, SendOutcome, SendRequest, WaitLevel } from '../client.js'
import { findMessage } from '../conversation/find-message.js'
import { knownContact, type LookupDoor } from '../conversation/contacts.js'
import { parseRecipient, resolve } from '../conversation/recipient.js'
import { errorObject } from '../conversation/views.js'
import type { Core } from '../core.js'
import type { MessageStatus, SendResultObject } from '../objects.js'
import { sha256 } from '../session/own-device.js'
import type { Signal } from '../signal.js'
import type { Contact } from '../store/tables/contacts.js'
import { checkText, compose } from './compose.js'
import type { OutboxWorker } from './worker.js'

const TIMEOUT_MS = 30_000

export interface SendParts {
  readonly core: Core
  readonly worker: OutboxWorker
  readonly door: LookupDoor & { readonly reach: (account: Contact['account']) => Promise<void> }
  /** Fires when a status, an attempt or a connection changed. */
  readonly changed: Signal
  /** Opens the identified door, by which receipts come. */
  readonly listen: () => void
}

/** One recipient of a send, from name to outcome. */
type Target =
  | { readonly kind: 'contact'; readonly recipient: string; readonly contact: Contact }
  | { readonly kind: 'self'; readonly recipient: string }
  | { readonly kind: 'failed'; readonly recipient: string; readonly error: SottoError }

interface Sent {
  readonly recipient: string
  readonly message: MessageId
}

/** cli.md, `send`: durable before it resolves, then waits for the level that was asked for. */
export async function send(
  parts: SendParts,
  request: SendRequest,
  options: SendOptions,
): Promise<SendOutcome> {
  checkText(request.text)
  const { core } = parts
  const replyTo =
    request.replyTo === undefined ? undefined : findMessage(core.store.read, request.replyTo)
  const contentHash = hashOf(request, replyTo)
  const remembered = rememberedSend(core, request.key, contentHash)
  const level = options.wait ?? 'accepted'
  if (level === 'delivered' || level === 'read') parts.listen()
  if (remembered !== undefined) {
    parts.worker.kick()
    return settle(parts, { sent: remembered, failed: [] }, options)
  }
  const targets = await resolveTargets(parts, request.to)
  if (options.queue === false) await reachAll(parts, targets)
  const sent = composeAll(core, targets, { request, replyTo, contentHash })
  core.ports.crashpoint('send.composed')
  parts.worker.kick()
  return settle(
    parts,
    { sent, failed: targets.filter((target) => target.kind === 'failed') },
    options,
  )
}

function hashOf(request: SendRequest, replyTo: Reference | undefined): ReturnType<typeof sha256> {
  const parts = [
    [...request.to].sort().join('\n'),
    request.text,
    replyTo === undefined ? '' : replyTo.message,
  ]
  return sha256(concatBytes(...parts.map((part) => sha256(utf8(part)))))
}

function rememberedSend(
  core: Core,
  key: string | undefined,
  contentHash: Uint8Array,
): readonly Sent[] | undefined {
  const remembered = key === undefined ? undefined : core.store.read.outbox.sendKey(key)
  if (remembered === undefined) return undefined
  if (!equalBytes(remembered.contentHash, contentHash)) {
    throw new InputError('send-id/reused', 'this --id was used for another message', {
      fix: 'Nothing was sent. Use a new --id for a new message; the same one only to retry.',
    })
  }
  return JSON.parse(remembered.messages) as Sent[]
}

/** Everything is parsed before anything is looked up; with one recipient a failure is thrown. */
async function resolveTargets(parts: SendParts, to: readonly string[]): Promise<readonly Target[]> {
  const recipients = [...new Set(to)].map((written) => ({
    written,
    recipient: parseRecipient(written),
  }))
  const targets: Target[] = []
  for (const { written, recipient } of recipients) {
    try {
      const resolved = resolve(parts.core.store.read, recipient)
      if (resolved.kind === 'self') targets.push({ kind: 'self', recipient: written })
      else
        targets.push({
          kind: 'contact',
          recipient: written,
          contact: await knownContact(parts.core, parts.door, resolved),
        })
    } catch (thrown) {
      const error = asSottoError(thrown)
      if (recipients.length === 1) throw error
      targets.push({ kind: 'failed', recipient: written, error })
    }
  }
  return withoutRepeats(targets)
}

/** Two names of one account are one recipient. */
function withoutRepeats(targets: readonly Target[]): readonly Target[] {
  const seen = new Set<string>()
  return targets.filter((target) => {
    if (target.kind !== 'contact') return true
    if (seen.has(target.contact.account)) return false
    seen.add(target.contact.account)
    return true
  })
}

async function reachAll(parts: SendParts, targets: readonly Target[]): Promise<void> {
  for (const target of targets)
    if (target.kind === 'contact') await parts.door.reach(target.contact.account)
}

function composeAll(
  core: Core,
  targets: readonly Target[],
  content: {
    readonly request: SendRequest
    readonly replyTo: Reference | undefined
    readonly contentHash: Uint8Array
  },
): readonly Sent[] {
  const { request, replyTo, contentHash } = content
  return core.store.transact((tx) => {
    const sent: Sent[] = []
    for (const target of targets) {
      if (target.kind === 'failed') continue
      const contact =
        target.kind === 'contact' ? tx.contacts.byAccount(target.contact.account) : undefined
      sent.push({
        recipient: target.recipient,
        message: compose(tx, core, { contact, body: request.text, replyTo }),
      })
    }
    if (request.key !== undefined) {
      const remembered = {
        contentHash: new Uint8Array(contentHash),
        messages: JSON.stringify(sent),
      }
      tx.outbox.rememberSend(request.key, remembered, core.ports.clock.nowMs())
    }
    return sent
  })
}

interface Settling {
  readonly sent: readonly Sent[]
  readonly failed: readonly Extract<Target, { kind: 'failed' }>[]
}

async function settle(
  parts: SendParts,
  settling: Settling,
  options: SendOptions,
): Promise<SendOutcome> {
  const level = options.wait ?? 'accepted'
  const { clock } = parts.core.ports
  const untilMs = clock.monotonicMs() + (options.timeoutMs ?? TIMEOUT_MS)
  const patient = options.timeoutMs !== undefined || level === 'delivered' || level === 'read'
  for (;;) {
    const waiting = settling.sent.filter((sent) => isWaiting(parts, sent, { level, patient }))
    const leftMs = untilMs - clock.monotonicMs()
    if (waiting.length === 0 || leftMs <= 0) return outcome(parts, settling, level)
    await parts.changed.nextWithin(leftMs, clock)
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
  parts: SendParts,
  sent: Sent,
  wish: { readonly level: WaitLevel; readonly patient: boolean },
): boolean {
  const status = statusOf(parts.core, sent)
  if (status === 'failed' || LEVEL[status] >= LEVEL[wish.level]) return false
  return wish.patient || status !== 'queued' || rowError(parts, sent) === undefined
}

function statusOf(core: Core, sent: Sent): MessageStatus {
  const status = core.store.read.messages.get(core.own.account, sent.message)?.status
  return status === undefined || status === 'received' ? 'failed' : status
}

/** Why the message is still queued, where it was tried in this process. */
function rowError(parts: SendParts, sent: Sent): SottoError | undefined {
  const { core, worker } = parts
  const row = core.store.read.outbox.ofMessage(sent.message)
  if (row === undefined) return undefined
  const first = core.store.read.outbox.oldestOf(row.recipient)
  return (
    worker.lastError(row.row) ?? (first === undefined ? undefined : worker.lastError(first.row))
  )
}

function outcome(parts: SendParts, settling: Settling, level: WaitLevel): SendOutcome {
  const done = settling.sent.map((sent) => resultOf(parts, sent))
  const failed = settling.failed.map(
    ({ recipient, error }) => ({ recipient, status: 'failed', error: errorObject(error) }) as const,
  )
  const results: readonly SendResultObject[] = [...done, ...failed]
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

function resultOf(parts: SendParts, sent: Sent): SendResultObject {
  const { core } = parts
  const message = core.store.read.messages.get(core.own.account, sent.message)
  const conversation =
    message === undefined ? undefined : core.store.read.contacts.conversation(message.conversation)
  const status = statusOf(core, sent)
  const result: SendResultObject = { recipient: sent.recipient, status, id: sent.message }
  const placed =
    conversation === undefined
      ? result
      : { ...result, conversation: core.views.conversation(conversation) }
  const error =
    status === 'queued'
      ? rowError(parts, sent)
      : status === 'failed'
        ? failure(core, sent)
        : undefined
  return error === undefined ? placed : { ...placed, error: errorObject(error) }
}

function failure(core: Core, sent: Sent): SottoError {
  const error = core.store.read.journal.failureOf(sent.message)
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
