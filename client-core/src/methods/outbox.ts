import { findMessage } from '../conversation/find-message.js'
import { readOutbox, readOutboxOf } from '../conversation/reading.js'
import type { Core } from '../core.js'
import { cancelSends } from '../outbox/cancel.js'
import { retryAll, retrySends } from '../outbox/retry.js'
import type { StoredMessage } from '../store/tables/messages.js'
import { method, optional, text, texts } from './method.js'

export const outboxMethods = {
  'outbox.list': method({}, ({ core }) => readOutbox(core)),

  /** A message that waits or has failed. Throws `message/settled` for one that got further. */
  'outbox.show': method({ message: text }, ({ core }, { message }) =>
    readOutboxOf(core, findMessage(core, message)),
  ),

  /** What waits is tried now; what failed, where it is named, is queued again. */
  'outbox.retry': method({ messages: optional(texts) }, ({ core, worker }, { messages }) => {
    const rows = messages === undefined ? retryAll(core) : retrySends(core, findAll(core, messages))
    worker.kick()
    return rows.map((row) => core.views.outbox(row))
  }),

  /** Takes back what the relay has not accepted. */
  'outbox.cancel': method({ messages: texts }, ({ core }, { messages }) =>
    cancelSends(core, findAll(core, messages)),
  ),
}

/** Each of them once, however often and in however many ways it is named. */
function findAll(core: Core, written: readonly string[]): readonly StoredMessage[] {
  const found = written.map((each) => findMessage(core, each))
  return [...new Map(found.map((message) => [`${message.author}/${message.id}`, message])).values()]
}
