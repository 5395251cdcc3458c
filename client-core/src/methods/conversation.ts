import { isDeepStrictEqual } from 'node:util'
import { UsageError } from '@sotto/protocol'
import {
  changeConversation,
  readConversation,
  readConversations,
  type ConversationChange,
} from '../conversation/conversations.js'
import { readTimeline } from '../conversation/timeline.js'
import { NOTIFY_RULES } from '../conversation/notify-rule.js'
import { countHistory, readHistory, readLines } from '../conversation/reading.js'
import type { ConversationDetailObject } from '../objects.js'
import type { OpenAccount } from '../open-account.js'
import { count, flag, method, oneOf, optional, text, texts } from './method.js'

export const conversationMethods = {
  /** Pinned ones first, then the latest activity; `which` is `all` unless given. */
  'conversation.list': method(
    { which: optional(oneOf('all', 'inbox', 'archived', 'unread')), limit: optional(count) },
    ({ core }, { which, limit }) => readConversations(core, which, limit),
  ),

  'conversation.show': method({ conversation: text }, ({ core }, { conversation }) =>
    readConversation(core, conversation),
  ),

  /**
   * A page, oldest first: the latest `limit` (default 50); with `after` alone the first so many after
   * it. `before` and `after` are messages (`findMessageIn`) or RFC 3339 times; exclusive.
   */
  'conversation.history': method(
    { conversation: text, limit: optional(count), before: optional(text), after: optional(text) },
    ({ core }, { conversation, ...page }) => readHistory(core, conversation, page),
  ),

  /**
   * What happened between the messages of a page beside them: losses, safety numbers, names, blocks.
   * `from` and `through` are its first and last message (`findMessageIn`); left out: from the beginning,
   * to the end. At most 1,000, the newest: with `skip` those before so many of them.
   */
  'conversation.events': method(
    {
      ...{ conversation: text, from: optional(text), through: optional(text) },
      skip: optional(count),
    },
    ({ core }, { conversation, ...page }) => readTimeline(core, conversation, page),
  ),

  /**
   * Messages that an event has named, oldest first, each with its neighbours: what puts them into the
   * part of a conversation, from one message to another, that somebody has read before.
   */
  'conversation.lines': method(
    { conversation: text, messages: texts, from: optional(text), through: optional(text) },
    ({ core }, { conversation, ...asked }) => readLines(core, conversation, asked),
  ),

  /** How many messages a page without a limit would have. */
  'conversation.count': method(
    { conversation: text, before: optional(text), after: optional(text) },
    ({ core }, { conversation, ...range }) => ({
      messages: countHistory(core, conversation, range),
    }),
  ),

  /** Marks everything received so far as read and lets read receipts go out. */
  'conversation.markRead': method({ conversation: text }, (open, { conversation }) => {
    const detail = changed(open, conversation, { kind: 'mark-read' })
    open.worker.kick()
    return detail
  }),

  /**
   * Tells them that we write, or no more, where that costs nothing: it is sealed and sent once, or not
   * at all, and nobody hears what became of it. Answers within some seconds.
   */
  'conversation.typing': method(
    { conversation: text, started: flag },
    async ({ typing }, { conversation, started }): Promise<Record<string, never>> => {
      await typing.tell(conversation, started)
      return {}
    },
  ),

  'conversation.markUnread': change('mark-unread'),

  /** `until` is an RFC 3339 time; left out: for ever. */
  'conversation.mute': method(
    { conversation: text, until: optional(text) },
    (open, { conversation, until }) =>
      changed(open, conversation, {
        kind: 'mute',
        untilMs: until === undefined ? undefined : instant(until),
      }),
  ),
  'conversation.unmute': change('unmute'),

  /** What of it is told while it is not muted; it is received as before. */
  'conversation.notify': method(
    { conversation: text, rule: oneOf(...NOTIFY_RULES) },
    (open, { conversation, rule }) => changed(open, conversation, { kind: 'notify', rule }),
  ),

  /** Out of the list until something comes, unless it is muted. */
  'conversation.archive': change('archive'),
  'conversation.unarchive': change('unarchive'),

  /** To the top of the list. */
  'conversation.pin': change('pin'),
  'conversation.unpin': change('unpin'),
}

function change(kind: Exclude<ConversationChange['kind'], 'mute' | 'notify' | 'mark-read'>) {
  return method({ conversation: text }, (open, { conversation }) =>
    changed(open, conversation, { kind }),
  )
}

/** Whoever shows the conversation hears of it after the commit, unless nothing is otherwise than it was. */
function changed(
  { core, events }: OpenAccount,
  conversation: string,
  change: ConversationChange,
): ConversationDetailObject {
  const before = readConversation(core, conversation)
  const after = changeConversation(core, conversation, change)
  if (!isDeepStrictEqual(before, after)) events.conversationChanged(after)
  return after
}

function instant(written: string): number {
  const ms = Date.parse(written)
  if (Number.isNaN(ms)) throw new UsageError('usage/invalid', `not a time: ${written}`)
  return ms
}
