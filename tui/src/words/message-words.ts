import type { KeyOf } from './key-of.js'

/** What the full screen says about one message, and about looking for one. */
export interface MessageWords {
  readonly menuTitle: string
  readonly menuHint: string
  readonly forwardTitle: string
  readonly forwardReady: (key: KeyOf) => string
  readonly detailsTitle: string
  readonly labels: Readonly<Record<'from' | 'sent' | 'status' | 'receipt' | 'id', string>>
  readonly device: (number: number) => string
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
