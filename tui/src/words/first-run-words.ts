/** One step: what is asked, and the reason why. */
interface StepWords {
  readonly heading: string
  readonly why: string
}

/** A choice, and what it comes to. */
interface ChoiceWords {
  readonly label: string
  readonly help: string
}

/** What is said to somebody who has no account yet. */
export interface FirstRunWords {
  readonly title: string
  readonly stepOf: (step: number, steps: number) => string
  readonly tooSmall: string
  readonly relay: StepWords & {
    readonly given: ChoiceWords
    /** `folder` is where it would rest. */
    readonly own: (folder: string) => ChoiceWords
    readonly asking: string
    readonly starting: string
    readonly prompt: string
  }
  readonly code: StepWords & { readonly prompt: string }
  readonly username: StepWords & {
    readonly form: string
    readonly asking: string
    readonly free: string
    readonly taken: string
    readonly instead: (usernames: readonly string[]) => string
    /** `why` is what the relay said. */
    readonly unknown: (why: string) => string
    readonly begun: string
    readonly begunLocked: string
    readonly onRelay: (address: string) => string
    readonly prompt: string
  }
  readonly key: StepWords & {
    readonly looking: ChoiceWords
    readonly keyring: ChoiceWords
    readonly file: ChoiceWords
    readonly passphrase: ChoiceWords
    readonly making: string
    /** The relay wants work before it makes one. */
    readonly working: string
  }
  readonly passphrase: StepWords & {
    readonly first: string
    readonly again: string
    readonly empty: string
    readonly different: string
  }
  readonly hints: {
    readonly relay: string
    readonly code: string
    readonly username: string
    readonly key: string
    readonly passphrase: string
    readonly waiting: string
  }
  /** Where lines are asked for instead of keys. */
  readonly lines: {
    readonly begin: string
    readonly back: string
    readonly choose: string
    /** What an empty line stands for. */
    readonly offered: (what: string) => string
  }
  /** What stays written on the terminal when the account is there. */
  readonly made: {
    readonly you: (username: string) => string
    readonly pinned: (address: string) => string
    readonly key: Readonly<Record<'keyring' | 'file' | 'passphrase', string>>
    readonly relay: (relay: { readonly folder: string; readonly stop: string }) => string
  }
}
