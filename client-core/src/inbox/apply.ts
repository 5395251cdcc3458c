import { sha256 } from '../session/digest.js'
import {
  messageIdFromBytes,
  type AccountId,
  type Bytes,
  type Content,
  type ConversationId,
  type DeviceId,
  type MessageId,
  type Profile,
  type SealedContent,
  type Text,
} from '@sotto/protocol'
import { redeemInvite } from '../account/invites.js'
import { addChanged, receiveChange } from '../changes/receive.js'
import { storedName } from '../changes/stored-name.js'
import { directConversation } from '../conversation/conversation-id.js'
import { noteMet } from '../conversation/note-identity.js'
import { noteName } from '../conversation/note-name.js'
import { holderOf } from '../conversation/successor.js'
import type { Core } from '../core.js'
import { recordReceipt } from '../outbox/delivery.js'
import { introduceAgain } from '../outbox/compose.js'
import { answerDecryptionError } from '../outbox/resend.js'
import type { Author, Opened } from '../session/open.js'
import type { Transactor } from '../store/store.js'
import { newContact, type Contact } from '../store/tables/contacts.js'
import type { NewMessage } from '../store/tables/messages.js'
import { accept, announce } from './accept.js'
import { boundRequests } from './bound-requests.js'
import { deliveredReceiptDue } from './receipts.js'

/** An opened content with where and when it came. */
export interface Arrival {
  readonly opened: Extract<Opened, { kind: 'opened' }>
  readonly arrivalMs: number
  /** It was submitted with a stranger's leave. */
  readonly stranger: boolean
}

/** Writes what a content means; part of the transaction that commits its ratchet. */
export function apply(tx: Transactor, core: Core, arrival: Arrival): void {
  const { author, sealed } = arrival.opened
  const { content, resent } = sealed
  if (resent !== undefined) tx.timeline.fill({ ...author, digest: resent, atMs: arrival.arrivalMs })
  if (arrival.stranger) introduceToKnown(tx, core, author.account)
  switch (content.kind) {
    case 'text':
      addText(tx, core, {
        arrival,
        contact: contactOrRequest(tx, core, { account: author.account, claimed: null }),
        text: content.text,
      })
      return
    case 'request':
      applyRequest(tx, core, arrival, content)
      return
    case 'receipt':
      for (const message of content.messages) {
        recordReceipt(tx, core, {
          ...{ peer: author.account, message, status: content.type },
          atMs: arrival.arrivalMs,
        })
      }
      return
    case 'profile':
      if (tx.contacts.byAccount(author.account)?.trust === 'known')
        applyProfile(tx, { account: author.account, atMs: arrival.arrivalMs }, content.profile)
      return
    case 'unsupported':
      addUnsupported(tx, core, arrival)
      return
    case 'decryption-error':
      answerDecryptionError(tx, core, author, content)
      return
    case 'reaction':
    case 'edit':
    case 'delete':
      receiveChange(tx, core, {
        ...{ author, change: content, sentMs: sealed.sentAtMs },
        arrivalMs: arrival.arrivalMs,
      })
      return
    case 'typing':
      return // Worth something only while it happens: `inbox/passing` tells it.
    case 'sync':
      return // One device an account: there is nothing to do.
  }
}

/** A stranger's text stays held and answers nothing; one from a contact is a message like any other. */
function applyRequest(
  tx: Transactor,
  core: Core,
  arrival: Arrival,
  content: Extract<Content, { kind: 'request' }>,
): void {
  const { account } = arrival.opened.author
  const claimed = content.profile.username === '' ? null : content.profile.username
  const invited = isInvited(tx, core, { account, claimed, arrival, proof: content.inviteProof })
  contactOrRequest(tx, core, { account, claimed })
  applyProfile(tx, { account, atMs: arrival.arrivalMs }, content.profile)
  if (invited) accept(tx, core, account)
  const contact = contactOrRequest(tx, core, { account, claimed })
  addText(tx, core, { arrival, contact, text: content.text })
  introduceToKnown(tx, core, account)
}

/** Whoever has one of our invites is known at once, but for those about whom a person decides. */
function isInvited(
  tx: Transactor,
  core: Core,
  shown: {
    readonly account: AccountId
    readonly claimed: string | null
    readonly arrival: Arrival
    readonly proof: Bytes | undefined
  },
): boolean {
  const { account: sender, claimed, proof } = shown
  const contact = tx.contacts.byAccount(sender)
  if (proof === undefined || contact?.trust === 'known' || contact?.blocked === true) return false
  if (holderOf(tx, claimed, sender) !== undefined) return false
  return redeemInvite(tx, core, { sender, proof, arrivalMs: shown.arrival.arrivalMs })
}

/** They wrote without our access key: a contact gets it, a stranger only when accepted. */
function introduceToKnown(tx: Transactor, core: Core, account: AccountId): void {
  const contact = tx.contacts.byAccount(account)
  if (contact?.trust === 'known' && !contact.blocked) introduceAgain(tx, core, contact)
}

/**
 * Only ever newer, only of somebody we know of. Who says that they are called otherwise, or nothing,
 * is no longer shown by the name that was looked up; a new one is looked up in its turn.
 */
