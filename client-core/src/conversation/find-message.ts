import { NotFoundError, type Reference } from '@sotto/protocol'
import type { Reader } from '../store/store.js'

/** Fewer characters of an id are never guessed. */
const PREFIX_LENGTH_MIN = 6

/**
 * A message by its id or a unique beginning of 6 or more characters, with or without `m_`. Throws
 * `message/unknown`, `recipient/ambiguous`.
 */
export function findMessage(read: Reader, written: string): Reference {
  const digits = written.replace(/^m_/, '').toUpperCase()
  const [found, other] =
    digits.length < PREFIX_LENGTH_MIN ? [] : read.messages.byIdPrefix(`m_${digits}`)
  if (found === undefined) {
    throw new NotFoundError('message/unknown', `no message ${written}`, {
      fix: 'Give its id, or the first 6 characters or more.',
    })
  }
  if (other !== undefined) {
    throw new NotFoundError('recipient/ambiguous', `several messages begin with ${written}`, {
      fix: 'Give more of the id.',
    })
  }
  return { author: found.author, message: found.id }
}
