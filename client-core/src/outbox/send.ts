import {
  asSottoError,
  concatBytes,
  equalBytes,
  InputError,
  SottoError,
  StorageError,
  UsageError,
  utf8,
  type Reference,
} from '@sotto/protocol'
import type { SendOutcome, WaitLevel } from '../outcomes.js'
import { directConversation, selfConversation } from '../conversation/conversation-id.js'
import type { LookupDoor } from '../conversation/contacts.js'
import { findMessage, referenceTo } from '../conversation/find-message.js'
import { refuseUnwritable } from '../conversation/may-write.js'
import { resolve, type Recipient } from '../conversation/recipient.js'
import type { Core } from '../core.js'
import { sha256 } from '../session/digest.js'
import type { AnonymousDoor } from '../net/anonymous-door.js'
import type { OpenAccount } from '../open-account.js'
import type { Transactor } from '../store/store.js'
import type { StoredMessage } from '../store/tables/messages.js'
import { checkText, compose, draft, type Draft } from './compose.js'
import { sealingAtOnce, type SealHere } from './seal-at-once.js'
import { isSent, settle, type Attempt, type Sent, type Unsent } from './settle.js'
import { parseRecipients, resolveTargets, type Addressed, type Target } from './targets.js'

/** A text to some people; methods/message.ts says what each part means. */
export interface SendRequest {
  /** Recipients in the grammar of cli.md: `@alice.42`, `@alice`, `me`, `id:c_…`, `acct:…`. */
  readonly to: readonly string[]
  readonly text: string
  /** A message: its id or a unique beginning of 6 or more characters, `@last`, `@last:@bob`. */
  readonly replyTo?: string | undefined
  readonly silent?: boolean | undefined
  readonly id?: string | undefined
  /** Default `accepted`. */
  readonly wait?: WaitLevel | undefined
  /**
   * How long to wait for it. Left out: 30 s, and for `accepted` only until the relay turns out to be
   * out of reach.
   */
  readonly timeoutMs?: number | undefined
  /** Default true. */
  readonly queue?: boolean | undefined
}

/** What sending needs of an open account. */
export type SendParts = Pick<
  OpenAccount,
  'core' | 'worker' | 'changed' | 'turns' | 'isAccepted' | 'check'
> & {
  readonly anonymous: LookupDoor & Pick<AnonymousDoor, 'approach' | 'isOpen' | 'reach'>
  readonly connection: Pick<OpenAccount['connection'], 'start' | 'storedCertificate'>
}

/**
 * cli.md, `send`: durable before it resolves, then waits for the level that was asked for. Calls to
 * one recipient are composed in the order they are made.
 */
export async function send(open: SendParts, request: SendRequest): Promise<SendOutcome> {
  checkText(request.text)
  checkKey(request.id)
  const recipients = parseRecipients(request.to)
  const keys = recipients.map(({ recipient }) => keyOf(open.core, recipient))
  const { composed } = await open.turns.take(keys, () => queue(open, request, recipients))
  const attempts = await composed
  open.worker.kick()
  return settle(open, attempts, request).catch((thrown: unknown) => {
    throw thrown instanceof StorageError && attempts.some(isSent) ? keptThough(thrown) : thrown
  })
}

/** An empty one is a script's variable that was never set: it would swallow the same text again. */
function checkKey(key: string | undefined): void {
  if (key !== '') return
  throw new UsageError('usage/invalid', 'the id of the message is empty', {
    fix: 'Nothing was sent. Give it a key of its own, or leave it out.',
  })
}

/** A disk that fails after tx1 takes nothing back: who sends it again sends it twice. */
function keptThough({ code, message, cause, fix }: StorageError): StorageError {
  const why = message.replace('; nothing was changed', '')
  return new StorageError(code, `${why}; the message is kept and will be sent`, {
    cause,
    fix: `${fix} Do not send it again: sotto outbox list shows it, and any command sends it.`,
  })
}

/** One person under two names is one, where they are known. */
function keyOf({ store }: Core, recipient: Recipient): string {
  try {
    const resolved = resolve(store.read, recipient)
    if (resolved.kind === 'contact') return resolved.contact.account
  } catch (thrown) {
    if (!(thrown instanceof SottoError)) throw thrown // It is told when its turn comes.
  }
  return JSON.stringify(recipient).toLowerCase()
}

