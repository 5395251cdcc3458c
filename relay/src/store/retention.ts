import type { Bytes } from '@sotto/protocol'

export interface DeviceKey {
  readonly account: Bytes
  readonly device: number
}

/** Changes by which the store becomes smaller, each in steps that hold nobody up. */
export interface RetentionChanges {
  /**
   * Where the store keeps idempotency keys that came lately apart, puts `max` of them to the others.
   * Answers whether there are more that were apart at the first such step.
   */
  'file-keys': { readonly input: { readonly max: number }; readonly output: boolean }
  /**
   * Looks at some more idempotency keys, but for those that are kept apart, `max` at most, and forgets those whose day is `day` or was.
   * Answers what to go on after, undefined at the end.
   */
  'forget-keys': {
    readonly input: {
      readonly mailbox: Bytes
      readonly after: Bytes | undefined
      readonly max: number
      readonly day: number
    }
    readonly output: { readonly next: Bytes | undefined }
  }
  /**
   * Gives up to `pages` of the pages that hold nothing back to the disk, but keeps `spare` of them for
   * what comes next. Answers how many are left to give back; 0 too where the store cannot.
   */
  shrink: {
    readonly input: { readonly pages: number; readonly spare: number }
    readonly output: number
  }
  /**
   * Another calendar day has begun: counts one more day of this relay, however far the clock has leapt
   * and however long the relay was down. Answers the count.
   */
  'count-day': { readonly input: { readonly day: number }; readonly output: number }
  /** These devices are there today. */
  'see-devices': {
    readonly input: { readonly devices: readonly DeviceKey[] }
    readonly output: 'done'
  }
  /**
   * Removes a device that was not seen for `idleDays` of this relay's days, and with the last of an
   * account the account. Answers the mailboxes that are no more: none where it was seen meanwhile.
   */
  'expire-device': {
    readonly input: { readonly owner: DeviceKey; readonly idleDays: number }
    readonly output: { readonly closed: readonly Bytes[] }
  }
  /** Deletes up to `max` rows of each kind of a mailbox that is gone. Answers whether there are more. */
  'purge-mailbox': { readonly input: { readonly max: number }; readonly output: boolean }
}

/** A device as a sweep looks at it. */
export interface SeenDevice extends DeviceKey {
  readonly mailbox: Bytes
  /** Days of this relay since it was seen. */
  readonly idleDays: number
}
