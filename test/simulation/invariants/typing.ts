import type { Finding, Heard } from '../history.js'
import type { Invariant } from './invariant.js'

/** Who is typing is told live and kept nowhere, and nobody is told of themselves. */
export const typingPasses: Invariant = {
  name: 'typing passes',
  check: ({ heard, findings }) => [
    ...findings.flatMap(journalled),
    ...heard.filter(isTyping).flatMap(wrong),
  ],
}

function isTyping({ event }: Pick<Heard, 'event'>): boolean {
  return event.type === 'typing.started' || event.type === 'typing.stopped'
}

function journalled({ name, journal }: Finding): readonly string[] {
  return journal
    .filter((event) => isTyping({ event }))
    .map(({ type }) => `${name} finds ${type} in the journal`)
}

function wrong({ name, event }: Heard): readonly string[] {
  const isStored = event.seq !== undefined
  const isOwn = 'sender' in event && event.sender?.self === true
  return [
    ...(isStored ? [`${name} was told ${event.type} as ${String(event.seq)}`] : []),
    ...(isOwn ? [`${name} was told of their own typing`] : []),
  ]
}
