import { bareLink, labelledLink, type Link } from './links.js'
import { BOLD, ITALIC, STRIKE, type Marks, type Role, type Span } from './row.js'

/** Counts what the lexer looks at, so that a test can say that hostile nesting costs no more. */
export interface Steps {
  count: number
}

/** A piece of the text; a delimiter that found its partner has no text and turns something on or off. */
interface Token {
  text: string
  role: Role
  on: Marks
  off: Marks
  /** Where a link begins, or ends. */
  link?: { readonly href: string | undefined } | undefined
}

interface Opener {
  readonly delimiter: string
  readonly token: number
}

interface Lexer {
  readonly text: string
  readonly steps: Steps
  readonly tokens: Token[]
  /** At most one of each delimiter: a later one takes the place of an earlier. */
  readonly open: Opener[]
  /** Where runs of backticks begin, by their length. */
  readonly ticks: ReadonlyMap<number, Runs>
}

interface Runs {
  readonly begins: number[]
  /** The first that is not passed yet. */
  next: number
}

const MARKS: Readonly<Record<string, Marks>> = {
  ...{ '*': ITALIC, _: ITALIC, '**': BOLD, __: BOLD, '***': BOLD | ITALIC, ___: BOLD | ITALIC },
  '~~': STRIKE,
}
const ESCAPABLE = /[\\`*_~[\]()<>#+.!|-]/
const WORD = /[\p{L}\p{N}_]/u
/** Written without blanks: emphasis begins and ends inside of what looks like a word. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u
const ADDRESS = /(?:https?:\/\/|mailto:)[^\s<>"`\\[\]]+/iy
const MENTION = /@[A-Za-z_][A-Za-z0-9_]{2,31}\.(?:0[1-9]|[1-9]\d{1,8})(?![A-Za-z0-9_])/y
const PLAIN = /[^\\`*_~[\]<@hHmM]+/y

/**
 * What stands inside of a line or paragraph: `**bold**`, `*italic*`, `~~struck~~`, code between
 * backticks, `[label](address)`, addresses, mentions. What is none of it stays as it was written; there is no
 * HTML. One pass, and every character is looked at a bounded number of times, whatever is nested.
 */
export function lexInline(text: string, role: Role, steps: Steps = { count: 0 }): readonly Span[] {
  const lexer: Lexer = { text, steps, tokens: [], open: [], ticks: ticksOf(text) }
  let at = 0
  while (at < text.length) {
    steps.count++
    at = lexAt(lexer, at, role)
  }
  return spansOf(lexer.tokens)
}

/** Reads what begins at `at` and gives where it ends. */
function lexAt(lexer: Lexer, at: number, role: Role): number {
  const { text } = lexer
  const character = text[at] ?? ''
  switch (character) {
    case '\\':
      if (!ESCAPABLE.test(text[at + 1] ?? '')) return literal(lexer, at, 1, role)
      return literal(lexer, at + 1, 1, role)
    case '`':
      return lexCode(lexer, at, role)
    case '*':
    case '_':
    case '~':
      return lexDelimiter(lexer, at, role)
    case '[':
      open(lexer, '[')
      return literal(lexer, at, 1, role)
    case ']':
      return lexLabelEnd(lexer, at, role)
    case '<':
      return lexBracketed(lexer, at, role)
    case '@':
      return lexMention(lexer, at, role)
    case 'h':
    case 'H':
    case 'm':
    case 'M':
      return lexAddress(lexer, at, role)
    default:
      return literal(lexer, at, matchAt(PLAIN, text, at).length, role)
  }
}

function literal({ text, tokens, steps }: Lexer, at: number, length: number, role: Role): number {
  steps.count += length
  tokens.push({ text: text.slice(at, at + length), role, on: 0, off: 0 })
  return at + length
}

