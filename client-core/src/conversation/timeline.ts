import { eventId, type MessageId } from '@sotto/protocol'
import type { Core } from '../core.js'
import type { ConversationObject } from '../objects.js'
import { placeOf } from '../store/tables/messages.js'
import type { TimelineEvent } from '../store/tables/timeline.js'
import type { TimelineEventObject } from '../timeline-object.js'
import { timestamp } from '../times.js'
import { conversationNamed } from './conversation-named.js'
import { findMessageIn } from './find-message.js'

/** At a time: the newest of them, and with `skip` those before. */
const EVENTS_MAX = 1000

/** Messages as `findMessageIn` reads them: the first and the last of a page. */
export interface TimelinePage {
  /** Left out: from the beginning of the conversation. */
  readonly from?: string | undefined
  /** Left out: to its end. */
  readonly through?: string | undefined
  /** So many of the newest are there already. */
  readonly skip?: number | undefined
}

/**
 * What stands behind the messages of a page, oldest first, up to the message behind the last of them:
 * two neighbouring pages have nothing twice and miss nothing. Throws what `findMessageIn` does.
 */
export function readTimeline(
  core: Pick<Core, 'store' | 'views' | 'own'>,
  written: string,
  page: TimelinePage,
): readonly TimelineEventObject[] {
  const conversation = conversationNamed(core, written)
  const { id, kind, account } = conversation
  if (kind === 'self') return [] // What one writes to oneself goes nowhere.
  const { timeline } = core.store.read
  const object = core.views.conversation(conversation)
  return timeline
    .page({
      conversation: id,
      account,
      ...rangeOf(core, id, page),
      limit: EVENTS_MAX,
      skip: page.skip ?? 0,
    })
    .map((event) => {
      const after = timeline.messageBefore(id, event.atMs) ?? null
      return shown(core, event, { after, conversation: object })
    })
}

const NEVER_MS = Number.MAX_SAFE_INTEGER

/** What waits to be sent has no arrival: it stands behind everything that has happened. */
function rangeOf(
  core: Pick<Core, 'store' | 'own'>,
  conversation: ReturnType<typeof conversationNamed>['id'],
  { from, through }: TimelinePage,
): { readonly fromMs: number; readonly untilMs: number } {
  const first = from === undefined ? undefined : placeOf(findMessageIn(core, conversation, from))
  const last =
    through === undefined ? undefined : placeOf(findMessageIn(core, conversation, through))
  const [next] =
    last === undefined ? [] : core.store.read.messages.page({ conversation, limit: 1, after: last })
  return {
    fromMs: first === undefined ? 0 : first.queued ? NEVER_MS : first.arrivalMs,
    untilMs: next === undefined || placeOf(next).queued ? NEVER_MS : next.arrivalMs,
  }
}

function shown(
  { store, views }: Pick<Core, 'store' | 'views'>,
  event: TimelineEvent,
  where: { readonly after: MessageId | null; readonly conversation: ConversationObject },
): TimelineEventObject {
  const { row, account, atMs, happening, count, filled } = event
  // Not the id of the journal's event of that number.
  const id = eventId(
    store.read.journal.id().map((byte) => byte ^ 0x55),
    row,
  )
  const common = { id, ts: timestamp(atMs), ...where }
  const whose = account === null ? 'unknown' : 'theirs'
  switch (happening.kind) {
    case 'gap':
      return { ...common, type: 'gap', count, reason: happening.reason, whose }
    case 'undecryptable': {
      const { resendAsked } = happening
      const type = 'message.undecryptable'
      return { ...common, whose, type, count, resendAsked, resent: filled }
    }
    case 'identity': {
      const { change, other } = happening
      const named = other === null ? null : { id: other, name: views.nameOf(other) }
      return { ...common, type: 'identity', change, other: named }
    }
    case 'change-failed': {
      const { change, message, error } = happening
      return { ...common, type: 'change.failed', change, message, error }
    }
    case 'block':
      return { ...common, type: 'block', blocked: happening.blocked }
    case 'name': {
      const { what, from, to } = happening
      return { ...common, type: 'name', what, from, to }
    }
  }
}
