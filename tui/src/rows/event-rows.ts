import type { EventObject } from '@sotto/client-core'

import { renderClaims, senderName } from '../text/messages.js'
import { safeLine } from '../text/safe-text.js'
import { timeOf, type Entry } from './entry.js'
import type { Look } from './look.js'
import type { Role, Row, Span } from './row.js'
import { wrapLine } from './wrap.js'

type EventEntry = Extract<Entry, { readonly kind: 'event' }>

interface Said {
  readonly text: string
  readonly role: Role
}

/**
 * What happened, with its time. Messages are entries of their own, and the rest is none of the
 * conversation's: of those there are no rows.
 */
export function eventRows(entry: EventEntry, look: Look): readonly Row[] {
  const said = describe(entry.object, look)
  if (said === undefined) return []
  const time: Span = { text: `${look.words.time(timeOf(entry))} `, role: 'time' }
  const wrapped = wrapLine([{ text: look.widths.shown(said.text), role: said.role }], {
    ...{ columns: look.columns, widthOf: look.widths.of, first: [time] },
    rest: [{ text: ' '.repeat(time.text.length), role: 'text' }],
  })
  return wrapped.map(({ spans, width, at }) => ({
    ...{ kind: 'event', spans, width, anchor: { entry: entry.id, line: 0, at } },
  }))
}

function describe(event: EventObject, { words }: Look): Said | undefined {
  switch (event.type) {
    case 'gap':
      return {
        text: `${words.missing(event.count)}: ${words.gapReason[event.reason]}`,
        role: 'bad',
      }
    case 'message.undecryptable': {
      const who = event.sender === null ? undefined : senderName(event.sender, event.conversation)
      return { text: words.undecryptable(who, event.resendAsked === true), role: 'bad' }
    }
    case 'identity.changed':
      return { text: words.identityChanged(safeLine(event.conversation.name)), role: 'warn' }
    case 'contact.request': {
      const who = `${senderName(event.sender, event.conversation)}${renderClaims(event.sender)}`
      return { text: words.request(who), role: 'warn' }
    }
    case 'contact.changed': {
      const { conversation, trust } = event.contact
      return { text: words.contactChanged(safeLine(conversation.name), trust), role: 'dim' }
    }
    case 'message.received':
    case 'message.sent':
    case 'message.status':
    case 'connection.state':
    case 'backlog.done':
      return undefined
  }
}
