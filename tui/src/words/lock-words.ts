/** What the full screen says while it is locked. */
export interface LockWords {
  readonly title: string
  /** What it keeps from whom, by what opens it again. */
  readonly protects: Readonly<Record<'passphrase' | 'key', string>>
  readonly opens: Readonly<Record<'passphrase' | 'key', string>>
  readonly states: Readonly<Record<'closing' | 'opening', string>>
  readonly came: (count: number) => string
  /** All that a notification says. */
  readonly something: string
}
