import type { Action } from './action.js'
import { withoutLoading, withPage } from './chat.js'
import { land, loadNear } from './commands/chat.js'
import { withLines } from './lines.js'
import { openChat, withChat, withChatOf, type UiState } from './state.js'
import { step, then, type Step } from './step.js'
import type { Surface } from './surface.js'
import { tell } from './tell.js'
import { toast } from './toasts.js'

/** What is loaded of the open conversation, again: now, or when the page is there that is on its way. */
export function refresh(state: UiState): Step {
  const { open } = state
  if (open === undefined) return step(state)
  if (openChat(state)?.loading !== undefined)
    return step(withChat(state, (chat) => ({ ...chat, isOld: true })))
  return step(
    withChat(state, (chat) => (chat.isOld ? { ...chat, isOld: false } : chat)),
    { kind: 'refresh', conversation: open },
  )
}

/** Messages have come that were asked for; what does not fit any more is asked for with all the rest. */
export function lines(
  state: UiState,
  { conversation, asked, lines: placed }: Extract<Action, { readonly kind: 'lines' }>,
): Step {
  const chat = openChat(state)
  if (conversation !== state.open || chat === undefined) return step(state)
  const changed = withLines(chat, asked, placed)
  return changed === undefined ? refresh(state) : loadNear(withChat(state, () => changed))
}

/** A page has come: the window stays, or goes where the page was loaded for. */
export function page(
  state: UiState,
  action: Extract<Action, { readonly kind: 'page' }>,
  surface: Surface,
): Step {
  const paged = withChatOf(state, action.conversation, (chat) => withPage(chat, action))
  if (action.conversation !== state.open) return step(paged)
  const chat = openChat(paged)
  if (chat?.loading !== undefined) return step(paged)
  const landed = chat?.landing === undefined ? loadNear(paged) : land(paged, surface)
  return chat?.isOld === true ? then(landed, refresh) : landed
}

/** A page cannot be had: nothing waits for it, and that is told. */
export function noPage(
  state: UiState,
  { conversation, which, error }: Extract<Action, { readonly kind: 'no-page' }>,
  surface: Surface,
): Step {
  const idle = withChatOf(state, conversation, (chat) => ({
    ...withoutLoading(chat, which),
    landing: undefined,
  }))
  return step(toast(idle, tell(error, surface), 'bad'))
}
