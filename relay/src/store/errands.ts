import type { Bytes } from '@sotto/protocol'
import type { DeviceKey } from './retention.js'

/** What a permit is shown for. */
export interface Spending {
  readonly nullifier: Bytes
  /** Of nullifier and target: two errands to one target are not seen to be. */
  readonly targetHash: Bytes
  /** 16 bytes for a submission, known again when it is tried again; undefined: none. */
  readonly requestHash: Bytes | undefined
  readonly submissionsMax: number
  readonly nowMinute: number
  readonly endsMinute: number
  /** On which the permit expires, and this may be forgotten. */
  readonly day: number
}

/** What an invite is shown for; the errand counts as one of its uses. */
export interface InviteSpending extends Spending {
  readonly account: Bytes
  /** Of the key that was shown. */
  readonly inviteHash: Bytes
  readonly today: number
}

/** An invite as the account that made it tells it. */
export interface PublishedInvite {
  readonly hash: Bytes
  /** Undefined: they are not counted. */
  readonly usesLeft: number | undefined
  /** Days since 1970; undefined: none. */
  readonly lastDay: number | undefined
}

/** Changes to what strangers show as leave, and to the errands that they begin with it. */
export interface ErrandChanges {
  /** Once a day for each device, or again for the same request. */
  'draw-permits': {
    readonly input: {
      readonly owner: DeviceKey
      readonly day: number
      readonly requestHash: Bytes
    }
    readonly output: 'granted' | 'drawn'
  }
  /**
   * Begins an errand with a permit that nobody has spent, or goes on with it: to the same target,
   * within its time and its submissions. A submission it was granted for is granted again always.
   */
  'spend-permit': {
    readonly input: Spending
    readonly output: 'granted' | 'refused'
  }
  /** Forgets what was spent of permits that expired before `day`, at most `max`; answers how many. */
  'forget-permits': {
    readonly input: { readonly day: number; readonly max: number }
    readonly output: number
  }
  /** As with a permit, where the invite is live or the errand has begun; a new one uses it once. */
  'spend-invite': {
    readonly input: InviteSpending
    readonly output: 'granted' | 'refused'
  }
  /**
   * These are the account's invites from now on, and no others. One that is there keeps the lesser
   * number of uses: what was spent here is spent.
   */
  'publish-invites': {
    readonly input: { readonly account: Bytes; readonly invites: readonly PublishedInvite[] }
    readonly output: 'done'
  }
  /** Forgets invites whose last day was before `day`, at most `max`; answers how many. */
  'forget-invites': {
    readonly input: { readonly day: number; readonly max: number }
    readonly output: number
  }
}
