import type { Bytes } from '@sotto/protocol'
import type { ErrandChanges, InviteSpending } from './errands.js'
import type { DeviceKey, RetentionChanges, SeenDevice } from './retention.js'

export type { InviteSpending, PublishedInvite, Spending } from './errands.js'
export type { DeviceKey } from './retention.js'

/**
 * The relay's memory. Reads are answered from what is committed; whatever changes something is an
 * `Operation`, a plain value that `apply` commits together with its neighbours. Use it through
 * group-commit.ts, which decides what commits together. Ids are their bytes.
 */
export interface Store {
  /** Another one whenever the relay was restored from a backup; seqs compare only inside one epoch. */
  epoch(): Promise<number>
  findRoute(route: Bytes): Promise<Destination | undefined>
  findAccount(account: Bytes): Promise<Destination | undefined>
  findDevice(device: DeviceKey): Promise<DeviceRecord | undefined>
  /** Any account, and not the decoy; undefined: there is none. */
  findSomeAccount(): Promise<SomeAccount | undefined>
  findUsername(hash: Bytes): Promise<Bytes | undefined>
  /** Whether `spend-invite` would grant it just now. */
  grantsInvite(spending: InviteSpending): Promise<boolean>
  countPrekeys(device: DeviceKey): Promise<PrekeyCounts>
  findMailbox(mailbox: Bytes): Promise<MailboxState | undefined>
  /** What waits above `afterSeq`, in order; at least one row where there is one. */
  listWaiting(query: WaitingQuery): Promise<WaitingPage>
  /** Mailboxes in the order of their ids, from the first above `after` on. */
  listMailboxes(query: {
    readonly after: Bytes | undefined
    readonly max: number
  }): Promise<readonly Bytes[]>
  /** Devices in the order of accounts and ids, from the first above `after` on. */
  listDevices(query: {
    readonly after: DeviceKey | undefined
    readonly max: number
  }): Promise<readonly SeenDevice[]>
  /** Bytes of its file that hold nothing, which it fills before the file grows. */
  reusableBytes(): Promise<number>
  /**
   * One durable transaction: resolves after the commit is on disk, with an outcome for each
   * operation; one that throws becomes `failed` and leaves its neighbours alone. Rejects when
   * nothing was stored (disk full, I/O error). Acknowledgements alone outlive the process when it
   * resolves, but a power cut only with the next transaction that holds something else: until then
   * their envelopes come back, as they were.
   *
   * `later` are acknowledgements that come with another call. Those of a mailbox in which an
   * envelope finds no room are done at once, in this transaction; done again, they do nothing.
   */
  apply(
    operations: readonly Operation[],
    later?: readonly Acknowledgement[],
  ): Promise<readonly Outcome[]>
  close(): Promise<void>
}

export interface SomeAccount {
  readonly account: Bytes
  /** The one that its id was made of. */
  readonly identityKey: Bytes
}

/**
 * An account nobody has: found like any other, so that a refusal takes the same time whether the
 * account asked for exists or not. This is its id and its route.
 */
export const DECOY: Bytes = new Uint8Array(16)

/** Where submissions go: an account with what decides about them. */
export interface Destination {
  readonly account: Bytes
  readonly route: Bytes
  readonly accessKey: Bytes
  /** Empty: none. */
  readonly previousAccessKey: Bytes
  /** Those that have published prekeys: nobody can seal for the others yet. */
  readonly devices: readonly DestinationDevice[]
}

export interface DestinationDevice {
  readonly device: number
  readonly registrationId: number
  readonly mailbox: Bytes
}

export interface DeviceRecord extends DestinationDevice {
  readonly deviceKey: Bytes
  readonly identityKey: Bytes
  readonly manifestVersion: number
  /** Days of this relay since it was seen; 0: today. */
  readonly idleDays: number
}

export interface PrekeyCounts {
  readonly oneTimeEc: number
  readonly oneTimeKyber: number
  readonly lastResortUsed: boolean
}

export interface MailboxState {
  /** The highest seq ever given. */
  readonly head: number
  /** Everything up to here is acknowledged and gone. */
  readonly acknowledged: number
}

