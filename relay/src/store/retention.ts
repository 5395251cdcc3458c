import type { Bytes } from '@sotto/protocol'

/** Changes by which the store becomes smaller, each in steps that hold nobody up. */
export interface RetentionChanges {
  /**
   * Looks at the next `max` idempotency keys above `after` of envelopes that are gone, and forgets
   * those whose day is `day` or was. Answers the last it looked at, undefined at the end.
   */
  'forget-keys': {
    readonly input: {
      readonly mailbox: Bytes
      readonly after: Bytes | undefined
      readonly max: number
      readonly day: number
    }
    readonly output: { readonly last: Bytes | undefined }
  }
  /**
   * Gives up to `pages` of the pages that hold nothing back to the disk, but keeps `spare` of them for
   * what comes next. Answers how many are left to give back; 0 too where the store cannot.
   */
  shrink: {
    readonly input: { readonly pages: number; readonly spare: number }
    readonly output: number
  }
}
