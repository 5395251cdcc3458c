import type { ShownMessage } from '../rows/entry.js'
import { sameEmoji } from '../rows/reactions.js'
import { NAMED_EMOJI, type NamedEmoji } from '../text/emoji-names.js'
import { withRecentEmoji } from './completing.js'
import { call, messageReference } from './effect.js'
import { ownReaction } from './meant-message.js'
import type { UiState } from './state.js'
import { step, type Step } from './step.js'

/** Those that most reactions are, in the order of the digits that choose them. */
export const QUICK_EMOJI: readonly NamedEmoji[] = [
  { name: 'thumbsup', emoji: '👍' },
  { name: 'heart', emoji: '❤️' },
  { name: 'joy', emoji: '😂' },
  { name: 'open_mouth', emoji: '😮' },
  { name: 'cry', emoji: '😢' },
  { name: 'pray', emoji: '🙏' },
]

/** Of a name, with colons or without, its emoji; anything else as it is written. */
export function emojiNamed(written: string): string {
  const name = withoutColons(written).toLowerCase()
  return [...QUICK_EMOJI, ...NAMED_EMOJI].find((each) => each.name === name)?.emoji ?? written
}

/** `:smile:` is looked for as `smile`. */
export function withoutColons(written: string): string {
  return written.replace(/^:|:$/g, '')
}

/** The emoji in place of the one before; the same once more is taken back. */
export function react(state: UiState, line: ShownMessage, emoji: string): Step {
  const message = messageReference(line)
  const own = ownReaction(line)
  if (own !== undefined && sameEmoji(own) === sameEmoji(emoji))
    return step(state, call('message.unreact', { message, wait: 'queued' }))
  return step(
    withRecentEmoji(state, emoji),
    call('message.react', { message, emoji, wait: 'queued' }),
  )
}
