import { type Composer, replace } from './composer.js'
import type { Draft } from './draft.js'
import type { Range } from './fragment.js'

/** What is being completed at the cursor. */
export interface Completion {
  readonly kind: 'mention' | 'emoji' | 'command' | 'path'
  /** What was typed of it up to the cursor, without the mark that began it. */
  readonly query: string
  /** What a choice takes the place of: mark, query, and the rest of the word behind the cursor. */
  readonly range: Range
}

/** Longer ones are no names. Only so much before the cursor is looked at. */
export const QUERY_LENGTH_MAX = 256

/** What the commands say: the names of those (without the slash) that are followed by a path. */
export interface CompletionOptions {
  readonly pathCommands: readonly string[]
}

/**
 * `/` of a command only at the beginning of the draft; `@` and `:` only where a word begins, and `:`
 * only with a letter behind it; a path where it begins with `./`, `../`, `~/` or `/`, or behind a
 * command that takes one. Nothing inside a selection, and nothing across a chip or a line end.
 */
export function completionAt(
  draft: Draft,
  { pathCommands }: CompletionOptions,
): Completion | undefined {
  if (draft.anchor !== undefined) return undefined
  const start = reachableFrom(draft)
  const before = draft.text.slice(start, draft.cursor)
  const isFirst = start === 0
  return (
    (isFirst ? commandAt(draft, before) : undefined) ??
    (isFirst ? argumentAt(draft, before, pathCommands) : undefined) ??
    wordAt(draft, before)
  )
}

/** The choice stands in the range, and the cursor behind it. A space at its end is never doubled. */
export function applyCompletion(
  composer: Composer,
  { range }: Completion,
  choice: string,
): Composer {
  const hasSpace = choice.endsWith(' ') && composer.draft.text[range.end] === ' '
  const end = range.end + Number(hasSpace)
  return replace(composer, { start: range.start, end }, choice)
}

function commandAt(draft: Draft, before: string): Completion | undefined {
  const query = /^\/([a-z-]*)$/i.exec(before)?.[1]
  return query === undefined ? undefined : found(draft, 'command', query, 1, /^[a-z-]*/i)
}

/** A path that is an argument goes on to the end of the line, spaces included. */
function argumentAt(
  draft: Draft,
  before: string,
  pathCommands: readonly string[],
): Completion | undefined {
  const [, command = '', query = ''] = /^\/([a-z-]+) +(.*)$/is.exec(before) ?? []
  return pathCommands.includes(command.toLowerCase())
    ? found(draft, 'path', query, 0, /^.*/)
    : undefined
}

function wordAt(draft: Draft, before: string): Completion | undefined {
  const mention = /(?:^|[\s([{"'])@([\p{L}\p{M}\p{N}._-]*)$/u.exec(before)?.[1]
  if (mention !== undefined) return found(draft, 'mention', mention, 1, /^[\p{L}\p{M}\p{N}._-]*/u)
  const emoji = /(?:^|[^\p{L}\p{N}:/]):([a-z+][a-z\d_+-]*)$/iu.exec(before)?.[1]
  if (emoji !== undefined) return found(draft, 'emoji', emoji, 1, /^[a-z\d_+-]*:?/i)
  const path = /(?:^|\s)((?:\.{1,2}|~)?\/[^\s]*)$/u.exec(before)?.[1]
  if (path === undefined || path.startsWith('//')) return undefined
  return found(draft, 'path', path, 0, /^[^\s]*/u)
}

function found(
  draft: Draft,
  kind: Completion['kind'],
  query: string,
  mark: 0 | 1,
  wordGoesOn: RegExp,
): Completion {
  const { text, cursor } = draft
  const rest = wordGoesOn.exec(text.slice(cursor, reachableTo(draft)))?.[0] ?? ''
  return { kind, query, range: { start: cursor - query.length - mark, end: cursor + rest.length } }
}

/** Where the line, or what is behind the last chip of it, begins; not too far away. */
function reachableFrom({ text, chips, cursor }: Draft): number {
  const lineStart = cursor === 0 ? 0 : text.lastIndexOf('\n', cursor - 1) + 1
  const chipEnd = chips.findLast(({ end }) => end <= cursor)?.end ?? 0
  return Math.max(lineStart, chipEnd, cursor - QUERY_LENGTH_MAX)
}

function reachableTo({ text, chips, cursor }: Draft): number {
  const lineEnd = text.indexOf('\n', cursor)
  const chipStart = chips.find(({ start }) => start >= cursor)?.start ?? text.length
  return Math.min(lineEnd < 0 ? text.length : lineEnd, chipStart, cursor + QUERY_LENGTH_MAX)
}
