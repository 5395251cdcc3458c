import type { AccountObject, ConnectionState } from '@sotto/client-core'
import type { ConversationId } from '@sotto/protocol'

import { UNANSWERED, type Capabilities } from './capabilities.js'
import { DEFAULT_SETTINGS, type Settings } from './settings.js'
import type { Size, UiState } from './state.js'
import { NO_THEMES, type Themes } from './shown-theme.js'

/** The screen before anything is loaded. */
export function initialState({
  account,
  size,
  nowMs,
  link = 'connecting',
  wanted,
  settings = DEFAULT_SETTINGS,
  capabilities = UNANSWERED,
  themes = NO_THEMES,
}: {
  readonly account: AccountObject
  readonly size: Size
  readonly nowMs: number
  readonly link?: ConnectionState
  readonly wanted?: ConversationId | undefined
  readonly settings?: Settings
  readonly capabilities?: Capabilities
  readonly themes?: Themes
}): UiState {
  return {
    ...{ account, size, nowMs, settings, capabilities, themes },
    ...{ panes: {}, isWatched: true, link: { state: link, retryMs: undefined, queued: 0 } },
    ...{
      conversations: [],
      isListed: false,
      listedMs: 0,
      contacts: [],
      filter: 'all',
      highlighted: undefined,
      wanted,
    },
    ...{ open: undefined, chats: new Map(), focus: 'list', overlays: [], toasts: [] },
    ...{ typists: new Map(), telling: undefined },
    recentEmoji: [],
    folder: undefined,
    recentDestinations: [],
    ...{ interruptedMs: undefined, lastInputMs: nowMs, lock: undefined },
  }
}