/** What stands behind all earlier calls, and is or will be committed behind them. */
interface InTurn {
  readonly composed: Promise<readonly Attempt[]>
}

/**
 * Finds everybody, and then tx1 for each. Resolves when the call has its place; the next one may then
 * find everybody, and is committed with it.
 */
async function queue(
  open: SendParts,
  request: SendRequest,
  recipients: readonly Addressed[],
): Promise<InTurn> {
  const { core } = open
  if (request.replyTo !== undefined) await core.composing.settled() // It may be the one before.
  const answered = request.replyTo === undefined ? undefined : findMessage(core, request.replyTo)
  const replyTo = answered === undefined ? undefined : referenceTo(answered)
  const contentHash = hashOf(request)
  const before = rememberedSend(core, request.id, contentHash)
  if (request.wait === 'read' && before.length === 0) refuseBlindWait(core)
  // Receipts come through the identified door.
  if (request.wait === 'delivered' || request.wait === 'read') open.connection.start()
  const left = recipients.filter(
    ({ written }) => !before.some((sent) => sent.recipient === written),
  )
  const resolved = await resolveTargets({ core, door: open.anonymous }, left)
  const targets = resolved.map((target) => hearsOf(core, target, answered))
  const [only] = targets
  if (recipients.length === 1 && only?.kind === 'failed') throw only.error
  if (request.queue === false) await reachAll(open.anonymous, targets)
  else await approachFirst(open.anonymous, targets)
  const composed = targets.map((target) => composedFor(core, target, { request, replyTo }))
  const drafts = composed.flatMap((each) => ('draft' in each ? [each.draft] : []))
  return inPlace((placed) => {
    const sent = sealingAtOnce(open, drafts, (seal, committed) => {
      placed()
      const content = { request, contentHash, seal }
      return core.composing.write((tx) => composeAll(tx, core, composed, content), committed)
    })
    return sent.then((attempts) => {
      core.ports.crashpoint('send.composed')
      return inOrder(recipients, attempts)
    })
  })
}

/** Resolves when `placed` was called, with what is going on; rejects where that never comes. */
async function inPlace(work: (placed: () => void) => InTurn['composed']): Promise<InTurn> {
  let placed = (): void => undefined
  const place = new Promise<void>((resolve) => (placed = resolve))
  const composed = work(placed)
  composed.catch(() => undefined) // Whoever waits for it is told.
  await Promise.race([place, composed])
  return { composed }
}

/** Nothing would ever end the wait. */
function refuseBlindWait({ account }: Core): void {
  if (account.readReceipts) return
  throw new UsageError('usage/invalid', 'read receipts are off: nobody’s are seen', {
    fix: 'Nothing was sent. Wait for delivered, or: sotto account edit --read-receipts on',
  })
}

/**
 * A reply names author and message: whoever was not there when it was said must not learn from it
 * whom else we talk to. In a note to self it may stand.
 */
function hearsOf(core: Core, target: Target, answered: StoredMessage | undefined): Target {
  if (target.kind !== 'contact' || answered === undefined) return target
  const { account } = target.contact
  if (answered.conversation === directConversation(core.own.account, account).id) return target
  const error = new InputError(
    'content/invalid',
    `${answered.id} was not said in the conversation with ${core.views.nameOf(account)}`,
    { fix: `Nothing was sent to them. The newest there: --reply-to @last:${target.recipient}` },
  )
  return { kind: 'failed', recipient: target.recipient, error }
}

/** Of what was written, `@last` too: asked again, that would be another message. */
function hashOf(request: SendRequest): ReturnType<typeof sha256> {
  const parts = [
    [...request.to].sort().join('\n'),
    request.text,
    request.replyTo ?? '',
    ...(request.silent === true ? ['silent'] : []),
  ]
  return sha256(concatBytes(...parts.map((part) => sha256(utf8(part)))))
}

