import { UsageError } from '@sotto/protocol'

/** One thing to look for: never FTS5, always text as somebody typed it. */
export interface Term {
  readonly text: string
  /** `deploy*`: its last word is the beginning of one. */
  readonly prefix: boolean
}

export const OPERATORS = ['from', 'in', 'before', 'after', 'has', 'type'] as const
export type OperatorName = (typeof OPERATORS)[number]

/** `from:@bob`, or `-from:@bob`: not from Bob. */
export interface Operator {
  readonly name: OperatorName
  readonly value: string
  readonly excluded: boolean
}

/** What a search asks for, taken apart. */
export interface SearchQuery {
  /** Of each group something must be there. */
  readonly all: readonly (readonly Term[])[]
  /** Nothing of these may be there. */
  readonly none: readonly Term[]
  readonly operators: readonly Operator[]
}

/** Longer than anybody types, and far below what FTS5 takes. */
export const QUERY_CHARACTERS_MAX = 4_000
export const QUERY_TERMS_MAX = 64

const LEXEME = new RegExp(
  `(?<minus>-(?=\\S))?(?:(?<operator>${OPERATORS.join('|')}):)?` +
    `(?:"(?<phrase>[^"]*)(?<closing>"\\*?)?|(?<word>\\S*))`,
  'uy',
)

interface Lexeme {
  readonly text: string
  readonly quoted: boolean
  readonly prefix: boolean
  readonly excluded: boolean
  readonly operator: OperatorName | undefined
}

/**
 * Reads a query: words that must all be there, `"a phrase"`, `-word`, `-"a phrase"`, `one OR other`,
 * `begin*`, and operators with a value, which may be quoted. Throws `usage/invalid` with what to
 * write instead; knows nothing of what is stored.
 */
export function parseSearchQuery(written: string): SearchQuery {
  const query = { all: [] as Term[][], none: [] as Term[], operators: [] as Operator[] }
  let last: 'term' | 'or' | 'other' = 'other'
  for (const lexeme of lexemesOf(written)) {
    const before = last
    if (isOr(lexeme)) {
      if (before !== 'term') throw misplacedOr()
      last = 'or'
      continue
    }
    last = lexeme.operator === undefined && !lexeme.excluded ? 'term' : 'other'
    if (before === 'or' && last !== 'term') throw misplacedOr()
    const { operator: name, excluded, text, prefix } = lexeme
    if (name !== undefined) query.operators.push({ name, value: text, excluded })
    else if (excluded) query.none.push({ text, prefix })
    else if (before === 'or') query.all.at(-1)?.push({ text, prefix })
    else query.all.push([{ text, prefix }])
  }
  if (last === 'or') throw misplacedOr()
  return query
}

function isOr({ text, quoted, excluded, operator }: Lexeme): boolean {
  return text === 'OR' && !quoted && !excluded && operator === undefined
}

function lexemesOf(written: string): readonly Lexeme[] {
  if (written.length > QUERY_CHARACTERS_MAX)
    throw invalid('the query is too long', `At most ${QUERY_CHARACTERS_MAX} characters.`)
  const text = written
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/[“”]/g, '"')
    .trimEnd()
  const lexemes: Lexeme[] = []
  LEXEME.lastIndex = 0
  for (;;) {
    while (text[LEXEME.lastIndex] === ' ') LEXEME.lastIndex += 1
    if (LEXEME.lastIndex >= text.length) return lexemes
    if (lexemes.length === QUERY_TERMS_MAX)
      throw invalid('the query has too many words', `At most ${QUERY_TERMS_MAX}.`)
    lexemes.push(lexemeOf(LEXEME.exec(text)?.groups ?? {}))
  }
}

function lexemeOf(groups: Readonly<Record<string, string | undefined>>): Lexeme {
  const { minus, phrase, closing, word = '' } = groups
  const operator = groups['operator'] as OperatorName | undefined
  const common = { excluded: minus !== undefined, operator }
  if (phrase !== undefined) {
    if (closing === undefined)
      throw invalid('a quotation mark is not closed', 'A phrase: "two words"')
    if (phrase.trim() === '') throw invalid('there is nothing between the quotation marks')
    return { ...common, text: phrase, quoted: true, prefix: closing === '"*' }
  }
  if (operator !== undefined) {
    if (word === '') throw invalid(`${operator}: has no value`, `As in ${EXAMPLES[operator]}`)
    return { ...common, text: word, quoted: false, prefix: false }
  }
  if (word.startsWith('('))
    throw invalid('parentheses do not group', 'OR joins its neighbours: one OR other third')
  const prefix = word.length > 1 && word.endsWith('*')
  return { ...common, text: prefix ? word.slice(0, -1) : word, quoted: false, prefix }
}

const EXAMPLES: Readonly<Record<OperatorName, string>> = {
  from: 'from:@bob',
  in: 'in:@bob',
  before: 'before:2026-10-31',
  after: 'after:yesterday',
  has: 'has:link',
  type: 'type:text',
}

function misplacedOr(): UsageError {
  return invalid(
    'OR joins two words or phrases that may be there',
    'As in: deploy OR "roll back". Several from: or in: are alternatives anyway; to look for the word, quote it: "OR"',
  )
}

function invalid(message: string, fix = ''): UsageError {
  return new UsageError('usage/invalid', message, {
    fix: `${fix}${fix === '' ? '' : '\n'}See: sotto help search`,
  })
}
