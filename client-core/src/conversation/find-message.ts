import {
  InputError,
  NotFoundError,
  type AccountId,
  type ConversationId,
  type MessageId,
  type Reference,
} from '@sotto/protocol'
import type { Core } from '../core.js'
import type { StoredMessage } from '../store/tables/messages.js'
import { conversationId } from './conversation-named.js'

/** Fewer characters of an id are never guessed. */
const PREFIX_LENGTH_MIN = 6
const LAST = '@last'

/**
 * A message as cli.md lets one be named: its id or a unique beginning of 6 or more characters, with
 * or without `m_`; `@last`, the newest there is; `@last:@bob`, the newest in that conversation. An id
 * belongs to its author: where two wrote one of the same id, `m_…@acct:…` tells them apart. Throws
 * `message/unknown`, `recipient/ambiguous`, `recipient/unknown`.
 */
export function findMessage(core: Pick<Core, 'store' | 'own'>, written: string): StoredMessage {
  if (written === LAST || written.startsWith(`${LAST}:`)) return findLast(core, written)
  const [id = '', author] = written.split('@acct:')
  if (author !== undefined) return findExactly(core, id as MessageId, author as AccountId)
  const digits = written.replace(/^m_/, '').toUpperCase()
  if (digits.length < PREFIX_LENGTH_MIN) throw tooShort(written)
  const [found, other] = core.store.read.messages.byIdPrefix(`m_${digits}`)
  if (found === undefined) throw unknownMessage(written)
  if (other !== undefined) {
    throw new NotFoundError('recipient/ambiguous', `several messages begin with ${written}`, {
      fix: `Give more of the id, or its author: ${found.id}@acct:${found.author}`,
    })
  }
  return found
}

/** The same where the conversation is known: a whole id is that of its own message, whoever else used it. */
export function findMessageIn(
  core: Pick<Core, 'store' | 'own'>,
  conversation: ConversationId,
  written: string,
): StoredMessage {
  const [own, other] = core.store.read.messages.ofId(conversation, written)
  return own !== undefined && other === undefined ? own : findMessage(core, written)
}

export function referenceTo(message: StoredMessage): Reference {
  return { author: message.author, message: message.id }
}

function findExactly(
  { store }: Pick<Core, 'store'>,
  id: MessageId,
  author: AccountId,
): StoredMessage {
  const found = store.read.messages.get(author, id)
  if (found === undefined) throw unknownMessage(`${id}@acct:${author}`)
  return found
}

function tooShort(written: string): NotFoundError {
  const length = String(PREFIX_LENGTH_MIN)
  return new NotFoundError('message/unknown', `${written} is too short to name a message`, {
    fix: `Give ${length} characters after m_ or more, or the whole id, or @last.`,
  })
}

function unknownMessage(written: string): NotFoundError {
  return new NotFoundError('message/unknown', `no message ${written}`, {
    fix: 'Give its id, the first 6 characters of it or more, or @last.',
  })
}

function findLast(core: Pick<Core, 'store' | 'own'>, written: string): StoredMessage {
  const conversation =
    written === LAST ? undefined : conversationId(core, written.slice(LAST.length + 1))
  const last = core.store.read.messages.last(conversation)
  if (last === undefined) {
    throw new NotFoundError('message/unknown', 'there is no message yet', {
      fix: 'Send or receive one first.',
    })
  }
  return last
}

/** The outbox has nothing to do with it any more, or never had. */
export function settled({ id, status }: StoredMessage): InputError {
  const where = status === 'received' ? 'somebody else wrote it' : `it is ${status}`
  return new InputError('message/settled', `${id} does not wait in the outbox: ${where}`, {
    fix: 'Nothing was changed. See what waits: sotto outbox list',
  })
}
