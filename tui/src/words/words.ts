import type { AccountPart, ChangeKind, EventObject, MessageStatus, Trust } from '@sotto/client-core'

import type { ScreenWords } from './screen-words.js'
import type { TimelineWords } from './timeline-words.js'

type GapReason = Extract<EventObject, { readonly type: 'gap' }>['reason']

/**
 * Everything the screen says by itself, in one language: a translation is one more file with these.
 * Names and texts that come in as arguments are safe to print.
 */
export interface Words extends LineWords, DateWords {
  /** What stands between the messages of a conversation. */
  readonly timeline: TimelineWords
  /** Of the full screen alone. */
  readonly screen: ScreenWords
}

/** What is said on lines too. */
export interface LineWords {
  /** BCP 47, as in `en-GB`. */
  readonly locale: string
  readonly you: string
  readonly status: Readonly<Record<MessageStatus, string>>
  readonly edited: string
  readonly silent: string
  readonly retry: string
  readonly deleted: string
  readonly unsupported: string
  readonly safetyNumberChanged: string
  readonly trust: Readonly<Record<Trust, string>>
  readonly connection: Readonly<Record<'connecting' | 'online' | 'offline', string>>
  readonly caughtUp: string
  readonly typing: Readonly<Record<'typing.started' | 'typing.stopped', (who: string) => string>>
  readonly claimHeld: string
  /** Of a message whose author is not accepted yet. */
  readonly held: string
  readonly quoteMissing: string
  readonly gapReason: Readonly<Record<GapReason, string>>
  readonly request: (who: string) => string
  /** What strangers say of themselves. */
  readonly claims: (claims: string) => string
  readonly identityChanged: (who: string) => string
  readonly contactChanged: (who: string, trust: Trust) => string
  readonly conversationChanged: (name: string) => string
  readonly accountChanged: Readonly<Record<AccountPart, string>>
  /** Undefined: nobody can know from whom. */
  readonly undecryptable: (who: string | undefined, resendAsked: boolean) => string
  /** What somebody did to a message that is there, behind their name. */
  readonly reacted: (emoji: string) => string
  readonly unreacted: (emoji: string) => string
  readonly deletedOne: string
  /** Of an own change. */
  readonly changeFailed: (change: ChangeKind, who: string) => string
  /** A count of 0: nobody can know how many. */
  readonly missing: (count: number) => string
  readonly newMessages: (count: number) => string
  readonly newBelow: (count: number) => string
  readonly moreLines: (count: number) => string
  readonly exported: (messages: number, path: string) => string
}

/** Dates, spoken in the language's way and on the clock of this machine. */
export interface DateWords {
  /** `14:02`. */
  readonly time: (atMs: number) => string
  /** `Today`, `Yesterday`, `Monday 26 October`, `26 October 2025`. */
  readonly day: (atMs: number, nowMs: number) => string
  /** Equal for two times of one day on this clock: `2026-10-31`. */
  readonly dayKey: (atMs: number) => string
  /** `Mon`, or before this week `26 Oct`, for a list. */
  readonly shortDay: (atMs: number, nowMs: number) => string
  /** `Mon 26 Oct 14:02`. */
  readonly moment: (atMs: number) => string
}
