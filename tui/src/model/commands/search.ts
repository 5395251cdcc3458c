import { type as typed } from '../../composer/composer.js'
import { closeSearch, editSearch, find, openSearch, towardsHit } from '../search.js'
import { openChat, type UiState } from '../state.js'
import { then } from '../step.js'
import type { Command } from '../surface.js'

const isSearching = (state: UiState): boolean => openChat(state)?.search?.hits !== undefined

export const searchCommands = {
  'search.open': {
    slash: 'search',
    isEnabled: (state) => openChat(state) !== undefined,
    run: (state, { args, surface }) => {
      const opened = openSearch(state)
      if (args === '') return opened
      const written = then(opened, (before) => editSearch(before, (query) => typed(query, args)))
      return then(written, (before) => find(before, surface))
    },
  },
  'search.find': { run: (state, { surface }) => find(state, surface), isPlain: true },
  'search.older': {
    isEnabled: isSearching,
    run: (state, { surface }) => towardsHit(state, 1, surface),
  },
  'search.newer': {
    isEnabled: isSearching,
    run: (state, { surface }) => towardsHit(state, -1, surface),
  },
  'search.close': { run: closeSearch, isPlain: true },
  /** From what was found to where one was before, else to the composer. */
  'timeline.escape': { run: closeSearch, isPlain: true },
} satisfies Record<string, Command>
