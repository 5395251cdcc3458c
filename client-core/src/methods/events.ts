import { readJournal } from '../conversation/reading.js'
import { count, method, optional, text } from './method.js'

export const eventMethods = {
  /**
   * Stored events after a seq, oldest first, at most `limit` (default 256), and how far they reach:
   * events of what is gone since are left out, so a page may be empty and not the last.
   */
  'events.list': method({ after: count, limit: optional(count) }, ({ core }, { after, limit }) =>
    readJournal(core, after, limit),
  ),

  /** Where a named consumer stands; 0 at first. */
  'events.cursor': method({ consumer: text }, ({ core }, { consumer }) =>
    core.store.read.journal.cursor(consumer),
  ),

  /** Never moves backwards. Only after what it covers has been flushed. */
  'events.acknowledge': method(
    { consumer: text, seq: count },
    ({ core }, { consumer, seq }): Record<string, never> => {
      core.store.transact((tx) => {
        tx.journal.moveCursor(consumer, seq)
      })
      return {}
    },
  ),
}