function lexCode(lexer: Lexer, at: number, role: Role): number {
  const { text, ticks, tokens, steps } = lexer
  const length = matchAt(/`+/y, text, at).length
  const runs = ticks.get(length) ?? { begins: [], next: 0 }
  while ((runs.begins[runs.next] ?? Infinity) <= at) runs.next++ // Passed for good.
  const end = runs.begins[runs.next]
  if (end === undefined) return literal(lexer, at, length, role)
  const code = text.slice(at + length, end)
  steps.count += code.length
  const isPadded = code.startsWith(' ') && code.endsWith(' ') && code.trim() !== ''
  tokens.push({ text: isPadded ? code.slice(1, -1) : code, role: 'code', on: 0, off: 0 })
  return end + length
}

function ticksOf(text: string): Map<number, Runs> {
  const ticks = new Map<number, Runs>()
  for (const { 0: run, index } of text.matchAll(/`+/g)) {
    const runs = ticks.get(run.length)
    if (runs === undefined) ticks.set(run.length, { begins: [index], next: 0 })
    else runs.begins.push(index)
  }
  return ticks
}

function lexDelimiter(lexer: Lexer, at: number, role: Role): number {
  const { text, tokens } = lexer
  const delimiter = matchAt(/\*+|_+|~+/y, text, at)
  const end = at + delimiter.length
  const marks = MARKS[delimiter]
  const token = literal(lexer, at, delimiter.length, role) // Until it finds its partner.
  if (marks === undefined) return token
  const before = characterBefore(text, at)
  const behind = characterAt(text, end)
  const isInside = isWord(before) && isWord(behind)
  const isLoose = delimiter === '**' || delimiter === '~~'
  if (isInside && !isLoose) return end
  const opener = isBlank(before) ? undefined : closeOpener(lexer, delimiter)
  if (opener !== undefined) {
    Object.assign(tokens[opener] ?? {}, { text: '', on: marks })
    Object.assign(tokens.at(-1) ?? {}, { text: '', off: marks })
  } else if (!isBlank(behind)) {
    open(lexer, delimiter, 1)
  }
  return end
}

/** Notes an opener: the token that is written next, or `back` tokens before. */
function open({ tokens, open: openers }: Lexer, delimiter: string, back = 0): void {
  const earlier = openers.findIndex((each) => each.delimiter === delimiter)
  if (earlier >= 0) openers.splice(earlier, 1)
  openers.push({ delimiter, token: tokens.length - back })
}

/** Takes the opener out, and those behind it, which can no longer find a partner. */
function closeOpener({ open: openers, tokens }: Lexer, delimiter: string): number | undefined {
  const at = openers.findIndex((each) => each.delimiter === delimiter)
  const opener = openers[at]
  // Nothing between the two: a row of stars is a row of stars.
  if (opener === undefined || opener.token >= tokens.length - 2) return undefined
  openers.splice(at)
  return opener.token
}

function lexLabelEnd(lexer: Lexer, at: number, role: Role): number {
  const { text, tokens, open: openers, steps } = lexer
  const opener = openers.find(({ delimiter }) => delimiter === '[')
  const destination = opener === undefined ? '' : destinationAt(text, at + 1, steps)
  if (opener === undefined || destination === '') return literal(lexer, at, 1, role)
  const label = tokens
    .slice(opener.token + 1)
    .map((token) => token.text)
    .join('')
  steps.count += label.length
  openers.splice(openers.indexOf(opener))
  const link = label.trim() === '' ? undefined : labelledLink(label, destination)
  if (link === undefined) return literal(lexer, at, 1, role)
  Object.assign(tokens[opener.token] ?? {}, { text: '', link: { href: link.href } })
  for (const token of tokens.slice(opener.token + 1)) {
    token.link = undefined // No link inside of a link.
    if (token.role === role) token.role = 'link'
  }
  endLink(lexer, link)
  return at + destination.length + 3
}

