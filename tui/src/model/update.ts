import type { ErrorObject, EventObject } from '@sotto/client-core'

import { bytesOf, openComposer, paste, type as typed, type Composer } from '../composer/composer.js'
import { parseDraft } from '../composer/saved-draft.js'
import type { InputEvent, MouseEvent } from '../input/events.js'
import { scrollBy } from '../rows/virtual.js'
import { safeLine } from '../text/safe-text.js'
import type { Action } from './action.js'
import { messageAlerts, reactionAlerts } from './alerts.js'
import { answered, refused } from './answers.js'
import { askChanged } from './changed.js'
import { newChat } from './chat.js'
import { laidOut, loadNear } from './commands/chat.js'
import { withPopup } from './completing.js'
import type { CommandName } from './command-name.js'
import type { Surface } from './surface.js'
import { withDeletions } from './deletions.js'
import { draftComposer, notEdited, withDraftComposer } from './edit-mode.js'
import { editing, editDraft } from './editing.js'
import { bindingsOf, chordOf, commandFor } from './keymap.js'
import { withHits } from './everywhere.js'
import { openConversationById, withConversations, withList, withoutEndedMutes } from './list.js'
import { isIdle, locked, updateLocked } from './lock.js'
import { withLossesTold } from './losses.js'
import { overlayPart } from './overlays/table.js'
import { lines, noPage, page } from './paging.js'
import { askFolder, withEntries } from './path-choices.js'
import { withoutLeftSearch } from './search.js'
import { seen } from './reading.js'
import { draftKept, notSent } from './sending.js'
import { takeSettings } from './setting.js'
import { isTooSmall, openChat, withChat, type UiState } from './state.js'
import { step, then, type Step } from './step.js'
import { tell } from './tell.js'
import { withTheme } from './themes.js'
import { toast, withoutOldToasts } from './toasts.js'
import { tellTyping, withoutOldTypists, withTypists } from './typing.js'
import { askUnsent } from './unsent.js'

/** How far the wheel goes. */
const WHEEL_ROWS = 3

/** The screen after something has happened, and what is wanted of it. Pure. */
export function update(state: UiState, action: Action, surface: Surface): Step {
  if (state.lock !== undefined) return updateLocked(state, state.lock, action, surface)
  const done = tellTyping(state, action, then(happened(state, action, surface), seen))
  const told = refusalTold(done.state, state, surface)
  const shown = withPopup(withoutLeftSearch(told), state, surface)
  return askFolder(state, askUnsent(state, { ...done, state: shown }))
}

function happened(state: UiState, action: Action, surface: Surface): Step {
  switch (action.kind) {
    case 'input':
      return input({ ...state, lastInputMs: state.nowMs }, action.event, surface)
    case 'resize':
      return step({ ...state, size: action.size }, { kind: 'redraw' })
    case 'capabilities':
      return step({ ...state, capabilities: action.capabilities })
    case 'laid-out':
      return loadNear({ ...state, panes: action.panes })
    case 'tick':
      return tick(
        withoutOldTypists(withoutEndedMutes(withoutOldToasts({ ...state, nowMs: action.nowMs }))),
      )
    case 'events':
      return events({ ...state, nowMs: action.nowMs }, action.events, surface)
    case 'conversations':
      return step(withConversations(state, action))
    case 'list': {
      const { wanted } = state
      const listed = withList(state, action)
      if (wanted === undefined) return listed
      return then(listed, (now) => openConversationById({ ...now, wanted: undefined }, wanted))
    }
    case 'page':
      return page(state, action, surface)
    case 'lines':
      return lines(state, action)
    case 'no-page':
      return noPage(state, action, surface)
    case 'draft':
      return step(withDraft(state, action))
    case 'sent':
      return draftKept(state, action.conversation)
    case 'not-sent':
      return notSent(state, action, surface)
    case 'answer':
      return answered(state, action.answer, surface)
    case 'refused':
      return refused(state, action.refusal, surface)
    case 'failed':
      return step(toast(state, tell(action.error, surface), 'bad'))
    case 'connected':
      return step({ ...state, link: { ...state.link, state: 'online', retryMs: undefined } })
    case 'done':
      return step(toast(state, action.text, 'good'))
    case 'not-edited':
      return notEdited(state, action, surface)
    case 'edited':
      return fromEditor(state, action, surface)
    case 'found':
    case 'not-found':
      return step(withHits(state, action, surface))
    case 'settings':
      return takeSettings(state, action.saved, surface)
    case 'themes':
      return step({ ...state, themes: { ...state.themes, names: action.names } })
    case 'folder':
      return step(withEntries(state, action))
    case 'exported':
      return step(
        toast(state, surface.words.exported(action.messages, safeLine(action.path)), 'good'),
      )
    case 'theme':
      return step(withTheme(state, action, surface))
    case 'locked':
    case 'unlocked':
    case 'not-unlocked':
    case 'came':
      return step(state) // Told to a screen that is locked.
  }
}

