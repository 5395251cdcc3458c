import type { Scope } from '../../harness/index.js'

/** A relay as the load generator sees it: the sotto relay or the floor. */
export interface Subject {
  readonly name: string
  /** Begins on what `folder` holds, or anew. */
  start(scope: Scope, folder: string): Promise<Running>
}

export interface Running {
  /** Something to submit to; made ready, with its mailbox. Called in the same order every time. */
  prepare(mailboxes: number): Promise<void>
  openSender(mailbox: number): Promise<Sender>
  /** Resolves when the relay has let it in. */
  openReceiver(mailbox: number, onDeliver: (delivered: Delivered) => void): Promise<Receiver>
  stop(): Promise<void>
}

export interface Sender {
  /** Calls `accepted` when the relay has it on disk. */
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
