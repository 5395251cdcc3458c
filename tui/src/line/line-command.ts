import type { ConversationDetailObject } from '@sotto/client-core'

import type { Files } from '../app/files.js'
import type { Look } from '../text/messages.js'
import type { ChatClient } from './chat-client.js'

/** What a command has of the chat that it is typed in. */
export interface LineDoor {
  readonly client: ChatClient
  readonly files: Pick<Files, 'exportTo'>
  readonly look: Look
  /** The open conversation as a recipient. Throws `usage/invalid` where none is open. */
  readonly here: () => string
  /** By its number in what was listed last, or by name. */
  readonly open: (written: string) => Promise<void>
  readonly list: (conversations: readonly ConversationDetailObject[]) => void
  readonly older: () => Promise<void>
  /** No conversation is open any more. */
  readonly shut: () => void
  readonly reply: (text: string) => Promise<void>
  readonly print: (text: string) => void
  readonly note: (text: string) => void
  readonly leave: () => void
}

export interface LineCommand {
  /** What stands behind the name. */
  readonly usage?: string
  readonly summary: string
  readonly run: (door: LineDoor, args: string) => Promise<void> | void
}
