import type { EventObject } from '@sotto/client-core'
import type { Finding, History } from '../history.js'
import type { Invariant } from './invariant.js'
import { textOf } from './status.js'

/** A text is shown as from whoever wrote it and from nobody else, whatever the relay does. */
export const authorsTrue: Invariant = {
  name: 'authors are true',
  check: (history) =>
    history.findings.flatMap((finding) => [
      ...shownAsAnothers(history, finding),
      ...toldAsAnothers(history, finding),
    ]),
}

function shownAsAnothers(history: History, { name, conversations }: Finding): readonly string[] {
  return [...conversations].flatMap(([other, shown]) =>
    shown.flatMap(({ message }) => {
      const author = authorOf(history, message.text ?? '')
      const isTrue = author === undefined || author === name || author === other
      return isTrue ? [] : [`${name} is shown “${message.text ?? ''}” as from ${other}`]
    }),
  )
}

function toldAsAnothers(history: History, { name, journal }: Finding): readonly string[] {
  return journal.flatMap((event) => {
    const author = authorOf(history, textOf(event) ?? '')
    const account = history.findings.find((each) => each.name === author)?.account
    const told = senderOf(event)
    return account === undefined || told === undefined || told === account
      ? []
      : [`${name} is told “${textOf(event) ?? ''}” as from ${told}`]
  })
}

function authorOf({ sendings }: History, text: string): string | undefined {
  return sendings.find((sending) => sending.text === text)?.from
}

function senderOf(event: EventObject): string | undefined {
  const isReceived = event.type === 'message.received' || event.type === 'contact.request'
  return isReceived ? event.sender.id : undefined
}
