import type { ReplyObject } from '@sotto/client-core'

import { renderClaims, senderName } from '../text/messages.js'
import { safeLine } from '../text/safe-text.js'
import { shortAccount } from '../text/short-account.js'
import { bodyLines } from './bodies.js'
import { buildRow, clipSpans, justify } from './build-row.js'
import { timeOf, type Entry } from './entry.js'
import { indentOf, type Look } from './look.js'
import type { TextLine } from './markdown.js'
import { reactionRows } from './reactions.js'
import type { Row, Span, Target } from './row.js'
import { statusSpans } from './status.js'
import { wrapLine } from './wrap.js'

type MessageEntry = Extract<Entry, { readonly kind: 'message' }>

/** How a message stands among the others. */
export interface MessagePlace {
  /** Below another of the same author: neither name nor time are said again. */
  readonly isGrouped: boolean
  /** All of a long text is shown. */
  readonly isExpanded: boolean
}

/** More of a text than this is shown when it is asked for. */
export const COLLAPSED_ROWS = 60

/** The lines above a text, as anchors count them. */
export const LINES_ABOVE = { date: -5, unread: -4, header: -3, notice: -2, quoted: -1 } as const

/**
 * A message: who and when, what it answers, what it says, how far it got, and how people reacted. On
 * the right of its first row where there is a name, else of its last, stands what became of it.
 */
export function messageRows(entry: MessageEntry, place: MessagePlace, look: Look): readonly Row[] {
  const above = [...noticeRows(entry, look), ...quotedRows(entry, look)]
  const body = textRows(entry, place, look)
  const status = statusSpans(entry.object, look)
  const below = reactionRows(entry, look)
  if (place.isGrouped) return [...above, ...withStatus(body, status, entry, look), ...below]
  const header = withStatus([headerRow(entry, look)], status, entry, look)
  return [...header, ...above, ...body, ...below]
}

function headerRow(entry: MessageEntry, look: Look): Row {
  const { sender } = entry.object
  const { columns, widths, words } = look
  const time: Span = { text: words.time(timeOf(entry)), role: 'time' }
  const flag = sender.changed === true ? ` (${words.safetyNumberChanged})` : ''
  const room = columns - time.text.length - indentOf(look)
  const who = clipSpans(
    [
      { text: widths.shown(nameOf(entry.object, look)), role: sender.self ? 'own' : 'other' },
      { text: flag, role: 'warn' },
      { text: claimsOf(entry), role: 'dim' },
    ],
    room,
    look,
  )
  const spans: readonly Span[] = [...who, { text: ' '.repeat(indentOf(look)), role: 'text' }, time]
  return buildRow({ kind: 'header', spans, anchor: anchorAt(entry, LINES_ABOVE.header) }, look)
}

function nameOf({ sender, conversation }: MessageEntry['object'], { words }: Look): string {
  return sender.self ? words.you : shortAccount(senderName(sender, conversation))
}

/** What a stranger says of themselves is said only while they are one. */
function claimsOf({ object: { message, sender } }: MessageEntry): string {
  return message.held === true ? renderClaims(sender) : ''
}

function noticeRows(entry: MessageEntry, look: Look): readonly Row[] {
  const { message, sender } = entry.object
  if (message.held !== true) return []
  const held = sender.claimHeldBy === undefined ? '' : `: ${look.words.claimHeld}`
  const spans: readonly Span[] = [{ text: `${look.words.held}${held}`, role: 'warn' }]
  return wrapRows(entry, { ...BARE, spans }, LINES_ABOVE.notice, look).map((row) => ({
    ...row,
    kind: 'notice',
  }))
}