/** What an earlier call with the same key sent: nothing of it is sent again. */
function rememberedSend(
  core: Core,
  key: string | undefined,
  contentHash: Uint8Array,
): readonly Sent[] {
  const remembered = key === undefined ? undefined : core.store.read.outbox.sendKey(key)
  if (remembered === undefined) return []
  if (!equalBytes(remembered.contentHash, contentHash)) {
    throw new InputError('send-id/reused', 'this --id was used for another message', {
      fix: 'Nothing was sent. Use a new --id for a new message; the same one only to retry.',
    })
  }
  return JSON.parse(remembered.messages) as Sent[]
}

async function reachAll(
  door: Pick<AnonymousDoor, 'reach'>,
  targets: readonly Target[],
): Promise<void> {
  for (const target of targets)
    if (target.kind === 'contact') await door.reach(target.contact.account)
}

/** While the message is written down, the relay greets: with several recipients, the first's. */
async function approachFirst(
  door: Pick<AnonymousDoor, 'approach'>,
  targets: readonly Target[],
): Promise<void> {
  const first = targets.find((target) => target.kind === 'contact')
  if (first !== undefined) await door.approach(first.contact.account)
}

/** What is about to be sent to one recipient. */
type Composed = Unsent | { readonly recipient: string; readonly draft: Draft }

function composedFor(
  core: Core,
  target: Target,
  { request, replyTo }: { request: SendRequest; replyTo: Reference | undefined },
): Composed {
  if (target.kind === 'failed') return target
  const recipient = target.kind === 'contact' ? target.contact.account : undefined
  const silent = request.silent === true
  return {
    recipient: target.recipient,
    draft: draft(core, { recipient, body: request.text, replyTo, silent }),
  }
}

/**
 * tx1 for every recipient; answers what was sent before under the same key, too. Throws, and writes
 * nothing, where the only one may not be written to any more.
 */
function composeAll(
  tx: Transactor,
  core: Core,
  composed: readonly Composed[],
  content: {
    readonly request: SendRequest
    readonly contentHash: Uint8Array
    readonly seal: SealHere
  },
): readonly Attempt[] {
  const { request, contentHash, seal } = content
  // Read again: another call with this key may have come first while we looked somebody up.
  const before = rememberedSend(core, request.id, contentHash)
  const attempts = withoutSent(core, composed, before).map((each): Attempt => {
    if (!('draft' in each)) return each
    const error = refusal(tx, core, each.draft)
    if (error !== undefined) return { recipient: each.recipient, error }
    const row = compose(tx, core, each.draft)
    if (row !== undefined) seal(tx, row)
    return { recipient: each.recipient, message: each.draft.message }
  })
  const [only] = attempts
  if (only !== undefined && !isSent(only) && [...before, ...attempts].length === 1) throw only.error
  if (request.id !== undefined && attempts.length > 0) {
    const messages = JSON.stringify([...before, ...attempts.filter(isSent)])
    const remembered = { contentHash: new Uint8Array(contentHash), messages }
    tx.outbox.rememberSend(request.id, remembered, core.ports.clock.nowMs())
  }
  return [...before, ...attempts]
}

/**
 * Looked at again in the transaction: somebody may have been blocked while the relay was being
 * reached, and must then learn nothing more, our new access key least of all.
 */
function refusal(tx: Transactor, core: Core, { recipient }: Draft): SottoError | undefined {
  const contact = recipient === undefined ? undefined : tx.contacts.byAccount(recipient)
  try {
    if (contact !== undefined) refuseUnwritable(core, contact)
    return undefined
  } catch (thrown) {
    return asSottoError(thrown)
  }
}

/** Without whom it was sent to before, under whichever of their names. */
function withoutSent(
  core: Core,
  composed: readonly Composed[],
  before: readonly Sent[],
): readonly Composed[] {
  const { account } = core.own
  const reached = new Set(
    before.map(({ message }) => core.store.read.messages.get(account, message)?.conversation),
  )
  return composed.filter((each) => {
    if (!('draft' in each)) return true
    const { recipient } = each.draft
    const conversation =
      recipient === undefined ? selfConversation(account) : directConversation(account, recipient)
    return !reached.has(conversation.id)
  })
}

/** As the recipients were given. */
function inOrder(
  recipients: readonly Addressed[],
  attempts: readonly Attempt[],
): readonly Attempt[] {
  return recipients.flatMap(
    ({ written }) => attempts.find(({ recipient }) => recipient === written) ?? [],
  )
}
