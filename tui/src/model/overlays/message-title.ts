import { senderName } from '../../text/messages.js'
import { shortAccount } from '../../text/short-account.js'
import type { ShownMessage } from '../../rows/entry.js'
import type { Words } from '../../words/words.js'

/** As much of a text as a title may need. */
const SAID_LENGTH_MAX = 60

/** Whose message an overlay is about, and how it begins. */
export function titleParts(
  { message, sender, conversation }: ShownMessage,
  words: Words,
): { readonly who: string; readonly said: string } {
  const who = sender.self ? words.you : shortAccount(senderName(sender, conversation))
  const text = message.deleted === true ? words.deleted : (message.text ?? words.unsupported)
  const line = text.slice(0, SAID_LENGTH_MAX).replace(/\s+/g, ' ').trim()
  return { who, said: line }
}
