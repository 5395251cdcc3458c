import type { Words } from '../words/words.js'
import { contactIn } from './list.js'
import { isPaused } from './question.js'
import type { UiState } from './state.js'

/** Why nothing goes to whoever is open until that is decided; undefined: it goes. */
export function whyHeld(state: UiState, { screen }: Words): string | undefined {
  const contact = contactIn(state, state.open)
  if (contact === undefined) return undefined
  const { name } = contact.conversation
  if (contact.blocked) return screen.people.notSentBlocked(name)
  return isPaused(contact) ? screen.people.notSentPaused(name) : undefined
}
