import { decodeContent, isChange, type AccountId, type Change } from '@sotto/protocol'
import { directConversation } from '../conversation/conversation-id.js'
import type { Core } from '../core.js'
import { unsealedContent } from '../outbox/compose.js'
import type { Author } from '../session/open.js'
import type { Transactor } from '../store/store.js'
import type { NewMessage, StoredMessage } from '../store/tables/messages.js'
import { isNewerEdit, isNewerReaction } from './precedence.js'
import { storedName } from './stored-name.js'
import { writeChange } from './write.js'

/** A change that came. */
export interface Told {
  readonly author: Author
  readonly change: Change
  /** The author's clock. */
  readonly sentMs: number
  /** Relay time. */
  readonly arrivalMs: number
}

/**
 * Somebody changes a message of the conversation with them: edits and deletes only of their own, for
 * its author is who sealed the change. Where it is not here yet, the change of a contact waits for it. A
 * stranger's are of what is held of them, and told to nobody; of what was said when they were none they
 * may edit and delete their own. Part of the transaction that commits the ratchet.
 */
export function receiveChange(tx: Transactor, core: Core, told: Told): void {
  const { author, change, sentMs } = told
  const peer = author.account
  const contact = tx.contacts.byAccount(peer)
  const isKnown = contact?.trust === 'known'
  if (contact?.blocked === true) return
  const named = targetOf(tx, core, peer, change)
  const message = tx.messages.get(named.author, named.id)
  if (message === undefined) {
    if (isKnown && mayCome(tx, named, peer)) wait(tx, named, told)
    return
  }
  if (message.conversation !== directConversation(core.own.account, peer).id) return
  if (change.kind === 'reaction' && !isKnown && !message.held) return
  writeChange(tx, message, { change, ...author, sentMs, peer })
}

/**
 * A message comes, and what came before it is applied to it in the same transaction: the text of one
 * that was deleted, or written anew, is never written down. False where it is here already, or was
 * deleted here.
 */
export function addChanged(tx: Transactor, message: NewMessage): boolean {
  if (tx.changes.isGone(message)) return false
  const waiting = tx.changes.waitingFor(message).map(({ content, ...waited }) => {
    const { content: change, sentAtMs } = decodeContent(content)
    return { ...waited, change, sentMs: sentAtMs }
  })
  if (waiting.length === 0) return tx.messages.add(message)
  const changes = waiting.map(({ change }) => change)
  const edit = changes.find(({ kind }) => kind === 'edit')
  const isDeleted = changes.some(({ kind }) => kind === 'delete')
  const body = isDeleted ? null : edit?.kind === 'edit' ? edit.body : message.body
  if (!tx.messages.add({ ...message, body })) return false
  for (const { account, device, change, sentMs } of waiting) {
    const added = tx.messages.get(message.author, message.id)
    if (added === undefined || !isChange(change)) continue
    writeChange(tx, { ...added, held: true }, { change, account, device, sentMs, peer: account })
  }
  tx.changes.forgetWaitingFor(message)
  return true
}

type Named = Pick<StoredMessage, 'author' | 'id'>

function targetOf(tx: Transactor, core: Core, peer: AccountId, change: Change): Named {
  const { author, message } =
    change.kind === 'reaction' ? change.target : { author: peer, message: change.message }
  return author === peer
    ? { author, id: storedName(tx, core, { author, id: message }) }
    : { author, id: message }
}

/** What one wrote oneself does not come, and what was deleted here stays away. */
function mayCome(tx: Transactor, named: Named, peer: AccountId): boolean {
  return named.author === peer && !tx.changes.isGone(named)
}

/** Of several of a kind the newest waits; for a message that is deleted nothing else needs to. */
function wait(tx: Transactor, named: Named, { author, change, sentMs, arrivalMs }: Told): void {
  const waiting = tx.changes.waitingFor(named)
  if (waiting.some(({ kind }) => kind === 'delete')) return
  const there = waiting.find(
    ({ kind, account }) => kind === change.kind && account === author.account,
  )
  if (there !== undefined && !isNewer({ change, sentMs }, decodeContent(there.content))) return
  if (change.kind === 'delete') tx.changes.forgetWaitingFor(named)
  const content = unsealedContent(change, { sentAtMs: sentMs })
  tx.changes.wait(named, { ...author, kind: change.kind, content, arrivalMs })
}

function isNewer(
  { change, sentMs }: Pick<Told, 'change' | 'sentMs'>,
  there: ReturnType<typeof decodeContent>,
): boolean {
  const { content, sentAtMs } = there
  if (change.kind === 'edit' && content.kind === 'edit')
    return isNewerEdit(
      { revision: change.revision, editedMs: sentMs },
      { revision: content.revision, editedMs: sentAtMs },
    )
  if (change.kind === 'reaction' && content.kind === 'reaction')
    return isNewerReaction(
      { emoji: change.emoji, sentMs },
      { emoji: content.emoji, sentMs: sentAtMs },
    )
  return false
}
