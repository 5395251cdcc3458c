import type { SottoError } from '@sotto/protocol'
import { identityChanged, lookUpAgain, type UsernameDoor } from '../conversation/successor.js'
import type { Core } from '../core.js'
import type { OutboxRow } from '../store/tables/outbox.js'

/**
 * What a message fails with that the relay refused. An account that even a stranger may not write to
 * is gone; where its username is another account's now, nothing goes there by itself. Throws what
 * the relay says when it is asked.
 */
export async function explainRefusal(
  core: Core,
  door: UsernameDoor,
  refused: { readonly row: OutboxRow; readonly error: SottoError },
): Promise<SottoError> {
  const { row, error } = refused
  const contact = core.store.read.contacts.byAccount(row.recipient)
  if (error.code !== 'relay/refused' || row.message === null || contact === undefined) return error
  const now =
    contact.successor === null ? await lookUpAgain(core, door, { contact, gone: true }) : contact
  return now.successor === null ? error : identityChanged(core.views.nameOf(now.account))
}