export interface WaitingQuery {
  readonly mailbox: Bytes
  readonly afterSeq: number
  readonly envelopesMax: number
  readonly bytesMax: number
}

export interface WaitingPage {
  readonly rows: readonly Waiting[]
  /** False when nothing waits after these. */
  readonly more: boolean
}

export type Waiting =
  | {
      readonly kind: 'envelope'
      readonly seq: number
      readonly arrivalMs: number
      readonly stranger: boolean
      readonly body: Bytes
    }
  | {
      readonly kind: 'gap'
      readonly seq: number
      readonly arrivalMs: number
      readonly reason: GapReason
      readonly count: number
      /** A closed gap counts nothing more; only such a gap may be delivered. */
      readonly closed: boolean
    }

export type GapReason = 'quota' | 'expired'

export interface PublicPrekey {
  readonly id: number
  readonly publicKey: Bytes
}

export interface SignedPublicPrekey extends PublicPrekey {
  readonly signature: Bytes
}

export interface PrekeyStock {
  readonly signed: SignedPublicPrekey | undefined
  readonly lastResort: SignedPublicPrekey | undefined
  readonly oneTimeEc: readonly PublicPrekey[]
  readonly oneTimeKyber: readonly SignedPublicPrekey[]
  readonly replace: boolean
}

/** The prekey bundle of one device, as handed out once. */
export interface DevicePrekeys {
  readonly device: number
  readonly registrationId: number
  readonly signed: SignedPublicPrekey
  readonly oneTimeEc: PublicPrekey | undefined
  readonly kyber: SignedPublicPrekey
  readonly lastResort: boolean
}

export interface ManifestRow {
  readonly version: number
  /** The encoded Manifest and its signature. */
  readonly manifest: Bytes
  readonly signature: Bytes
  /** SHA-256 of the encoded Manifest. */
  readonly hash: Bytes
}

/** A device as a manifest lists it, with the mailbox it gets should it be new. */
export interface ListedDevice extends DestinationDevice {
  readonly deviceKey: Bytes
}

/** A sign-up code as somebody shows it who wants an account. */
export interface ShownCode {
  /** Empty: none was shown. */
  readonly hash: Bytes
  readonly nowMs: number
}

/** Why a sign-up code makes no account. */
export type CodeFault = 'code-needed' | 'code-unknown' | 'code-expired' | 'code-used-up'

