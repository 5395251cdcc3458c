import type { Action } from './action.js'
import { withoutLoading, withPage } from './chat.js'
import { land, loadNear } from './commands/chat.js'
import { withLines } from './lines.js'
import type { Entry } from '../rows/entry.js'
import { openChat, withChat, withChatOf, type Chat, type UiState } from './state.js'
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
  if (changed === undefined) return refresh(state)
  return then(taken(state, chat, changed), loadNear)
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
  const before = openChat(state)
  const isAgain = action.which === 'refresh' && before !== undefined && chat !== undefined
  const read = isAgain ? taken(paged, before, chat) : step(paged)
  const landed = then(read, (now) =>
    chat?.landing === undefined ? loadNear(now) : land(now, surface),
  )
  return chat?.isOld === true ? then(landed, refresh) : landed
}

/** What was read again is shown: something is chosen as before, and no text that is gone is kept. */
function taken(state: UiState, before: Chat, changed: Chat): Step {
  const kept = withChat(state, () => withSelection(before, changed))
  const isEmpty = changed.entries.length === 0 && kept.focus === 'timeline'
  const focused: UiState = isEmpty ? { ...kept, focus: 'composer' } : kept
  return hasLostText(before, changed) ? step(focused, { kind: 'forget' }) : step(focused)
}

/** What was chosen, else what stood right behind or before it. */
function withSelection(before: Chat, changed: Chat): Chat {
  const { selected } = before
  const left = new Set(changed.entries.map(({ id }) => id))
  if (selected === undefined || left.has(selected)) return changed
  const at = before.entries.findIndex(({ id }) => id === selected)
  const [behind, above] = [before.entries[at + 1]?.id, before.entries[at - 1]?.id]
  const beside = [behind, above].find((id) => id !== undefined && left.has(id))
  return { ...changed, selected: beside ?? changed.entries.at(-1)?.id }
}

/** A text or a quote is another one now, or gone: not merely let go beyond an end of what is loaded. */
function hasLostText(before: Chat, { entries, atStart, atEnd }: Chat): boolean {
  const now = new Map(entries.map((entry) => [entry.id, entry]))
  const isKept = ({ id }: Entry) => now.has(id)
  const from = atStart ? 0 : before.entries.findIndex(isKept)
  const to = atEnd ? before.entries.length : before.entries.findLastIndex(isKept) + 1
  return before.entries.slice(Math.max(0, from), to).some((old) => {
    if (old.kind !== 'message') return false
    const entry = now.get(old.id)
    if (entry === old) return false
    return entry?.kind !== 'message' || saidIn(entry) !== saidIn(old)
  })
}

function saidIn({ object: { message } }: Extract<Entry, { readonly kind: 'message' }>): string {
  return JSON.stringify([message.text, message.replyTo])
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