function applyProfile(
  tx: Transactor,
  { account, atMs }: { readonly account: AccountId; readonly atMs: number },
  profile: Profile,
): void {
  const contact = tx.contacts.byAccount(account)
  if (contact === undefined || profile.version < contact.profileVersion) return
  const claimed = profile.username === '' ? null : profile.username
  const name = profile.name === '' ? null : profile.name
  const isStill = contact.handle?.toLowerCase() === claimed?.toLowerCase()
  const handle = isStill ? contact.handle : null
  const { status } = profile
  // Only what a contact shows: a claim is not shown beside a confirmed username.
  const changed =
    contact.name !== name ||
    contact.status !== status ||
    contact.handle !== handle ||
    (handle === null && contact.claimed !== claimed)
  tx.contacts.save({
    ...contact,
    handle,
    // They gave the name up themselves: whoever has it now is somebody else, and nothing to decide.
    successor: handle === null ? null : contact.successor,
    accessKey: profile.accessKey,
    route: profile.route,
    profileVersion: profile.version,
    claimed,
    name,
    status,
    inviteSecret: null,
  })
  if (changed && contact.trust === 'known') tx.record({ type: 'contact.changed', account })
  if (contact.profileVersion === 0 || contact.trust !== 'known') return
  noteName(tx, { account, atMs }, { what: 'name', from: contact.name, to: name })
  noteName(tx, { account, atMs }, { what: 'handle', from: contact.handle, to: handle })
}

/** Who accepts everybody accepts nobody by the name of a contact: that a person decides. */
function contactOrRequest(
  tx: Transactor,
  core: Core,
  author: { readonly account: AccountId; readonly claimed: string | null },
): Contact {
  const { account, claimed } = author
  const known = tx.contacts.byAccount(account)
  if (known !== undefined) return known
  const isAccepted = core.acceptEveryone && holderOf(tx, claimed, account) === undefined
  const contact = newContact({
    account,
    trust: isAccepted ? 'known' : 'request',
    createdMs: core.ports.clock.nowMs(),
  })
  tx.contacts.save(contact)
  if (isAccepted) noteMet(tx, core, account)
  return contact
}

interface NewText {
  readonly arrival: Arrival
  readonly contact: Contact
  readonly text: Text
}

function addText(tx: Transactor, core: Core, added: NewText): void {
  const { arrival, contact, text } = added
  const { author, sealed } = arrival.opened
  const message = received(core, {
    author,
    sealed,
    arrivalMs: arrival.arrivalMs,
    id: storedName(tx, core, { author: author.account, id: text.message }),
    held: contact.trust === 'request',
  })
  store(tx, core, contact, {
    ...message,
    body: text.body,
    silent: text.silent,
    replyAuthor: text.replyTo?.author ?? null,
    replyId: text.replyTo?.message ?? null,
  })
}

/** Kept whole, to be shown after an upgrade. A stranger's is not worth keeping. */
function addUnsupported(tx: Transactor, core: Core, arrival: Arrival): void {
  const { author, sealed, plaintext } = arrival.opened
  const contact = tx.contacts.byAccount(author.account)
  if (contact?.trust !== 'known') return
  const id = messageIdFromBytes(sha256(plaintext).subarray(0, 16))
  store(tx, core, contact, {
    ...received(core, { author, sealed, arrivalMs: arrival.arrivalMs, id, held: false }),
    raw: plaintext,
  })
}

function store(tx: Transactor, core: Core, contact: Contact, message: NewMessage): void {
  const first = message.held && !tx.messages.hasHeld(contact.account)
  tx.contacts.openConversation(
    directConversation(core.own.account, contact.account),
    core.ports.clock.nowMs(),
  )
  if (!addChanged(tx, message)) {
    // It was deleted here, or the author sent it twice: our receipt may be lost, as with a relay that was put back.
    if (!message.held) deliveredReceiptDue(tx, core, message)
    return
  }
  if (!message.held) announce(tx, core, message)
  else hold(tx, core, { message, first })
}

/** What is kept of one request: the first text and the newest. What goes is counted, and told. */
const HELD_BOUNDS = { countMax: 50, bytesMax: 4 * 1024 * 1024 }

function hold(
  tx: Transactor,
  core: Core,
  { message, first }: { readonly message: NewMessage; readonly first: boolean },
): void {
  const { author: account, device, id } = message
  const type = first ? 'contact.request' : 'message.received'
  tx.record({ type, account, device, message: id, detail: { held: true } })
  if (first) boundRequests(tx, core, account)
  const dropped = tx.messages.trimHeld(account, HELD_BOUNDS)
  const contact = tx.contacts.byAccount(account)
  if (dropped > 0 && contact !== undefined)
    tx.contacts.save({ ...contact, heldDropped: contact.heldDropped + dropped })
}

function received(
  core: Core,
  from: {
    readonly author: Author
    readonly sealed: SealedContent
    readonly arrivalMs: number
    readonly id: MessageId
    readonly held: boolean
  },
): NewMessage {
  const conversation: ConversationId = directConversation(core.own.account, from.author.account).id
  const device: DeviceId = from.author.device
  return {
    conversation,
    author: from.author.account,
    id: from.id,
    device,
    sentMs: from.sealed.sentAtMs,
    arrivalMs: from.arrivalMs,
    body: null,
    raw: null,
    replyAuthor: null,
    replyId: null,
    status: 'received',
    held: from.held,
    seen: false,
    silent: false,
  }
}