function tick(state: UiState): Step {
  return isIdle(state) ? locked(state) : step(state)
}

function input(state: UiState, event: InputEvent, surface: Surface): Step {
  if (isTooSmall(state)) return unseenInput(state, event, surface)
  switch (event.kind) {
    case 'text':
      return text(state, event.text, surface)
    case 'paste':
      return editing(composing(state), (composer) =>
        event.truncated
          ? { ...composer, last: { kind: 'refused', bytesOver: event.bytes - room(composer) } }
          : paste(composer, event.text),
      )
    case 'key':
      return key(state, chordOf(event), event.key, surface)
    case 'mouse':
      return mouse(state, event, surface)
    case 'focus':
      return step({ ...state, isWatched: event.focused })
    case 'reply':
    case 'unknown':
      return step(state)
  }
}

/** Nobody sees what a key would do: one can leave, or stop, and nothing else. */
function unseenInput(state: UiState, event: InputEvent, surface: Surface): Step {
  if (event.kind === 'focus') return step({ ...state, isWatched: event.focused })
  if (event.kind !== 'key') return step(state)
  const chord = chordOf(event)
  const name = commandFor(bindingsOf(state.settings), state, chord)
  if (name === 'app.interrupt') return step(state, { kind: 'quit' })
  return name?.startsWith('app.') === true ? key(state, chord, event.key, surface) : step(state)
}

/**
 * Typed text is written where something is written; elsewhere each character is a key. One that is no
 * key of the timeline begins a text: whoever types looks at what was said, and means to answer.
 */
function text(state: UiState, characters: string, surface: Surface): Step {
  const all = Array.from(characters)
  let done = step(state)
  for (const [at, character] of all.entries()) {
    const rest = () => all.slice(at).join('')
    if (isWriting(done.state)) return then(done, (before) => written(before, rest(), surface))
    const chord = chordOfCharacter(character)
    const { focus, overlays, open, settings } = done.state
    const name = commandFor(bindingsOf(settings), done.state, chord)
    const isFree = name === undefined || isIdleSearch(name, done.state)
    if (isFree && focus === 'timeline' && overlays.length === 0 && open !== undefined)
      return then(done, (before) =>
        editing({ ...before, focus: 'composer' }, (composer) => typed(composer, rest())),
      )
    done = then(done, (before) => key(before, chord, character, surface))
  }
  return done
}

/** In a draft or a line; some overlays mean something else by it. */
function written(state: UiState, rest: string, surface: Surface): Step {
  const overlay = state.overlays.at(-1)
  const own = overlay && overlayPart(overlay).text?.(state, overlay, rest, surface)
  return own ?? editing(state, (composer) => typed(composer, rest))
}

/** `n` is a letter where nothing is looked for. */
function isIdleSearch(name: CommandName, state: UiState): boolean {
  const isNext = name === 'search.older' || name === 'search.newer'
  return isNext && openChat(state)?.search === undefined
}

function isWriting({ overlays, focus, open }: UiState): boolean {
  const overlay = overlays.at(-1)
  const isLine = focus === 'composer' || focus === 'search'
  return overlay === undefined ? isLine && open !== undefined : 'query' in overlay
}

function chordOfCharacter(character: string): string {
  const small = character.toLowerCase()
  if (character === ' ') return 'space'
  return small === character ? character : `shift+${small}`
}

