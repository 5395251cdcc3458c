import type { AccountId, Change, DeviceId, Edit, Reaction } from '@sotto/protocol'
import type { Transactor } from '../store/store.js'
import type { StoredMessage } from '../store/tables/messages.js'
import { isNewerEdit, isNewerReaction } from './precedence.js'

/** A change with who made it, and when by their clock. */
export interface Made<Kind extends Change = Change> {
  readonly change: Kind
  readonly account: AccountId
  readonly device: DeviceId
  readonly sentMs: number
  /** With whom the message was exchanged. */
  readonly peer: AccountId
}

/**
 * A change takes its place on the message, and the journal tells of it, unless the message is held of a
 * request. Nothing happens where something newer is there, and nothing ever to what was deleted. The
 * same changes in any order come to the same.
 */
export function writeChange(tx: Transactor, message: StoredMessage, made: Made): void {
  if (message.deleted) return
  const { change } = made
  switch (change.kind) {
    case 'edit':
      writeEdit(tx, message, { ...made, change })
      return
    case 'delete':
      tx.changes.erase(message)
      tx.drafts.forgetEdit(message.id)
      record(tx, message, { type: 'message.deleted', made })
      return
    case 'reaction':
      writeReaction(tx, message, { ...made, change })
      return
  }
}

function writeEdit(tx: Transactor, message: StoredMessage, made: Made<Edit>): void {
  const { change, sentMs } = made
  const written = { revision: change.revision, editedMs: sentMs }
  if (!isNewerEdit(written, message)) return
  tx.changes.setBody(message, change.body, written)
  record(tx, message, { type: 'message.edited', made })
}

function writeReaction(tx: Transactor, message: StoredMessage, made: Made<Reaction>): void {
  const { account, device, sentMs, change } = made
  const reaction = { account, device, emoji: change.emoji, sentMs }
  const before = tx.changes.reactionOf(message, account)
  if (!isNewerReaction(reaction, before)) return
  tx.changes.setReaction(message, reaction)
  const stood = before?.emoji ?? ''
  if (reaction.emoji !== '')
    record(tx, message, { type: 'reaction.added', made, emoji: reaction.emoji })
  else if (stood !== '') record(tx, message, { type: 'reaction.removed', made, emoji: stood })
}

type ChangeEvent =
  | { readonly type: 'message.edited' | 'message.deleted'; readonly made: Made }
  | {
      readonly type: 'reaction.added' | 'reaction.removed'
      readonly made: Made
      readonly emoji: string
    }

/** Told as what it is about is now; of what nobody has accepted yet there is nothing to tell. */
function record(tx: Transactor, message: StoredMessage, event: ChangeEvent): void {
  if (message.held) return
  const { type, made, ...rest } = event
  tx.record({
    ...{ type, account: made.peer, device: made.device, message: message.id },
    detail: { author: message.author, by: made.account, ...rest },
  })
}
