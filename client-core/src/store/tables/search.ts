import type { AccountId, ConversationId } from '@sotto/protocol'
import type { Term } from '../../conversation/search-query.js'
import { textOrNull, type Statements, type Value } from '../rows.js'
import { messageOf, type StoredMessage } from './messages.js'

/** Of these any, and of those none. */
export interface Choice<Id> {
  readonly any: readonly Id[]
  readonly none: readonly Id[]
}

/** What to find, with everything named resolved. */
export interface Search {
  readonly all: readonly (readonly Term[])[]
  readonly none: readonly Term[]
  readonly authors: Choice<AccountId>
  readonly conversations: Choice<ConversationId>
  /** Arrived before, at or after. */
  readonly beforeMs: number | undefined
  readonly afterMs: number | undefined
  /** Stored before, after this message: where the page before ended. */
  readonly beforeMessage: StoredMessage | undefined
  readonly afterMessage: StoredMessage | undefined
  readonly links: boolean
  readonly limit: number
  /** Two texts that no message holds: they mark what matched. */
  readonly marks: readonly [string, string]
}

/** The first match in the body, in UTF-16 code units; null where none of the words asked for is one. */
export interface Found {
  readonly message: StoredMessage
  readonly match: { readonly start: number; readonly end: number } | null
}

/** A piece of SQL with what is bound in it, in order. What somebody typed is only ever bound. */
interface Piece {
  readonly sql: string
  readonly values: readonly Value[]
}

const LINK_WORDS = '{body} : ("http" OR "https")'

/** Full-text search over bodies. Nothing held is found. */
export class SearchReader {
  readonly #sql: Statements

  constructor(sql: Statements) {
    this.#sql = sql
  }

  /** Newest first, by the order in which messages were stored. */
  find(search: Search): readonly Found[] {
    const words = this.#withWords(search)
    const match = expressionOf(words)
    const row = match === undefined ? 'm.row' : 'message_search.rowid'
    const pieces = [
      ...(match === undefined ? [] : [piece('message_search MATCH ?', match)]),
      piece('m.held = 0 AND m.body IS NOT NULL'),
      ...this.#rangeOf(search, row),
      ...this.#signsOf(search),
      ...(match === undefined ? excludedWords(words) : []),
      ...(search.links ? [HAS_LINK] : []),
    ]
    const isMarked = words.all.length > 0
    const rows = this.#sql.all(
      `SELECT m.*, ${isMarked ? 'highlight(message_search, 0, ?, ?)' : 'NULL'} AS marked
       FROM ${match === undefined ? 'message m' : 'message_search CROSS JOIN message m ON m.row = message_search.rowid'}
       WHERE ${pieces.map(({ sql }) => sql).join(' AND ')}
       ORDER BY ${row} DESC LIMIT ? + 0`,
      [...(isMarked ? search.marks : []), ...pieces.flatMap(({ values }) => values), search.limit],
    )
    return rows.map((each) => {
      const message = messageOf(each)
      const marked = markedIn(message.body ?? '', textOrNull(each, 'marked'), search.marks)
      return { message, match: marked ?? this.#firstSign(message.body ?? '', search) }
    })
  }

