import type { EventId, MessageId } from '@sotto/protocol'

/** What a piece of a row means; a theme says how it looks. */
export type Role =
  | 'text'
  | 'dim'
  | 'accent'
  | 'good'
  | 'warn'
  | 'bad'
  /** The author of one's own messages. */
  | 'own'
  /** Another author. */
  | 'other'
  | 'name'
  | 'time'
  | 'heading'
  | 'code'
  | 'code-keyword'
  | 'code-string'
  | 'code-number'
  | 'code-comment'
  | 'code-name'
  | 'code-added'
  | 'code-removed'
  | 'quote'
  | 'link'
  /** Where a link really leads. */
  | 'host'
  | 'mention'
  | 'match'
  | 'badge'
  | 'selected'
  | 'border'
  | 'divider'
  | 'unread'
  /** Of a code for a camera: white on black on any terminal. */
  | 'qr'

/** Any sum of `BOLD`, `ITALIC` and `STRIKE`: how an author wanted it, whatever its role. */
export type Marks = number
export const BOLD = 1
export const ITALIC = 2
export const STRIKE = 4

export interface Span {
  /** Safe to print (`text/safe-text.ts`) and as the terminal can show it (`text/widths.ts`). */
  readonly text: string
  readonly role: Role
  readonly marks?: Marks
  /** Where it leads: `http:`, `https:` or `mailto:`. */
  readonly link?: string
}

export type RowKind =
  | 'date'
  | 'unread'
  | 'header'
  | 'quoted'
  | 'text'
  | 'code'
  | 'notice'
  | 'status'
  | 'collapsed'
  | 'reactions'
  | 'event'

/** What a row of the timeline belongs to. */
export type EntryId = MessageId | EventId

/**
 * A place in the timeline that means the same at every width: the entry, the line of it as it was
 * written, and how many characters (graphemes) of that line stand before the row. Lines below 0 are
 * those that stand above a text: dates, the author, a quote.
 */
export interface Anchor {
  readonly entry: EntryId
  readonly line: number
  readonly at: number
}

/** What happens where a row is chosen or tapped. */
export type Target =
  | { readonly kind: 'quoted'; readonly message: MessageId }
  | { readonly kind: 'retry'; readonly message: MessageId }
  | { readonly kind: 'expand'; readonly message: MessageId }

/** One line of the screen. Its spans together are `width` columns wide. */
export interface Row {
  readonly kind: RowKind
  readonly spans: readonly Span[]
  readonly width: number
  /** Undefined outside the timeline. */
  readonly anchor: Anchor | undefined
  readonly target?: Target
}

/** Whether two spans look and lead alike, so that they may be one. */
export function isAlike(a: Span, b: Span): boolean {
  return a.role === b.role && (a.marks ?? 0) === (b.marks ?? 0) && a.link === b.link
}

/** The same span with another text. */
export function withText(span: Span, text: string): Span {
  return { ...span, text }
}