/** One row of what is answered; choosing it leads there. */
function quotedRows(entry: MessageEntry, look: Look): readonly Row[] {
  const { replyTo } = entry.object.message
  if (replyTo === null || entry.object.message.deleted === true) return []
  const { widths, words, signs, columns } = look
  const author = authorOf(entry, replyTo.author, look)
  const said = quoteOf(replyTo, words)
  const spans = clipSpans(
    [
      { text: `${' '.repeat(indentOf(look))}${signs.bar} `, role: 'border' },
      { text: `${widths.shown(author)}: `, role: 'name' },
      { text: widths.shown(said), role: 'quote' },
    ],
    columns,
    look,
  )
  const target: Target = { kind: 'quoted', message: replyTo.id }
  const anchor = anchorAt(entry, LINES_ABOVE.quoted)
  return [buildRow({ kind: 'quoted', spans, anchor, target }, look)]
}

function quoteOf({ quote, deleted }: ReplyObject, words: Look['words']): string {
  if (deleted === true) return words.deleted
  return quote === undefined ? words.quoteMissing : safeLine(quote)
}

/** Whose message is answered: of the two in a conversation, this message's author or the other. */
function authorOf({ object }: MessageEntry, author: string, { words }: Look): string {
  const isOwn = object.sender.id === author ? object.sender.self : !object.sender.self
  return isOwn ? words.you : shortAccount(safeLine(object.conversation.name))
}

function textRows(entry: MessageEntry, place: MessagePlace, look: Look): readonly Row[] {
  const lines = bodyLines(entry.object.message, look)
  const rows: Row[] = []
  for (const [index, line] of lines.entries()) {
    rows.push(...wrapRows(entry, line, index, look))
    if (!place.isExpanded && rows.length > COLLAPSED_ROWS) return collapse(entry, rows, lines, look)
  }
  return rows
}

/** The first rows, and how many lines are not shown whole. */
function collapse(
  entry: MessageEntry,
  rows: readonly Row[],
  lines: readonly TextLine[],
  look: Look,
): readonly Row[] {
  const hidden = rows[COLLAPSED_ROWS]?.anchor ?? anchorAt(entry, 0)
  const text = `${' '.repeat(indentOf(look))}${look.words.moreLines(lines.length - hidden.line)}`
  const spans = clipSpans([{ text, role: 'accent' }], look.columns, look)
  const target: Target = { kind: 'expand', message: entry.id }
  const more = buildRow({ kind: 'collapsed', spans, anchor: hidden, target }, look)
  return [...rows.slice(0, COLLAPSED_ROWS), more]
}

const BARE = { kind: 'text', first: [], rest: [] } as const

function wrapRows(entry: Entry, line: TextLine, index: number, look: Look): readonly Row[] {
  const indent: Span = { text: ' '.repeat(indentOf(look)), role: 'text' }
  const wrapped = wrapLine(line.spans, {
    ...{ columns: look.columns, widthOf: look.widths.of },
    ...{ first: [indent, ...line.first], rest: [indent, ...line.rest] },
    by: line.kind === 'code' ? 'characters' : 'words',
  })
  return wrapped.map(({ spans, width, at }) => ({
    ...{ kind: line.kind, spans, width, anchor: { entry: entry.id, line: index, at } },
  }))
}

/** On the right of the last of the rows, else below it. */
function withStatus(
  rows: readonly Row[],
  status: readonly Span[],
  entry: MessageEntry,
  look: Look,
): readonly Row[] {
  const last = rows.at(-1)
  if (status.length === 0) return rows
  const isFailed = entry.object.message.status === 'failed'
  const target: Target | undefined = isFailed ? { kind: 'retry', message: entry.id } : undefined
  const beside = last === undefined ? undefined : justify(last.spans, status, look)
  if (last !== undefined && beside !== undefined && last.target === undefined) {
    const parts = { kind: last.kind, spans: beside, anchor: last.anchor ?? anchorAt(entry, 0) }
    return [...rows.slice(0, -1), buildRow({ ...parts, target }, look)]
  }
  const clipped = clipSpans(status, look.columns, look)
  const spans = justify([], clipped, look) ?? clipped
  const anchor = last?.anchor ?? anchorAt(entry, 0)
  return [...rows, buildRow({ kind: 'status', spans, anchor, target }, look)]
}

function anchorAt(entry: Entry, line: number) {
  return { entry: entry.id, line, at: 0 }
}