/** `(address)`, at most one pair of parentheses inside; empty where it is none. */
function destinationAt(text: string, at: number, steps: Steps): string {
  if (text[at] !== '(') return ''
  let depth = 0
  for (let end = at + 1; end < text.length; end++) {
    steps.count++
    const character = text[end] ?? ''
    if (/[\s<>\\`[\]]/.test(character)) return ''
    if (character === '(' && ++depth > 1) return ''
    if (character === ')' && --depth < 0) return text.slice(at + 1, end)
  }
  return ''
}

/** Ends the link, and says beside it where it leads where the label does not. */
function endLink({ tokens }: Lexer, { host, hostRole }: Link): void {
  tokens.push({ text: '', role: 'text', on: 0, off: 0, link: { href: undefined } })
  if (host !== '') tokens.push({ text: ` (${host})`, role: hostRole, on: 0, off: 0 })
}

function lexAddress(lexer: Lexer, at: number, role: Role): number {
  const { text } = lexer
  const isBegin = !isWord(characterBefore(text, at))
  const found = isBegin ? trimAddress(matchAt(ADDRESS, text, at)) : ''
  const link = found === '' ? undefined : bareLink(found)
  if (link === undefined) {
    // All of it at once: no part of what is no address is looked at as one again.
    const word = matchAt(/[A-Za-z]+/y, text, at)
    return literal(lexer, at, Math.max(found.length, word.length), role)
  }
  pushAddress(lexer, found, link)
  return at + found.length
}

/** `<https://example.org>`: the brackets go. */
function lexBracketed(lexer: Lexer, at: number, role: Role): number {
  const { text } = lexer
  const found = matchAt(ADDRESS, text, at + 1)
  const link = text[at + 1 + found.length] === '>' && found !== '' ? bareLink(found) : undefined
  lexer.steps.count += found.length
  if (link === undefined) return literal(lexer, at, 1, role)
  pushAddress(lexer, found, link)
  return at + found.length + 2
}

function pushAddress(lexer: Lexer, address: string, link: Link): void {
  const { tokens, steps } = lexer
  steps.count += address.length
  tokens.push({ text: address, role: 'link', on: 0, off: 0, link: { href: link.href } })
  endLink(lexer, link)
}

/** What ends a sentence does not belong to the address, nor a parenthesis that began before it. */
function trimAddress(found: string): string {
  let surplus = 0
  for (const character of found) surplus += character === ')' ? 1 : character === '(' ? -1 : 0
  let end = found.length
  for (; end > 0; end--) {
    const last = found[end - 1] ?? ''
    if (last === ')' ? surplus-- <= 0 : !/[.,;:!?'*_~\]]/.test(last)) break
  }
  return found.slice(0, end)
}

function lexMention(lexer: Lexer, at: number, role: Role): number {
  const { text } = lexer
  const found = isWord(characterBefore(text, at)) ? '' : matchAt(MENTION, text, at)
  return found === '' ? literal(lexer, at, 1, role) : literal(lexer, at, found.length, 'mention')
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  const sticky = pattern
  sticky.lastIndex = at
  return sticky.exec(text)?.[0] ?? ''
}

function characterBefore(text: string, at: number): string {
  const unit = text[at - 1] ?? ''
  return /[\udc00-\udfff]/.test(unit) ? text.slice(at - 2, at) : unit
}

function characterAt(text: string, at: number): string {
  const point = text.codePointAt(at)
  return point === undefined ? '' : String.fromCodePoint(point)
}

function isWord(character: string): boolean {
  return WORD.test(character) && !UNSPACED.test(character)
}

function isBlank(character: string): boolean {
  return character === '' || /\s/.test(character)
}

function spansOf(tokens: readonly Token[]): readonly Span[] {
  const spans: Span[] = []
  let marks = 0
  let link: string | undefined
  for (const token of tokens) {
    marks = (marks | token.on) & ~token.off
    if (token.link !== undefined) link = token.link.href
    if (token.text === '') continue
    const span: Span = { text: token.text, role: token.role }
    spans.push({
      ...span,
      ...(marks === 0 ? {} : { marks }),
      ...(link === undefined ? {} : { link }),
    })
  }
  return spans
}
