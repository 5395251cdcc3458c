import type { KeyOf } from './key-of.js'

/** What the full screen says about one message, and about looking for one. */
export interface MessageWords {
  readonly menuTitle: string
  readonly menuHint: string
  readonly forwardTitle: string
  readonly forwardReady: (key: KeyOf) => string
  readonly detailsTitle: string
  /** Above the composer, while a message is written anew. */
  readonly editing: string
  readonly escLeaves: string
  readonly emptyEdit: string
  /** What comes back from the editor is of a message that is not edited any more. */
  readonly editOver: string
  /** What was being edited, or answered, was deleted. */
  readonly editedIsGone: string
  readonly answeredIsGone: string
  readonly react: ReactWords
  readonly delete: DeleteWords
  readonly labels: Readonly<
    Record<'from' | 'sent' | 'edited' | 'status' | 'receipt' | 'reaction' | 'id', string>
  >
  readonly device: (number: number) => string
  /** `@bob.42, 27 Oct 14:02`. */
  readonly reactedAt: (who: string, when: string) => string
  /** `read by @bob.42, 27 Oct 14:02`. */
  readonly receipt: (who: string, status: string, when: string) => string
  readonly search: {
    readonly prompt: string
    readonly searching: string
    readonly none: string
    /** Of the newest that were found; `isMore`: there are older ones. */
    readonly place: (number: number, count: number, isMore: boolean) => string
    readonly keys: string
  }
}

/** Which emoji a message gets. */
export interface ReactWords {
  /** `said`: how the message begins. */
  readonly title: (who: string, said: string) => string
  readonly headings: Readonly<Record<'own' | 'quick' | 'lately' | 'all', string>>
  readonly takeBack: string
  /** What is typed, where it is an emoji itself. */
  readonly typed: string
  readonly hint: string
}

/** For whom a message is deleted. */
export interface DeleteWords {
  readonly title: (who: string, said: string) => string
  readonly everyone: string
  readonly here: string
  /** What it comes to. */
  readonly lines: Readonly<Record<'everyone' | 'here', readonly string[]>>
  readonly done: Readonly<Record<'everyone' | 'here', string>>
  readonly hint: string
}
