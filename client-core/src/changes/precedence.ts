import type { StoredMessage } from '../store/tables/messages.js'

/** An edit as it is weighed: `editedMs` is its author's clock. */
export interface Written {
  readonly revision: number
  readonly editedMs: number
}

/** A reaction as it is weighed: `sentMs` is the clock of who reacted. */
export interface Felt {
  readonly emoji: string
  readonly sentMs: number
}

/**
 * Whether an edit takes the place of the text that is there: the higher revision counts, of two with
 * one revision the later. In whatever order edits come, the same one is left.
 */
export function isNewerEdit(
  edit: Written,
  there: Pick<StoredMessage, 'revision' | 'editedMs'>,
): boolean {
  if (edit.revision !== there.revision) return edit.revision > there.revision
  return edit.editedMs > (there.editedMs ?? 0)
}

/** The same of the reactions of one person to one message: the later counts, then the greater sign. */
export function isNewerReaction(reaction: Felt, there: Felt | undefined): boolean {
  if (there === undefined) return true
  if (reaction.sentMs !== there.sentMs) return reaction.sentMs > there.sentMs
  return reaction.emoji > there.emoji
}
