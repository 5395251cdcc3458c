import { shortAccount } from '../text/short-account.js'
import { safeLine } from '../text/safe-text.js'
import { safeTimelineEvent, weightOf } from '../text/timeline-event.js'
import { timeOf, type Entry } from './entry.js'
import type { Look } from './look.js'
import type { Row, Span } from './row.js'
import { wrapLine } from './wrap.js'

type EventEntry = Extract<Entry, { readonly kind: 'event' }>

/** What happened between two messages, with its time. */
export function eventRows(entry: EventEntry, look: Look): readonly Row[] {
  const { object } = entry
  const text = look.words.timeline.line(
    safeTimelineEvent(object),
    shortAccount(safeLine(object.conversation.name)),
  )
  const time: Span = { text: `${look.words.time(timeOf(entry))} `, role: 'time' }
  const wrapped = wrapLine([{ text: look.widths.shown(text), role: weightOf(object) }], {
    ...{ columns: look.columns, widthOf: look.widths.of, first: [time] },
    rest: [{ text: ' '.repeat(time.text.length), role: 'text' }],
  })
  return wrapped.map(({ spans, width, at }) => ({
    ...{ kind: 'event', spans, width, anchor: { entry: entry.id, line: 0, at } },
  }))
}
