import type { KeyOf } from './key-of.js'
import type { NotifyRule } from '@sotto/client-core'

/** Something that can be chosen, and what it comes to. */
interface Way {
  readonly label: string
  readonly help: string
}

/** What the full screen says about people: who they are, and whether it is they. */
export interface PeopleWords {
  /** What to do here, by the code of an error whose own remedy is a command of the shell. */
  readonly fixes: Readonly<Partial<Record<string, string>>>
  readonly confirmHint: string
  readonly waiting: string
  /** Of a conversation with somebody who is not accepted yet. */
  readonly request: {
    readonly title: string
    /** What they say of themselves. */
    readonly claims: (claims: string) => string
    /** Somebody else is known by the name that they claim. */
    readonly held: (claimed: string, holder: string) => string
    readonly choice: string
  }
  /** In the list; what they claim to be called, where they say so. */
  readonly requestFrom: (claimed: string | undefined) => string
  readonly accepted: (name: string) => string
  readonly blockedBanner: (name: string) => string
  readonly blockedShort: string
  readonly block: { readonly title: (name: string) => string; readonly lines: readonly string[] }
  readonly blocked: (name: string) => string
  readonly unblocked: (name: string) => string
  readonly remove: { readonly title: (name: string) => string; readonly lines: readonly string[] }
  readonly removed: (name: string) => string
  /** The last step of a first run. */
  readonly welcome: {
    readonly title: string
    readonly you: (username: string) => string
    readonly why: string
    /** By username or link, by an invite of one's own, later. */
    readonly ways: (key: KeyOf) => readonly [Way, Way, Way]
    readonly hint: string
  }
  readonly meetTitle: string
  readonly meetHelp: string
  readonly meetHint: string
  readonly lookUp: (to: string) => string
  readonly lookingUp: string
  readonly inviteTitle: string
  readonly invitesTitle: string
  readonly inviteHint: string
  readonly invitesHint: string
  readonly noInvites: string
  readonly inviteCopied: string
  /** What a link is good for, beside it. */
  readonly inviteFor: (terms: InviteTerms) => string
  /** The same, in a list. */
  readonly invite: (terms: InviteTerms) => string
  readonly revoke: {
    readonly title: (id: string) => string
    readonly lines: readonly string[]
    readonly done: (id: string) => string
  }
  /** Of a terminal that is too small for a code. */
  readonly qrNeeds: (size: { readonly columns: number; readonly rows: number }) => string
  readonly infoTitle: string
  readonly info: {
    /** Labels, of at most 11 columns. */
    readonly username: string
    readonly alias: string
    readonly name: string
    readonly status: string
    readonly trust: string
    readonly blocked: string
    readonly muted: string
    readonly told: string
    readonly since: string
    readonly messages: string
    readonly account: string
    readonly yes: string
    readonly until: (moment: string) => string
    /** A username that they claim and nobody has looked up. */
    readonly unchecked: (claimed: string) => string
    readonly counts: (counts: {
      readonly sent: number
      readonly received: number
      readonly held: number
    }) => string
  }
  readonly rename: { readonly title: (name: string) => string; readonly help: string }
  readonly renameHint: string
  readonly renamed: (name: string, alias: string | null) => string
  readonly mute: {
    /** Beside what holds. */
    readonly now: string
    readonly alerts: {
      readonly rules: Readonly<Record<NotifyRule, string>>
      readonly done: Readonly<Record<NotifyRule, (name: string) => string>>
      readonly noSuchRule: string
    }
    readonly title: (name: string) => string
    /** An hour, eight, a day, a week, and for ever. */
    readonly durations: readonly [string, string, string, string, string]
    /** Undefined: until somebody says so. */
    readonly done: (name: string, until: string | undefined) => string
  }
  readonly verify: {
    readonly title: (name: string) => string
    readonly waiting: string
    readonly hint: string
    readonly help: (name: string) => readonly string[]
    readonly changed: (name: string) => string
    readonly already: string
    readonly differs: (name: string) => readonly string[]
    readonly done: (name: string) => string
  }
  readonly numberCopied: string
  readonly changed: {
    /** To somebody who was verified nothing is sent. */
    readonly paused: (name: string) => string
    readonly goesOn: (name: string) => string
    /** In the conversation with the account that has the name now. */
    readonly claimant: (name: string) => string
    readonly choice: string
  }
  /** Said when somebody writes nevertheless. */
  readonly notSentPaused: (name: string) => string
  readonly notSentBlocked: (name: string) => string
  readonly trust: {
    readonly title: (name: string) => string
    readonly lines: (name: string) => readonly string[]
    /** Further, of somebody who was verified. */
    readonly verifiedLines: readonly string[]
    readonly done: (name: string) => string
  }
  readonly why: {
    readonly title: (name: string) => string
    readonly lines: (name: string) => readonly string[]
    readonly hint: string
  }
  /** Of the chosen message. */
  readonly failed: (why: string) => string
  /** When it happens, anywhere. */
  readonly failedTo: (name: string, why: string) => string
  readonly waits: (attempts: number, nextAt: string | undefined, why: string) => string
  readonly cancelled: string
  readonly mayHaveArrived: string
  readonly nothingQueued: string
}

export interface InviteTerms {
  readonly state: 'live' | 'used' | 'expired' | 'revoked'
  /** How many people may use it; null: any number. */
  readonly uses: number | null
  readonly usesLeft: number | null
  /** Undefined: for ever. */
  readonly until: string | undefined
}
