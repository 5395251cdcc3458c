import type { Scope } from '../../harness/index.js'
import type { Watch } from './loop-delay.js'

/** A relay as the load generator sees it: the sotto relay, the floor, or a peer that does the like. */
export interface Subject {
  readonly name: string
  /** Begins on what `folder` holds, or anew. */
  start(scope: Scope, folder: string, options?: StartOptions): Promise<Running>
}

/** Another program, where it is installed. */
export interface PeerSubject extends Subject {
  /** What it has done with a message when it says that it has it. */
  readonly durability: string
  readonly isInstalled: () => boolean
}

export interface StartOptions {
  /** Whether its memory will be asked for: what can, then collects its garbage when it is. */
  readonly weighed?: boolean
  /** Whether it will be asked how late its event loop comes. Not together with `weighed`. */
  readonly watched?: boolean
  /** Where the one before it listened; any free one unless given. */
  readonly port?: number
}

export interface Running {
  readonly port: number
  readonly pid: number
  /** Of a program of ours that is watched. */
  readonly watch?: Watch
  /** Something to submit to; made ready, with its mailbox. Called in the same order every time. */
  prepare(mailboxes: number): Promise<void>
  openSender(mailbox: number): Promise<Sender>
  /** Resolves when the relay has let it in; throws where the connection ends before. */
  openReceiver(
    mailbox: number,
    onDeliver: (delivered: Delivered) => void,
    from?: Origin,
  ): Promise<Receiver>
  /** What it holds in memory, in KiB, when nothing is going on. */
  residentKiB(): Promise<number>
  stop(): Promise<void>
  /** SIGKILL. */
  kill(): Promise<void>
}

/** Of many connections some come from other addresses of loopback: each has only so many ports. */
export interface Origin {
  readonly localAddress: string
}

export interface Sender {
  /** Calls `accepted` when the relay has it on disk, or as much of that as it promises. */
  submit(body: Buffer, accepted: () => void): void
  close(): void
}

export interface Delivered {
  readonly seq: number
  readonly body: Buffer
}

export interface Receiver {
  acknowledge(seq: number): void
  close(): void
}

export const BODY_BYTES = 1024
