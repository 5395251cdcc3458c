import type { AccountId, Bytes, DeviceId } from '@sotto/protocol'

/** The world, as arguments: everything that is not a function of what went in. */
export interface Ports {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly crashpoint: Crashpoint
  readonly transport: Transport
  /** Undefined, or answering so: there is only this thread. */
  readonly startUnsealThread?: (keys: UnsealKeys) => Promise<UnsealThread | undefined>
  /** Undefined: as `Garbage` does it by itself. */
  readonly collectGarbage?: () => Promise<void>
}

/** What the outer seals of an envelope are opened with. */
export interface UnsealKeys {
  readonly account: AccountId
  readonly device: DeviceId
  /** libsignal's IdentityKeyPair, serialised. */
  readonly identityPair: Bytes
}

/** A thread that takes the outer seals off envelopes. Whatever befalls it, it can be done without. */
export interface UnsealThread {
  /** Asked before it is ready, it answers when it is; ended or failed, it answers with nothing. */
  readonly state: 'starting' | 'ready' | 'ended' | 'failed'
  /** What was inside each; undefined, or nothing at all, where it could not tell. Never rejects. */
  unseal(bodies: readonly Bytes[]): Promise<readonly (Bytes | undefined)[]>
  end(): void
}

export interface Clock {
  /** Unix milliseconds; may jump. */
  nowMs(): number
  /** Milliseconds from an arbitrary start; never jumps. */
  monotonicMs(): number
  /** Calls `wake` after `delayMs`; the answer cancels. */
  after(delayMs: number, wake: () => void): () => void
}

export interface Random {
  bytes(length: number): Bytes
  /** Uniform in [0, 1). */
  fraction(): number
}

/**
 * What may be logged: the event and its fields, typed. Never content, names, ids, keys or
 * addresses: every field is a number, a boolean or one of a few literals.
 */
export interface LogEvents {
  'outbox.sealed': { readonly envelopes: number }
  'outbox.accepted': { readonly envelopes: number }
  'outbox.retry': { readonly attempt: number; readonly delayMs: number }
  'outbox.failed': { readonly attempts: number }
  'inbox.applied': { readonly bytes: number }
  'inbox.duplicate': { readonly bytes: number }
  'inbox.quarantined': { readonly bytes: number }
  'inbox.gap': { readonly count: number }
  'inbox.passing': { readonly opened: boolean }
  'typing.dropped': Readonly<Record<string, never>>
  'prekeys.published': { readonly ec: number; readonly kyber: number }
  'permits.drawn': { readonly permits: number }
  'certificate.drawn': { readonly hoursLeft: number }
  'connection.online': { readonly attempt: number }
  'connection.lost': { readonly delayMs: number }
  'clock.skewed': { readonly minutes: number }
  'thread.ready': Readonly<Record<string, never>>
  'username.taken': Readonly<Record<string, never>>
}

export interface Log {
  debug<Name extends keyof LogEvents>(event: Name, fields: LogEvents[Name]): void
  info<Name extends keyof LogEvents>(event: Name, fields: LogEvents[Name]): void
  warn<Name extends keyof LogEvents>(event: Name, fields: LogEvents[Name]): void
}

/** Every place where a crash must lose nothing; each is hit by a test. */
export const CRASHPOINTS = [
  'send.composed',
  'send.sealed',
  'send.submitted',
  'send.answered',
  'send.accepted',
  'outbox.cancelled',
  'outbox.requeued',
  'change.composed',
  'typing.sealed',
  'receive.opening',
  'receive.opened',
  'receive.committed',
  'receive.quarantined',
  'receive.acknowledged',
  'prekeys.stored',
  'prekeys.published',
  'permits.requested',
  'permits.drawn',
  'permits.stored',
  'permit.taken',
  'access-key.stored',
  'access-key.published',
  'invites.published',
  'account.stored',
  'account.registered',
  'key.staged',
  'key.placed',
  'account.renamed',
  'account.edited',
  'account.deleted',
  'account.emptied',
  'account.hidden',
] as const
export type CrashpointName = (typeof CRASHPOINTS)[number]

/** Marks a step; does nothing unless a test says so. */
export type Crashpoint = (name: CrashpointName) => void

/** The network as the client needs it. */
export interface Transport {
  /** Opens a WebSocket; binary messages only. Throws `relay/unreachable`. */
  open(
    url: string,
    options: { readonly timeoutMs: number; readonly signal?: AbortSignal },
  ): Promise<Socket>
  /** One HTTP exchange of small bodies. Throws `relay/unreachable`. */
  exchange(request: {
    readonly method: 'GET' | 'POST'
    readonly url: string
    readonly body?: Uint8Array
    readonly timeoutMs: number
  }): Promise<{ readonly status: number; readonly body: Bytes }>
}

export interface Socket {
  /** False when the socket is closed already. */
  send(bytes: Uint8Array): boolean
  onMessage(listener: (bytes: Bytes) => void): void
  /** Called once. */
  onClose(listener: (code: number) => void): void
  close(): void
}