function key(state: UiState, chord: string, pressed: string, surface: Surface): Step {
  const overlay = state.overlays.at(-1)
  const invocation = { surface, args: '', key: pressed }
  const own = overlay && overlayPart(overlay).key?.(state, overlay, chord, invocation)
  if (own !== undefined) return own
  const name = commandFor(bindingsOf(state.settings), state, chord)
  if (name === undefined) return step(state)
  const command = surface.commands[name]
  if (command.isEnabled?.(state) === false) return step(state)
  return command.run(state, invocation)
}

function composing(state: UiState): UiState {
  return state.overlays.length > 0 || state.open === undefined
    ? state
    : { ...state, focus: 'composer' }
}

function mouse(state: UiState, event: MouseEvent, surface: Surface): Step {
  const chat = openChat(state)
  if (chat === undefined || (event.action !== 'wheel-up' && event.action !== 'wheel-down'))
    return step(state)
  const { timeline, height } = laidOut(state, chat, surface)
  const rows = event.action === 'wheel-up' ? -WHEEL_ROWS : WHEEL_ROWS
  const place = scrollBy(timeline, chat.place, { height, rows })
  return loadNear(withChat(state, (before) => ({ ...before, place })))
}

/** Events say what changed; what is stored is asked for, as far as it is not what was asked for before. */
function events(state: UiState, happened: readonly EventObject[], surface: Surface): Step {
  let next = withTypists(state, happened)
  for (const event of happened) {
    if (event.type === 'connection.state') {
      const { state: link, retryAfterMs } = event
      const retryMs = retryAfterMs === undefined ? undefined : state.nowMs + retryAfterMs
      next = { ...next, link: { ...next.link, state: link, retryMs } }
    }
    if (event.type === 'message.status' && event.error !== undefined && !isCancelled(event.error))
      next = toast(
        next,
        surface.words.screen.people.failedTo(event.conversation.name, tell(event.error, surface)),
        'bad',
      )
  }
  next = withLossesTold(next, happened, surface.words)
  const alerts = [
    ...messageAlerts(next, happened, surface.words),
    ...reactionAlerts(next, happened, surface.words),
  ]
  const without = withDeletions(next, happened, surface)
  return then(
    then(step(next, ...alerts), () => without),
    (before) => askChanged(before, happened),
  )
}

/** It was taken back here, which is no news. */
function isCancelled({ code }: ErrorObject): boolean {
  return code === 'message/cancelled'
}

function withDraft(
  state: UiState,
  { conversation, draft }: Extract<Action, { readonly kind: 'draft' }>,
): UiState {
  const saved = parseDraft(draft)
  const chat = state.chats.get(conversation) ?? newChat()
  if (saved.kind !== 'draft' || draftComposer(chat).draft.text !== '') return state
  const changed = withDraftComposer(chat, (composer) => ({ ...composer, draft: saved.draft }))
  return { ...state, chats: new Map(state.chats).set(conversation, changed) }
}

/** How many bytes more may be written. */
function room(composer: Composer): number {
  return composer.bytesMax - bytesOf(composer)
}

/** What was too much was not written, all of it: that is told. */
function refusalTold(state: UiState, before: UiState, { words }: Surface): UiState {
  const composer = openChat(state)?.composer
  if (composer?.last.kind !== 'refused' || composer === openChat(before)?.composer) return state
  return toast(state, words.screen.tooLong(composer.last.bytesOver), 'bad')
}

/** In the place of what was taken to the editor; of a message that is not edited any more it is let go. */
function fromEditor(
  state: UiState,
  { text: written, message }: Extract<Action, { readonly kind: 'edited' }>,
  { words }: Surface,
): Step {
  if (openChat(state)?.editing?.message !== message)
    return step(toast(state, words.screen.message.editOver, 'bad'))
  return editDraft({ ...state, focus: 'composer' }, (composer) => replaced(composer, written))
}

function replaced(composer: Composer, text: string): Composer {
  return typed({ ...openComposer(), sent: composer.sent, kills: composer.kills }, text)
}
