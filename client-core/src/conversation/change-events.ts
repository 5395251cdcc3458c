import type { DeviceId } from '@sotto/protocol'
import type { Core } from '../core.js'
import type { ConversationObject, EventObject, EventType, SenderObject } from '../objects.js'
import type { JournalRow } from '../store/tables/journal.js'

/** The first device of whoever has not been told of by device. */
export const FIRST_DEVICE = 1 as DeviceId

type Shared = Pick<Core, 'store' | 'views'>
type Head<Type extends EventType> = Pick<EventObject, 'seq' | 'id' | 'ts' | 'account'> & {
  readonly type: Type
}

/** With the message as it is now; undefined where it is no longer here. */
export function editedEvent(
  { store, views }: Shared,
  row: JournalRow,
  head: Head<'message.edited'>,
): EventObject | undefined {
  const { message: id, account, detail } = row
  const author = detail.author ?? account
  if (id === null || author === null) return undefined
  const stored = store.read.messages.get(author, id)
  const around = aroundOf(views, row)
  if (stored === undefined || around === undefined) return undefined
  return { ...head, ...around, message: views.message(stored) }
}

export function deletedEvent(
  { views }: Shared,
  row: JournalRow,
  head: Head<'message.deleted'>,
): EventObject | undefined {
  const around = aroundOf(views, row)
  if (around === undefined || row.message === null) return undefined
  return { ...head, ...around, message: { id: row.message } }
}

export function reactionEvent(
  { views }: Shared,
  row: JournalRow,
  head: Head<'reaction.added' | 'reaction.removed'>,
): EventObject | undefined {
  const around = aroundOf(views, row)
  const { emoji } = row.detail
  if (around === undefined || row.message === null || emoji === undefined) return undefined
  return { ...head, ...around, message: { id: row.message }, emoji }
}

export function failedChangeEvent(
  { views }: Shared,
  { account, message, detail: { change, error } }: JournalRow,
  head: Head<'change.failed'>,
): EventObject | undefined {
  if (account === null || message === null) return undefined
  if (change === undefined || error === undefined) return undefined
  const conversation = views.conversationWith(account)
  return { ...head, conversation, message: { id: message }, change, error }
}

/** Where it happened, and who did it. */
function aroundOf(
  views: Shared['views'],
  { account, device, detail }: JournalRow,
): { readonly conversation: ConversationObject; readonly sender: SenderObject } | undefined {
  const by = detail.by ?? account
  if (account === null || by === null) return undefined
  return {
    conversation: views.conversationWith(account),
    sender: views.sender(by, device ?? FIRST_DEVICE),
  }
}
