import type { Content as WireContent } from '#generated/content_pb.js'
import { isEmoji } from './emoji.js'
import {
  malformed,
  messageIdOf,
  referenceOf,
  required,
  wireReference,
  type Reference,
} from './content-parts.js'
import { messageIdBytes, type MessageId } from './ids.js'

/** What changes a message that is there. Edits and deletes are of messages of whoever seals them. */
export type Change = Reaction | Edit | Delete

export interface Reaction {
  readonly kind: 'reaction'
  readonly target: Reference
  /** As `isEmoji` has it; empty: taken back. */
  readonly emoji: string
}

export interface Edit {
  readonly kind: 'edit'
  readonly message: MessageId
  readonly body: string
  /** From 1; the highest counts. */
  readonly revision: number
}

export interface Delete {
  readonly kind: 'delete'
  readonly message: MessageId
}

export function isChange(content: { readonly kind: string }): content is Change {
  return content.kind === 'reaction' || content.kind === 'edit' || content.kind === 'delete'
}

export function wireChange(change: Change) {
  switch (change.kind) {
    case 'reaction': {
      const { target, emoji } = change
      return { case: 'reaction' as const, value: { target: wireReference(target), emoji } }
    }
    case 'edit': {
      const { message, body, revision } = change
      return {
        case: 'edit' as const,
        value: { messageId: messageIdBytes(message), body, revision },
      }
    }
    case 'delete':
      return { case: 'delete' as const, value: { messageId: messageIdBytes(change.message) } }
  }
}

/** Throws `wire/malformed` for an emoji that is none, and for a revision of 0. */
export function changeOf(
  wire: Extract<WireContent['kind'], { readonly case: 'reaction' | 'edit' | 'delete' }>,
): Change {
  switch (wire.case) {
    case 'reaction': {
      const { target, emoji } = wire.value
      if (emoji !== '' && !isEmoji(emoji)) throw malformed()
      return { kind: 'reaction', target: referenceOf(required(target)), emoji }
    }
    case 'edit': {
      const { messageId, body, revision } = wire.value
      if (revision === 0) throw malformed()
      return { kind: 'edit', message: messageIdOf(messageId), body, revision }
    }
    case 'delete':
      return { kind: 'delete', message: messageIdOf(wire.value.messageId) }
  }
}
