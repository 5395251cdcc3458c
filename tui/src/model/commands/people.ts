import type { ContactObject } from '@sotto/client-core'

import { IDLE } from '../answer.js'
import { call, callOf } from '../effect.js'
import { bannerOf } from '../banner.js'
import { toast } from '../toasts.js'
import { withOverlay } from '../editing.js'
import { contactIn, meantContact } from '../list.js'
import { showInfo } from '../overlays/contact.js'
import { renaming } from '../overlays/rename.js'
import { verifying } from '../overlays/verify.js'
import { questionOf } from '../question.js'
import type { UiState } from '../state.js'
import { step, type Step } from '../step.js'
import type { Command, Surface } from '../surface.js'

/** About whoever the conversation is with that is meant. */
function about(
  isFor: (contact: ContactObject) => boolean,
  run: (state: UiState, contact: ContactObject, surface: Surface, args: string) => Step,
): Pick<Command, 'run' | 'isEnabled'> {
  return {
    isEnabled: (state) => {
      const contact = meantContact(state)
      return contact !== undefined && isFor(contact)
    },
    run: (state, { surface, args }) => {
      const contact = meantContact(state)
      return contact === undefined ? step(state) : run(state, contact, surface, args)
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
            ...{ calls: [callOf('contact.block', accountOf(contact))], done: blocked(name) },
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
            ...{ calls: [callOf('contact.remove', accountOf(contact))], done: removed(name) },
          }),
        )
      },
    ),
  },
  'contact.info': { slash: 'info', ...about(() => true, showInfo) },
  /** `/rename bobby` at once, `/rename` asks. */
  'contact.rename': {
    slash: 'rename',
    ...about(
      () => true,
      (state, contact, { words }, alias) =>
        alias === ''
          ? renaming(state, contact)
          : step(
              state,
              call(
                'contact.rename',
                { ...accountOf(contact), alias },
                words.screen.people.renamed(nameOf(contact), alias),
              ),
            ),
    ),
  },
  /** Of whoever has their name now, where that is another account. */
  'contact.verify': {
    slash: 'verify',
    ...about(
      () => true,
      (state, contact) => verifying(state, questionOf(state, contact)?.holder ?? contact),
    ),
  },
  'contact.trust': {
    slash: 'trust',
    isEnabled: (state) => {
      const contact = meantContact(state)
      return contact !== undefined && questionOf(state, contact) !== undefined
    },
    run: (state, { surface }) => {
      const contact = meantContact(state)
      const holder = contact && questionOf(state, contact)?.holder
      return holder === undefined ? step(state) : trusting(state, holder, surface)
    },
  },
  'notice.show': {
    slash: 'more',
    isEnabled: (state) => contactIn(state, state.open) !== undefined,
    run: (state, { surface }) =>
      step(
        bannerOf(state, surface.words).length === 0
          ? toast(state, surface.words.screen.nothingToDecide, 'plain')
          : withOverlay(state, { kind: 'notice' }),
      ),
  },
  'contact.why': {
    slash: 'why',
    isEnabled: (state) => {
      const contact = meantContact(state)
      return contact !== undefined && questionOf(state, contact) !== undefined
    },
    run: (state) => {
      const contact = meantContact(state)
      const holder = contact && questionOf(state, contact)?.holder
      if (holder === undefined) return step(state)
      return step(withOverlay(state, { kind: 'why', name: nameOf(holder) }))
    },
  },
} satisfies Record<string, Command>

/** Somebody who was verified is not any more, and then the new account is the contact. */
function trusting(state: UiState, holder: ContactObject, { words }: Surface): Step {
  const { trust } = words.screen.people
  const name = nameOf(holder)
  const isVerified = holder.trust === 'verified'
  const reset = isVerified ? [callOf('verify.reset', accountOf(holder))] : []
  return step(
    withOverlay(state, {
      ...{ kind: 'confirm', title: trust.title(name), asked: IDLE, done: trust.done(name) },
      lines: [...trust.lines(name), ...(isVerified ? trust.verifiedLines : [])],
      calls: [...reset, callOf('contact.trust', accountOf(holder))],
    }),
  )
}
