import {
  assert,
  decodeContent,
  encodeContent,
  InputError,
  TEXT_BYTES_MAX,
  utf8,
  type AccountId,
  type Bytes,
  type Content,
  type MessageId,
  type Reference,
  type SealedContent,
} from '@sotto/protocol'
import { directConversation, selfConversation } from '../conversation/conversation-id.js'
import type { Core } from '../core.js'
import type { Transactor } from '../store/store.js'
import type { Contact } from '../store/tables/contacts.js'
import type { NewOutboxRow, OutboxKind, OutboxRow } from '../store/tables/outbox.js'

const INTRODUCED_MS_MIN = 60 * 60_000

/** A text to one recipient; `recipient` undefined: a note to self. */
export interface Composition {
  readonly recipient: AccountId | undefined
  readonly body: string
  readonly replyTo: Reference | undefined
  /** Asks the recipient's device to stay quiet. */
  readonly silent: boolean
}

/** Throws `content/invalid` for an empty text, `content/too-large` beyond what one message holds. */
export function checkText(body: string): void {
  if (body === '')
    throw new InputError('content/invalid', 'there is nothing to send', {
      fix: 'Give a text, or pipe one in.',
    })
  if (/\p{Surrogate}/u.test(body))
    throw new InputError('content/invalid', 'the text is not valid Unicode', {
      fix: 'Nothing was sent. Half of a surrogate pair stands in it: see what cut it.',
    })
  if (utf8(body).length > TEXT_BYTES_MAX) {
    throw new InputError(
      'content/too-large',
      `the text is longer than ${String(TEXT_BYTES_MAX / 1024)} KiB`,
      {
        fix: 'Nothing was sent. Split it into several messages.',
      },
    )
  }
}

/** A text as it will be written down: what it is called and when it was said are decided. */
export interface Draft extends Composition {
  readonly message: MessageId
  readonly sentMs: number
  /** Undefined for a note to self, which goes nowhere. */
  readonly row: NewOutboxRow | undefined
}

export function draft(core: Core, composition: Composition): Draft {
  const { recipient, body, replyTo, silent } = composition
  const message = core.nextMessageId()
  const sentMs = core.ports.clock.nowMs()
  const content = { kind: 'text', text: { message, body, replyTo, silent } } as const
  const row =
    recipient === undefined
      ? undefined
      : newRow(core, { recipient, kind: 'text', content, message }, sentMs)
  return { ...composition, message, sentMs, row }
}

/**
 * tx1 of a send: the message and its outbox row, together. Once committed the message will be sent,
 * whatever happens to this process; before, nothing has happened and the draft is the caller's.
 * Answers which row of the outbox it became.
 */
export function compose(tx: Transactor, core: Core, draft: Draft): number | undefined {
  const { recipient, message, sentMs, body, replyTo, silent } = draft
  const { account, device } = core.own
  const contact = recipient === undefined ? undefined : tx.contacts.byAccount(recipient)
  assert(recipient === undefined || contact !== undefined, 'only a note goes to nobody')
  const conversation =
    recipient === undefined ? selfConversation(account) : directConversation(account, recipient)
  tx.contacts.openConversation(conversation, sentMs)
  tx.messages.add({
    conversation: conversation.id,
    author: account,
    id: message,
    device,
    sentMs,
    arrivalMs: core.relayNowMs(),
    body,
    raw: null,
    replyAuthor: replyTo?.author ?? null,
    replyId: replyTo?.message ?? null,
    // With one device a note to oneself has arrived as soon as it is written.
    status: recipient === undefined ? 'accepted' : 'queued',
    held: false,
    seen: true,
    silent,
  })
  tx.record({
    type: 'message.sent',
    account: recipient ?? account,
    message,
    detail: { author: account },
  })
  if (contact === undefined || draft.row === undefined) return undefined
  if (contact.accessKey !== null) introduce(tx, core, contact)
  return tx.outbox.add(draft.row)
}

/**
 * Our profile, with the access key in it, to a contact that does not have this version of it. What
 * it says is decided when it is sealed, so one that is queued is always the newest. Nothing to who is
 * blocked, whose access key was replaced for that.
 */
export function introduce(tx: Transactor, core: Core, contact: Contact): void {
  if (contact.blocked || contact.profileSent >= core.account.profileVersion) return
  const version = tx.account.own()?.profileVersion ?? 0
  const pending = tx.outbox.ofKind(contact.account, 'profile')
  if (pending.some((row) => row.state === 'queued' || profileVersionIn(row) >= version)) return
  addToOutbox(tx, core, {
    recipient: contact.account,
    kind: 'profile',
    content: { kind: 'profile', profile: ownProfile(core) },
    message: null,
  })
}

/** The version of our profile that a row carries, as it was queued or sealed; 0: none. */
export function profileVersionIn(row: Pick<OutboxRow, 'content'>): number {
  const { content } = decodeContent(row.content)
  return content.kind === 'profile' || content.kind === 'request' ? content.profile.version : 0
}

/** The same to a contact that shows it has missed it; not more often than every hour. */
export function introduceAgain(tx: Transactor, core: Core, contact: Contact): void {
  const nowMs = core.relayNowMs()
  const beforeMs = tx.sent.introducedMs(contact.account)
  if (beforeMs !== undefined && Math.abs(nowMs - beforeMs) < INTRODUCED_MS_MIN) return
  tx.sent.noteIntroduced(contact.account, nowMs)
  introduce(tx, core, { ...contact, profileSent: 0 })
}

export function ownProfile(core: Core): Extract<Content, { kind: 'profile' }>['profile'] {
  const { account } = core
  assert(account.route !== null, 'a registered account has a route')
  return {
    version: account.profileVersion,
    accessKey: account.accessKey,
    username: account.username ?? '',
    name: account.name,
    route: account.route,
    status: account.status,
  }
}

interface NewContent {
  readonly recipient: AccountId
  readonly kind: OutboxKind
  readonly content: Content
  readonly message: MessageId | null
}

export function addToOutbox(tx: Transactor, core: Core, added: NewContent): void {
  tx.outbox.add(newRow(core, added, core.ports.clock.nowMs()))
}

function newRow(core: Core, added: NewContent, sentAtMs: number): NewOutboxRow {
  return {
    recipient: added.recipient,
    kind: added.kind,
    content: unsealedContent(added.content, { sentAtMs }),
    message: added.message,
    target: null,
    createdMs: createdMs(core),
    resend: false,
  }
}

/** Of an outbox row: relay time, or 0 where the relay has not spoken yet. */
export function createdMs(core: Core): number {
  return core.knowsRelayTime() ? core.relayNowMs() : 0
}

/** A content as the outbox keeps it: without the manifest, which belongs to the moment of sealing. */
export function unsealedContent(
  content: Content,
  { sentAtMs, resent }: Pick<SealedContent, 'sentAtMs' | 'resent'>,
): Bytes {
  return encodeContent({
    content,
    sentAtMs,
    ...(resent === undefined ? {} : { resent }),
    manifestVersion: 0,
    manifestHash: new Uint8Array(0),
    manifest: undefined,
  })
}
