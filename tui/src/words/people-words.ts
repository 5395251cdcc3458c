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
  readonly accepted: (name: string) => string
  readonly blockedBanner: (name: string) => string
  readonly blockedShort: string
  readonly block: { readonly title: (name: string) => string; readonly lines: readonly string[] }
  readonly blocked: (name: string) => string
  readonly unblocked: (name: string) => string
  readonly remove: { readonly title: (name: string) => string; readonly lines: readonly string[] }
  readonly removed: (name: string) => string
}
