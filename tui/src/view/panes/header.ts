import type { ContactObject, ConversationDetailObject, Trust } from '@sotto/client-core'

import { calledOf } from '../../model/called.js'
import { shortAccount } from '../../text/short-account.js'
import { contactIn } from '../../model/list.js'
import { openConversation } from '../../model/state.js'
import { isTyping } from '../../model/typing.js'
import { twoSided } from '../../rows/plain-row.js'
import type { Role, Span } from '../../rows/row.js'
import type { Words } from '../../words/words.js'
import type { Pane } from './pane.js'

/** Who one is talking to, and whether it is they. */
export const headerPane: Pane = (state, { look, surface }) => {
  const conversation = openConversation(state)
  if (conversation === undefined) return { rows: [] }
  const { screen } = surface.words
  const isSelf = conversation.kind === 'self'
  const { text, isClaimed } = calledOf(state, conversation, surface.words)
  const left: Span[] = [{ text: ` ${text}`, role: isClaimed ? 'warn' : 'heading' }]
  // What is claimed proves nothing: the account is what can be compared.
  if (isClaimed) left.push({ text: `  ${shortAccount(conversation.name)}`, role: 'dim' })
  const contact = contactIn(state, conversation.id)
  const called = contact?.alias ?? (conversation.trust === 'request' ? null : contact?.name)
  if (called != null && called !== conversation.name)
    left.push({ text: `  ${called}`, role: 'dim' })
  if (!isSelf)
    left.push({ text: '  ', role: 'text' }, standing(conversation, contact, surface.words))
  const right: Span[] = []
  if (isTyping(state, conversation.id)) right.push({ text: `${screen.typing} `, role: 'accent' })
  if (conversation.muted) right.push({ text: `${screen.muted} `, role: 'dim' })
  return { rows: [twoSided(left, right, look)] }
}

/** How far they are who they seem. */
function standing(
  { trust }: Pick<ConversationDetailObject, 'trust'>,
  contact: ContactObject | undefined,
  words: Words,
): Span {
  if (contact?.blocked === true) return { text: words.screen.people.blockedShort, role: 'warn' }
  if (contact?.successor !== undefined) return { text: words.safetyNumberChanged, role: 'bad' }
  return { text: words.trust[trust], role: TRUST_ROLES[trust] }
}

const TRUST_ROLES: Readonly<Record<Trust, Role>> = {
  verified: 'good',
  known: 'dim',
  request: 'warn',
}