/** Every change there is, with what it answers. */
export interface Changes extends RetentionChanges, ErrandChanges {
  register: {
    readonly input: {
      readonly account: Bytes
      readonly identityKey: Bytes
      readonly manifest: ManifestRow
      readonly device: ListedDevice
      readonly route: Bytes
      readonly accessKey: Bytes
      readonly usernameHash: Bytes | undefined
      readonly prekeys: PrekeyStock
      readonly prekeysMax: number
      readonly day: number
      /** What a new account spends a use of; undefined: nothing, the relay takes everybody. */
      readonly code: ShownCode | undefined
    }
    /** An account that is there spends nothing, nor does one that is not made. */
    readonly output:
      | { readonly kind: 'created' | 'existing'; readonly route: Bytes }
      | { readonly kind: 'conflict' | CodeFault }
  }
  'create-signup-code': {
    readonly input: {
      readonly hash: Bytes
      readonly uses: number
      /** Unix milliseconds from which on it is good no more. */
      readonly expiresMs: number
    }
    readonly output: 'done'
  }
  /** Forgets codes that expired before `beforeMs`, at most `max`; answers how many. */
  'forget-signup-codes': {
    readonly input: { readonly beforeMs: number; readonly max: number }
    readonly output: number
  }
  'publish-manifest': {
    readonly input: {
      readonly account: Bytes
      readonly manifest: ManifestRow
      readonly previousHash: Bytes
      readonly devices: readonly ListedDevice[]
    }
    /** The mailboxes of devices that are no longer listed, or were set up anew. */
    readonly output:
      | { readonly kind: 'published'; readonly closed: readonly Bytes[] }
      | { readonly kind: 'conflict' }
  }
  'publish-prekeys': {
    readonly input: {
      readonly owner: DeviceKey
      readonly stock: PrekeyStock
      readonly prekeysMax: number
    }
    readonly output: PrekeyCounts
  }
  /** Takes one-time prekeys, at most once each, in the order of their ids. */
  'take-prekeys': {
    readonly input: {
      readonly account: Bytes
      /** Empty: every device. */
      readonly devices: readonly number[]
      readonly lastResortOnly: boolean
    }
    readonly output:
      | {
          readonly kind: 'taken'
          readonly route: Bytes
          readonly manifest: ManifestRow
          readonly devices: readonly DevicePrekeys[]
          /** Mailboxes of devices that have to hear how low their stock is. */
          readonly low: readonly Bytes[]
        }
      | { readonly kind: 'unknown' }
  }
  'set-username': {
    readonly input: { readonly account: Bytes; readonly hash: Bytes | undefined }
    readonly output: 'done' | 'conflict'
  }
  'set-access-key': {
    readonly input: { readonly account: Bytes; readonly current: Bytes; readonly previous: Bytes }
    readonly output: 'done'
  }
  /**
   * Forgets everything of an account but its id, under which nobody registers again. Answers the
   * mailboxes that are no more.
   */
  'delete-account': {
    readonly input: { readonly account: Bytes }
    readonly output: { readonly closed: readonly Bytes[] }
  }
  submit: {
    readonly input: Submission
    readonly output: SubmitOutcome
  }
  /**
   * Forgets every row up to `seq`, but not their idempotency keys; below what is acknowledged already
   * it does nothing.
   */
  acknowledge: {
    readonly input: { readonly mailbox: Bytes; readonly seq: number }
    readonly output: 'done'
  }
  /** After this the gaps up to `seq` count nothing more and may be delivered. */
  'close-gaps': {
    readonly input: { readonly mailbox: Bytes; readonly seq: number }
    readonly output: 'done'
  }
  /**
   * Turns runs of envelopes that arrived before `beforeMs` into gaps, so many at a time: 0 expired
   * says that it is done.
   */
  sweep: {
    readonly input: { readonly mailbox: Bytes; readonly beforeMs: number }
    readonly output: { readonly expired: number; readonly head: number }
  }
  /**
   * Answers the new epoch: at least `atLeast`, and more than the one there was. No one-time prekey that
   * was published before goes out in it: it may have gone out since the backup.
   */
  'begin-epoch': { readonly input: { readonly atLeast: number }; readonly output: number }
}

export type Acknowledgement = Changes['acknowledge']['input']

export interface Submission {
  readonly envelopes: readonly {
    readonly mailbox: Bytes
    readonly key: Bytes
    readonly body: Bytes
  }[]
  readonly stranger: boolean
  readonly arrivalMs: number
  /** The day from which on the keys may be forgotten, whatever becomes of the envelopes. */
  readonly forgetDay: number
  readonly quota: {
    readonly envelopes: number
    readonly bytes: number
    readonly strangerEnvelopes: number
    readonly strangerBytes: number
  }
}

export type SubmitOutcome =
  /** `arrivalMs` is 0 when every key was known and its envelope is gone already. */
  | { readonly kind: 'stored'; readonly arrivalMs: number; readonly placed: readonly Placed[] }
  /** Nothing was stored but gaps. */
  | { readonly kind: 'full'; readonly placed: readonly Placed[] }
  /** A mailbox is no longer there: the devices changed meanwhile. */
  | { readonly kind: 'gone' }

/** A mailbox that has something new: the envelope or, where a gap has grown, nothing to show. */
export interface Placed {
  readonly mailbox: Bytes
  readonly row: Waiting | undefined
}

export type ChangeName = keyof Changes

/** A change as a value. */
export type Operation = {
  [Name in ChangeName]: { readonly name: Name; readonly input: Changes[Name]['input'] }
}[ChangeName]

export type Outcome =
  | { readonly kind: 'done'; readonly output: Changes[ChangeName]['output'] }
  | { readonly kind: 'failed'; readonly cause: unknown }
