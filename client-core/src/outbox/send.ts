import { assert, concatBytes, equalBytes, InputError, utf8, type Reference } from '@sotto/protocol'
import type { SendOptions, SendOutcome, SendRequest } from '../client.js'
import type { LookupDoor } from '../conversation/contacts.js'
import { directConversation, selfConversation } from '../conversation/conversation-id.js'
import { findMessage, referenceTo } from '../conversation/find-message.js'
import type { Core } from '../core.js'
import { sha256 } from '../session/digest.js'
import type { Contact } from '../store/tables/contacts.js'
import { checkText, compose } from './compose.js'
import { isSent, settle, type Attempt, type Sent, type Settling } from './settle.js'
import { parseRecipients, resolveTargets, type Addressed, type Target } from './targets.js'
import type { OutboxWorker } from './worker.js'

export interface SendParts extends Settling {
  readonly worker: OutboxWorker
  readonly door: LookupDoor & { readonly reach: (account: Contact['account']) => Promise<void> }
  /** Opens the identified door, by which receipts come. */
  readonly listen: () => void
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
    request.replyTo === undefined ? undefined : referenceTo(findMessage(core, request.replyTo))
  const contentHash = hashOf(request, replyTo)
  const recipients = parseRecipients(request.to)
  const before = rememberedSend(core, request.key, contentHash)
  if (options.wait === 'delivered' || options.wait === 'read') parts.listen()
  const left = recipients.filter(
    ({ written }) => !before.some((sent) => sent.recipient === written),
  )
  const targets = await resolveTargets(parts, left)
  const [only] = targets
  if (recipients.length === 1 && only?.kind === 'failed') throw only.error
  if (options.queue === false) await reachAll(parts, targets)
  const sent = composeAll(core, targets, { request, replyTo, contentHash })
  core.ports.crashpoint('send.composed')
  parts.worker.kick()
  return settle(parts, inOrder(recipients, sent), options)
}

function hashOf(request: SendRequest, replyTo: Reference | undefined): ReturnType<typeof sha256> {
  const parts = [
    [...request.to].sort().join('\n'),
    request.text,
    replyTo === undefined ? '' : replyTo.message,
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

async function reachAll(parts: SendParts, targets: readonly Target[]): Promise<void> {
  for (const target of targets)
    if (target.kind === 'contact') await parts.door.reach(target.contact.account)
}

/** tx1 for every recipient; answers what was sent before under the same key, too. */
function composeAll(
  core: Core,
  targets: readonly Target[],
  content: {
    readonly request: SendRequest
    readonly replyTo: Reference | undefined
    readonly contentHash: Uint8Array
  },
): readonly Attempt[] {
  const { request, replyTo, contentHash } = content
  return core.store.transact((tx) => {
    // Read again: another call with this key may have come first while we looked somebody up.
    const before = rememberedSend(core, request.key, contentHash)
    const attempts = withoutSent(core, targets, before).map((target): Attempt => {
      if (target.kind === 'failed') return target
      const contact =
        target.kind === 'contact' ? tx.contacts.byAccount(target.contact.account) : undefined
      assert(target.kind === 'self' || contact !== undefined, 'only a note goes to nobody')
      const message = compose(tx, core, { contact, body: request.text, replyTo })
      return { recipient: target.recipient, message }
    })
    if (request.key !== undefined && attempts.length > 0) {
      const messages = JSON.stringify([...before, ...attempts.filter(isSent)])
      const remembered = { contentHash: new Uint8Array(contentHash), messages }
      tx.outbox.rememberSend(request.key, remembered, core.ports.clock.nowMs())
    }
    return [...before, ...attempts]
  })
}

/** Without whom it was sent to before, under whichever of their names. */
function withoutSent(
  core: Core,
  targets: readonly Target[],
  before: readonly Sent[],
): readonly Target[] {
  const { account } = core.own
  const reached = new Set(
    before.map(({ message }) => core.store.read.messages.get(account, message)?.conversation),
  )
  return targets.filter((target) => {
    if (target.kind === 'failed') return true
    const conversation =
      target.kind === 'self'
        ? selfConversation(account)
        : directConversation(account, target.contact.account)
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
