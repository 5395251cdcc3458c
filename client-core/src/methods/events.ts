import { InputError, UsageError } from '@sotto/protocol'
import { readJournal } from '../conversation/journal-events.js'
import { DEFAULT_CONSUMER } from '../store/tables/journal.js'
import { count, method, optional, text, type Field } from './method.js'

/** A reader of the journal with a cursor of its own. */
const CONSUMER = '^[a-z0-9._-]{1,64}$'
const consumer: Field<string> = {
  optional: false,
  schema: { type: 'string', pattern: CONSUMER },
  parse: (value, name) => {
    if (typeof value === 'string' && new RegExp(CONSUMER).test(value)) return value
    throw new UsageError('usage/invalid', `the parameter ${name} is no name of a consumer`, {
      fix: 'A name has 1 to 64 of a-z, 0-9, dot, _ and -.',
    })
  },
}

export const eventMethods = {
  /**
   * Stored events after a seq, oldest first, at most `limit` (default 256), and how far they reach:
   * events of what is gone since are left out, so a page may be empty and not the last. Where events
   * after it are no longer kept, the first is a `gap` that says how many.
   */
  'events.list': method({ after: count, limit: optional(count) }, ({ core }, { after, limit }) =>
    readJournal(core, after, limit),
  ),

  /**
   * Where a consumer stands. A name that is new begins with what is kept, and from then on what it
   * has not acknowledged is kept for it: for 7 days after it last did, and 1 GB at most.
   */
  'events.cursor': method({ consumer }, ({ core }, { consumer: name }): number => {
    const { journal } = core.store.read
    const cursor = journal.cursor(name)
    if (cursor !== undefined) return cursor
    if (name === DEFAULT_CONSUMER) return 0
    const { seq } = journal.purged()
    core.store.transact((tx) => {
      tx.journal.moveCursor(name, seq, core.ports.clock.nowMs())
    })
    return seq
  }),

  /** The cursor of whoever has seen all that was journalled before a time (RFC 3339). */
  'events.before': method({ time: text }, ({ core }, { time }): number => {
    const timeMs = Date.parse(time)
    if (Number.isNaN(timeMs)) throw new UsageError('usage/invalid', `not a time: ${time}`)
    return core.store.read.journal.seqBefore(timeMs)
  }),

  /** Never moves backwards. Only after what it covers has been flushed. */
  'events.acknowledge': method(
    { consumer, seq: count },
    ({ core }, { consumer: name, seq }): Record<string, never> => {
      const head = core.store.read.journal.newest()
      if (seq > head) {
        throw new InputError('content/invalid', `there is no event ${String(seq)} yet`, {
          fix: 'Nothing was acknowledged. Acknowledge a seq that was printed.',
        })
      }
      core.store.transact((tx) => {
        tx.journal.moveCursor(name, seq, core.ports.clock.nowMs())
      })
      return {}
    },
  ),
}
