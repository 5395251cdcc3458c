/** Where the keys of a part of the help are pressed; `named`: what is done without one. */
export type HelpArea = 'anywhere' | 'composer' | 'timeline' | 'list' | 'named' | 'overlay'

/** What the help says, where each key can be changed. */
export interface HelpWords {
  readonly areas: Readonly<Record<HelpArea, string>>
  /** Beside a key that the person has chosen. */
  readonly own: string
  readonly hint: string
  readonly askedHint: string
  readonly pressedHint: string
  readonly fixed: string
  readonly notOwn: string
  readonly ask: (command: string) => string
  readonly given: (chord: string, command: string) => string
  readonly newerTerminals: string
  readonly asBefore: (command: string) => string
  readonly allAsBefore: string
  /** Why a key cannot be taken, by what it is. */
  readonly reserved: (chord: string) => string
  readonly writes: (chord: string) => string
  readonly needed: (chord: string, command: string) => string
  readonly takes: (chord: string) => string
  readonly taken: (command: string, where: string) => string
  readonly takenEditing: (where: string) => string
}
