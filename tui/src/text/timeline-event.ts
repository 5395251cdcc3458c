import type { HistoryObject, TimelineEventObject } from '@sotto/client-core'

import { TIMELINE_ENGLISH } from '../words/timeline-en.js'
import { renderMessage, type Look } from './messages.js'
import { safeLine } from './safe-text.js'
import { shortTime } from './time.js'

/** The same with every name of others safe to print. */
export function safeTimelineEvent(event: TimelineEventObject): TimelineEventObject {
  switch (event.type) {
    case 'identity': {
      const { other } = event
      return other === null ? event : { ...event, other: { ...other, name: safeLine(other.name) } }
    }
    case 'name':
      return { ...event, from: safeName(event.from), to: safeName(event.to) }
    case 'gap':
    case 'message.undecryptable':
    case 'change.failed':
    case 'block':
      return event
  }
}

/** How bad it is: lost, to be looked at, good, or only worth knowing. */
export function weightOf(event: TimelineEventObject): 'bad' | 'warn' | 'good' | 'dim' {
  switch (event.type) {
    case 'gap':
    case 'change.failed':
      return 'bad'
    case 'message.undecryptable':
      return event.resent === event.count ? 'dim' : 'bad'
    case 'identity':
      return event.change === 'verified' ? 'good' : 'warn'
    case 'block':
    case 'name':
      return 'dim'
  }
}

/** Messages with what happened behind each of them; before the first, what happened before all. */
export function renderPage(
  lines: readonly HistoryObject[],
  events: readonly TimelineEventObject[],
  look: Look,
): readonly string[] {
  const ids = new Set<string | null>(lines.map(({ message }) => message.id))
  const behind = (id: string | null) =>
    events
      .filter(({ after }) => (ids.has(after) ? after : null) === id)
      .map((event) => renderTimelineEvent(event, look))
  return [
    ...behind(null),
    ...lines.flatMap((line) => [renderMessage(line, look), ...behind(line.message.id)]),
  ]
}

/** `14:02 3 messages did not arrive: …`, as one line. */
export function renderTimelineEvent(event: TimelineEventObject, look: Look): string {
  const name = safeLine(event.conversation.name)
  const line = TIMELINE_ENGLISH.line(safeTimelineEvent(event), name)
  return `${look.paint.dim(shortTime(event.ts, look.nowMs))} ${look.paint[weightOf(event)](line)}`
}

function safeName(name: string | null): string | null {
  return name === null ? null : safeLine(name)
}
