import type { MessageStatus } from '@sotto/client-core'

import { STATUS_MARKS } from '../text/messages.js'

/** Drawn beside words, never instead of one. */
export interface Signs {
  readonly key: string
  /** In front of what is quoted, and of code. */
  readonly bar: string
  readonly bullet: string
  readonly line: string
  readonly doubleLine: string
  readonly more: string
  /** Of somebody whose safety number was compared. */
  readonly verified: string
  readonly status: Readonly<Record<MessageStatus, string>>
}

export const UNICODE_SIGNS: Signs = {
  ...{ key: 'unicode', bar: '│', bullet: '•', line: '─', doubleLine: '═', more: '…' },
  verified: '✓',
  status: STATUS_MARKS,
}

/** For terminals and fonts that have nothing else. */
export const ASCII_SIGNS: Signs = {
  ...{ key: 'ascii', bar: '|', bullet: '-', line: '-', doubleLine: '=', more: '...' },
  verified: '*',
  status: { queued: '...', accepted: 'v', delivered: 'vv', read: 'vv', failed: '!' },
}
