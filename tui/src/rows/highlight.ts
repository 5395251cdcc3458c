import { languageNamed, type Language } from './languages.js'
import type { Role, Span } from './row.js'

/** What a line ends inside of. */
interface Inside {
  readonly end: string
  readonly role: Role
}

const WORD = /[\p{L}_$][\p{L}\p{N}_$]*/uy
const NUMBER = /\d[\w.]*/y
const OTHER = /[^\p{L}\p{N}_$\s]|\s+/uy

/**
 * Lines of code with what they mean, for a handful of languages; those of others come back plain. It
 * is a scanner, not a grammar: every character is looked at once, whatever was sent. Where it is wrong,
 * a colour is wrong.
 */
export function highlightCode(
  lines: readonly string[],
  languageName: string,
): readonly (readonly Span[])[] {
  if (/^(?:diff|patch)$/i.test(languageName)) return lines.map(highlightDifference)
  const language = languageNamed(languageName)
  if (language === undefined) return lines.map((line) => [{ text: line, role: 'code' }])
  let inside: Inside | undefined
  return lines.map((line) => {
    const scanned = scanLine(line, language, inside)
    inside = scanned.inside
    return scanned.spans
  })
}

function highlightDifference(line: string): readonly Span[] {
  if (line.startsWith('@@')) return [{ text: line, role: 'code-keyword' }]
  if (line.startsWith('+')) return [{ text: line, role: 'code-added' }]
  return [{ text: line, role: line.startsWith('-') ? 'code-removed' : 'code' }]
}

interface Scanned {
  readonly spans: readonly Span[]
  readonly inside: Inside | undefined
}

function scanLine(line: string, language: Language, begunInside: Inside | undefined): Scanned {
  const spans: Span[] = []
  let inside = begunInside
  let at = 0
  while (at < line.length) {
    if (inside !== undefined) {
      const end = endOfString(line, at, inside.end)
      spans.push({ text: line.slice(at, end.at), role: inside.role })
      if (end.isEnded) inside = undefined
      at = end.at
      continue
    }
    const opened = openedAt(line, at, language)
    if (opened !== undefined) {
      spans.push({ text: opened.text, role: opened.inside.role })
      inside = opened.inside
      at += opened.text.length
      continue
    }
    const span = spanAt(line, at, language)
    spans.push(span)
    at += span.text.length
  }
  return { spans: merged(spans), inside }
}

function openedAt(
  line: string,
  at: number,
  { blockComments, longStrings }: Language,
): { readonly text: string; readonly inside: Inside } | undefined {
  const comment = blockComments.find(([begin]) => line.startsWith(begin, at))
  if (comment !== undefined) {
    return { text: comment[0], inside: { end: comment[1], role: 'code-comment' } }
  }
  const string = longStrings.find(([begin]) => line.startsWith(begin, at))
  if (string === undefined) return undefined
  return { text: string[0], inside: { end: string[1], role: 'code-string' } }
}

function spanAt(line: string, at: number, language: Language): Span {
  if (language.lineComments.some((begin) => line.startsWith(begin, at))) {
    return { text: line.slice(at), role: 'code-comment' }
  }
  const character = line[at] ?? ''
  if (language.quotes.includes(character)) {
    return { text: line.slice(at, endOfString(line, at + 1, character).at), role: 'code-string' }
  }
  const number = matchAt(NUMBER, line, at)
  if (number !== '') return { text: number, role: 'code-number' }
  const word = matchAt(WORD, line, at)
  if (word !== '') return { text: word, role: roleOfWord(word, line[at + word.length], language) }
  return { text: matchAt(OTHER, line, at) || character, role: 'code' }
}

function roleOfWord(word: string, behind: string | undefined, language: Language): Role {
  const key = language.isCaseless === true ? word.toLowerCase() : word
  if (language.keywords.has(key)) return 'code-keyword'
  return behind === '(' ? 'code-name' : 'code'
}

/** Behind its end, or at the end of the line; a backslash takes the next character along. */
function endOfString(
  line: string,
  from: number,
  end: string,
): { readonly at: number; readonly isEnded: boolean } {
  for (let at = from; at < line.length; at++) {
    if (line[at] === '\\') at++
    else if (line.startsWith(end, at)) return { at: at + end.length, isEnded: true }
  }
  return { at: line.length, isEnded: false }
}

function matchAt(pattern: RegExp, line: string, at: number): string {
  pattern.lastIndex = at
  return pattern.exec(line)?.[0] ?? ''
}

function merged(spans: readonly Span[]): readonly Span[] {
  const joined: { text: string; role: Role }[] = []
  for (const { text, role } of spans) {
    const last = joined.at(-1)
    if (last?.role === role) last.text += text
    else joined.push({ text, role })
  }
  return joined
}
