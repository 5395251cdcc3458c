import type { AccountObject, EventObject } from '../objects.js'

/** What an owner says first to whoever connects. */
export interface Hello {
  readonly v: 1
  readonly account: AccountObject
  /** The verb alone. */
  readonly command: string
  readonly pid: number
  readonly version: string
}

/** Somebody on whose behalf something is asked for. */
export interface Asker {
  /** They have left: nothing needs to be waited for any more. */
  readonly left: boolean
}

/** An open account, as it is served to other processes. */
export interface Served {
  readonly hello: () => Hello
  readonly isMethod: (name: string) => boolean
  /** Whether that call waits for what the world does, and not only for its own work. */
  readonly isWait: (method: string, params: unknown) => boolean
  readonly ask: (method: string, params: unknown, asker: Asker) => Promise<unknown>
  /** Makes calls look again whether their asker has left. */
  readonly wake: () => void
  readonly subscribe: (listener: (event: EventObject) => void) => () => void
  /** The seq of the newest stored event. */
  readonly newestSeq: () => number
}
