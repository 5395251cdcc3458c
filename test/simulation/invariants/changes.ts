import type { EventObject } from '@sotto/client-core'
import type { Changeable, Finding, History, Shown } from '../history.js'
import type { Invariant } from './invariant.js'

/**
 * Changes converge: in the end both sides show the same text, deletion and reactions of a message, and its
 * author what their machine was asked for last and has granted. Where they do not, a line says so: a change
 * that failed, or as many losses as there are differences. Who is blocked sees no changes; what a restore of
 * the relay took is sent again for some days only, which is looked at closely elsewhere. A relay that lies
 * can withhold.
 */
export const changesConverge: Invariant = {
  name: 'changes converge',
  check: (history) => [
    ...history.changeables.flatMap((changed) => notAsGranted(history, changed)),
    ...history.findings.flatMap((one) =>
      history.findings.flatMap((other) =>
        one.name < other.name ? differ(history, one, other) : [],
      ),
    ),
  ],
}

type Message = Shown['message']

function notAsGranted(history: History, changed: Changeable): readonly string[] {
  const { from, to, wish, message } = changed
  const author = history.findings.find(({ name }) => name === from)
  if (author === undefined || message === undefined) return []
  const own = shownOf(author, to, message)
  const what = `“${changed.text}” of ${from} to ${to}`
  if (own?.deleted === true && own.text !== null) return [`${what} is deleted, and has a text`]
  if (wish?.isGranted !== true) return []
  if (wish.text === null)
    return own === undefined || own.deleted === true ? [] : [`${what} was deleted, and is not`]
  return own?.text === wish.text || own?.deleted === true
    ? []
    : [`${what} was edited to “${wish.text}”, and is “${own?.text ?? ''}”`]
}

function differ(history: History, one: Finding, other: Finding): readonly string[] {
  if (history.lies.length > 0 || isExcused(history, one, other)) return []
  const names = [one.name, other.name]
  const wrong = history.changeables.flatMap((changed) => {
    if (!names.includes(changed.from) || !names.includes(changed.to)) return []
    const [author, recipient] = changed.from === one.name ? [one, other] : [other, one]
    return difference(changed, author, recipient)
  })
  const told = lossesOf(one.journal) + lossesOf(other.journal)
  return wrong.length <= told
    ? []
    : [`${String(wrong.length)} differ, and ${String(told)} losses were told: ${wrong[0] ?? ''}`]
}

function difference(
  { message, text }: Changeable,
  author: Finding,
  recipient: Finding,
): readonly string[] {
  if (
    message === undefined ||
    [author, recipient].some(({ journal }) => hasFailed(journal, message))
  )
    return []
  const own = shownOf(author, recipient.name, message)
  const theirs = shownOf(recipient, author.name, message)
  const seen = `${author.name} has ${said(own)}, ${recipient.name} ${said(theirs)}`
  if (theirs === undefined || said(own) === said(theirs)) return []
  return [`of “${text}” ${seen}`]
}

function shownOf({ conversations }: Finding, other: string, id: string): Message | undefined {
  return conversations.get(other)?.find(({ message }) => message.id === id)?.message
}

function said(message: Message | undefined): string {
  if (message === undefined) return 'nothing'
  const reactions = (message.reactions ?? []).map(({ emoji, sender }) => `${sender.id} ${emoji}`)
  return JSON.stringify([message.text, message.deleted === true, reactions.sort()])
}

function hasFailed(journal: readonly EventObject[], id: string): boolean {
  return journal.some((event) => event.type === 'change.failed' && event.message.id === id)
}

function isExcused({ blocks }: History, one: Finding, other: Finding): boolean {
  const isBlocked = [`${one.name} of ${other.name}`, `${other.name} of ${one.name}`].some((pair) =>
    blocks.has(pair),
  )
  return isBlocked || [one, other].some(({ journal }) => journal.some(isRestore))
}

function isRestore(event: EventObject): boolean {
  return event.type === 'gap' && event.reason === 'relay-restored'
}

/** How many envelopes somebody was told that they did not get, or could not open. */
function lossesOf(journal: readonly EventObject[]): number {
  return journal.reduce((sum, event) => {
    if (event.type === 'message.undecryptable') return sum + 1
    return event.type === 'gap' ? sum + event.count : sum
  }, 0)
}