  /** The part of a search that the index of words answers. */
  #withWords(search: Search): Search {
    return {
      ...search,
      all: search.all.filter((group) => group.every((term) => this.#hasWords(term))),
      none: search.none.filter((term) => this.#hasWords(term)),
    }
  }

  /** The rest, looked for as it stands: `😀`, `!=`. */
  #signsOf(search: Search): readonly Piece[] {
    const groups = search.all.filter((group) => !group.every((term) => this.#hasWords(term)))
    const wanted = groups.map((group) => anyOf(group.map((term) => this.#termPiece(term))))
    const unwanted = search.none
      .filter((term) => !this.#hasWords(term))
      .map(({ text }) => piece('instr(m.body, ?) = 0', text))
    return [...wanted, ...unwanted]
  }

  #termPiece(term: Term): Piece {
    return this.#hasWords(term)
      ? inWords('IN', bodyHas([term]))
      : piece('instr(m.body, ?) > 0', term.text)
  }

  #firstSign(body: string, search: Search): Found['match'] {
    const signs = search.all.flat().filter((term) => !this.#hasWords(term))
    for (const { text } of signs) {
      const start = body.indexOf(text)
      if (start >= 0) return { start, end: start + text.length }
    }
    return null
  }

  #hasWords({ text }: Term): boolean {
    return this.#sql.words(text).length > 0
  }

  /**
   * By time, and by the rows between which that time lies: rows rise with arrival, but not strictly,
   * so the bounds come from what spans of rows hold.
   */
  #rangeOf(search: Search, row: string): readonly Piece[] {
    const { beforeMs, afterMs, beforeMessage, afterMessage } = search
    return [
      ...(beforeMs === undefined
        ? []
        : [
            piece('m.arrival_ms < ?', beforeMs),
            piece(
              `${row} <= (SELECT (MAX(span) << 10) + 1023 FROM message_span WHERE first_ms < ?)`,
              beforeMs,
            ),
          ]),
      ...(afterMs === undefined
        ? []
        : [
            piece('m.arrival_ms >= ?', afterMs),
            piece(
              `${row} >= (SELECT MIN(span) << 10 FROM message_span WHERE last_ms >= ?)`,
              afterMs,
            ),
          ]),
      ...(beforeMessage === undefined ? [] : [besideMessage(row, '<', beforeMessage)]),
      ...(afterMessage === undefined ? [] : [besideMessage(row, '>', afterMessage)]),
    ]
  }
}

const HAS_LINK: Piece = {
  sql: `${inWords('IN', LINK_WORDS).sql} AND (instr(m.body, 'http://') > 0 OR instr(m.body, 'https://') > 0)`,
  values: [LINK_WORDS],
}

/** What FTS5 is asked; undefined where there is nothing to look up in it. */
function expressionOf(search: Search): string | undefined {
  const wanted = [
    ...search.all.map(bodyHas),
    ...placeHas(search.conversations.any),
    ...placeHas(search.authors.any.map(authorWord)),
  ]
  if (wanted.length === 0) return undefined
  const unwanted = unwantedIn(search)
  const all = `(${wanted.join(' AND ')})`
  return unwanted.length === 0 ? all : `${all} NOT (${unwanted.join(' OR ')})`
}

function unwantedIn({ none, authors, conversations }: Search): readonly string[] {
  return [
    ...(none.length === 0 ? [] : [bodyHas(none)]),
    ...placeHas(conversations.none),
    ...placeHas(authors.none.map(authorWord)),
  ]
}

function excludedWords(search: Search): readonly Piece[] {
  return unwantedIn(search).map((expression) => inWords('NOT IN', expression))
}

function bodyHas(terms: readonly Term[]): string {
  const any = terms.map(({ text, prefix }) => `${quoted(text)}${prefix ? ' *' : ''}`)
  return `{body} : (${any.join(' OR ')})`
}

function placeHas(words: readonly string[]): readonly string[] {
  return words.length === 0 ? [] : [`{place} : (${words.map(quoted).join(' OR ')})`]
}

/** As the generated column `place` has it. */
function authorWord(account: AccountId): string {
  return account.replaceAll('-', '')
}

/** A string of FTS5: nothing in it means anything. It would read no further than a NUL. */
function quoted(text: string): string {
  return `"${text.replaceAll('"', '""').replaceAll('\0', ' ')}"`
}

function inWords(how: 'IN' | 'NOT IN', expression: string): Piece {
  const rows = 'SELECT rowid FROM message_search WHERE message_search MATCH ?'
  return piece(`m.row ${how} (${rows})`, expression)
}

function besideMessage(row: string, side: '<' | '>', { author, id }: StoredMessage): Piece {
  const its = 'SELECT row FROM message WHERE author = ? AND id = ?'
  return { sql: `${row} ${side} (${its})`, values: [author, id] }
}

function anyOf(pieces: readonly Piece[]): Piece {
  return {
    sql: `(${pieces.map(({ sql }) => sql).join(' OR ')})`,
    values: pieces.flatMap(({ values }) => values),
  }
}

function piece(sql: string, ...values: readonly Value[]): Piece {
  return { sql, values }
}

/** Null where nothing is marked, or where the marks were put into something else than the body. */
function markedIn(
  body: string,
  marked: string | null,
  [open, close]: Search['marks'],
): Found['match'] {
  const start = marked?.indexOf(open) ?? -1
  if (marked === null || start < 0) return null
  if (marked.replaceAll(open, '').replaceAll(close, '') !== body) return null
  return { start, end: marked.indexOf(close) - open.length }
}
