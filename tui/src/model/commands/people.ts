import type { ContactObject } from '@sotto/client-core'

import { IDLE } from '../answer.js'
import { call, callOf } from '../effect.js'
import { withOverlay } from '../editing.js'
import { meantContact } from '../list.js'
import type { UiState } from '../state.js'
import { step, type Step } from '../step.js'
import type { Surface } from '../surface.js'
import type { Command } from './command.js'

/** About whoever the conversation is with that is meant. */
function about(
  isFor: (contact: ContactObject) => boolean,
  run: (state: UiState, contact: ContactObject, surface: Surface) => Step,
): Pick<Command, 'run' | 'isEnabled'> {
  return {
    isEnabled: (state) => {
      const contact = meantContact(state)
      return contact !== undefined && isFor(contact)
    },
    run: (state, { surface }) => {
      const contact = meantContact(state)
      return contact === undefined ? step(state) : run(state, contact, surface)
    },
  }
}

/** How the core's methods are told who is meant: whatever happens to names meanwhile, it is they. */
export const accountOf = ({ id }: Pick<ContactObject, 'id'>) => ({ to: `acct:${id}` })

/** What they are called here: their handle, local name, or account. */
const nameOf = ({ conversation }: ContactObject): string => conversation.name

export const peopleCommands = {
  'contact.accept': {
    slash: 'accept',
    ...about(
      ({ trust, blocked }) => trust === 'request' && !blocked,
      (state, contact, { words }) =>
        step(
          state,
          call('contact.accept', accountOf(contact), words.screen.people.accepted(nameOf(contact))),
        ),
    ),
  },
  'contact.block': {
    slash: 'block',
    ...about(
      ({ blocked }) => !blocked,
      (state, contact, { words }) => {
        const { block, blocked } = words.screen.people
        const name = nameOf(contact)
        return step(
          withOverlay(state, {
            ...{ kind: 'confirm', title: block.title(name), lines: block.lines, asked: IDLE },
            ...{ call: callOf('contact.block', accountOf(contact)), done: blocked(name) },
          }),
        )
      },
    ),
  },
  'contact.unblock': {
    slash: 'unblock',
    ...about(
      ({ blocked }) => blocked,
      (state, contact, { words }) => {
        const done = words.screen.people.unblocked(nameOf(contact))
        return step(state, call('contact.unblock', accountOf(contact), done))
      },
    ),
  },
  'contact.remove': {
    slash: 'remove',
    ...about(
      () => true,
      (state, contact, { words }) => {
        const { remove, removed } = words.screen.people
        const name = nameOf(contact)
        return step(
          withOverlay(state, {
            ...{ kind: 'confirm', title: remove.title(name), lines: remove.lines, asked: IDLE },
            ...{ call: callOf('contact.remove', accountOf(contact)), done: removed(name) },
          }),
        )
      },
    ),
  },
} satisfies Record<string, Command>
