import type {
  AccountObject,
  ContactObject,
  ConversationDetailObject,
  HistoryObject,
  TimelineEventObject,
} from '@sotto/client-core'
import {
  eventId,
  conversationIdFromHash,
  messageIdFromBytes,
  NotFoundError,
  parseAccountId,
  type ConversationId,
  type MessageId,
} from '@sotto/protocol'

import { answering } from '@sotto/client-core/simulation'

import { readAgain, readLines, readPage } from '../../src/app/pages.js'
import type { Modifiers } from '../../src/input/events.js'
import type { Action } from '../../src/model/action.js'
import { COMMANDS } from '../../src/model/commands/table.js'
import type { Effect } from '../../src/model/effect.js'
import { frameOf } from '../../src/model/frame.js'
import type { PaneName, Panes } from '../../src/model/panes.js'
import { initialState } from '../../src/model/initial.js'
import { openConversationById } from '../../src/model/list.js'
import { openChat, type Chat, type UiState } from '../../src/model/state.js'
import { step, then, type Step } from '../../src/model/step.js'
import type { Surface } from '../../src/model/surface.js'
import { update } from '../../src/model/update.js'
import { RowCache } from '../../src/rows/cache.js'
import { makeLook } from '../../src/rows/look.js'
import { STANDARD } from '../../src/text/widths.js'
import { FrameView } from '../../src/view/frame-view.js'
import { noticeRows } from '../../src/view/panes/notice.js'
import { PANES } from '../../src/view/panes/table.js'
import { ENGLISH } from '../../src/words/en.js'
import { CONTACT, CONVERSATION_DETAIL, line as plainLine } from '../support/objects.js'
import { textOf } from '../support/looks.js'

/** The clock of a scene, 13:00 in London, unless ticks say otherwise. */
export const NOW_MS = Date.parse('2026-10-31T13:00:00Z')

/** What every event has. */
export const EVENT = {
  ...{ id: eventId(new Uint8Array(16), 1), seq: 1, ts: '2026-10-31T12:00:00Z' },
  account: 'alice.42',
}
/** When message 0 was sent; each later one a minute later. */
const FIRST_MS = Date.parse('2026-10-31T10:00:00Z')

const ACCOUNT: AccountObject = {
  ...{ id: parseAccountId('0199aaaa-bbbb-8ccc-9ddd-eeeeffff1111'), username: 'alice.42' },
  ...{ device: 1, relay: 'http://127.0.0.1:1' },
}

process.env['TZ'] = 'Europe/London'

/** Everything beside the state that the screen works with; the rows of the scene before are gone. */
const SURFACE: Surface = {
  ...{ words: ENGLISH, commands: COMMANDS, cache: new RowCache() },
  look: (columns) => makeLook({ columns, probed: STANDARD, words: ENGLISH }),
}
export const surface = (): Surface => SURFACE

export interface SceneOptions {
  readonly columns?: number
  readonly rows?: number
  readonly conversations?: readonly ConversationDetailObject[]
  readonly contacts?: readonly ContactObject[]
}

/** The screen with a list that has loaded, and nothing open: by default of two conversations. */
export function scene({
  columns = 100,
  rows = 24,
  conversations = [conversation(1), conversation(2)],
  contacts = [CONTACT],
}: SceneOptions = {}): UiState {
  SURFACE.cache.clear()
  const state = initialState({ account: ACCOUNT, size: { columns, rows }, nowMs: NOW_MS })
  return feed(laidOut(state), { kind: 'list', conversations, contacts, queued: 0 }).state
}

/** A scene with conversation 1 open, at its newest messages. */
export function chatScene(
  lines: readonly HistoryObject[],
  { isFull = false, ...options }: SceneOptions & { readonly isFull?: boolean } = {},
): UiState {
  const opened = opening(scene(options), conversationId(1)).state
  return feed(opened, page('newest', lines, { isFull })).state
}

export function opening(state: UiState, id: ConversationId): Step {
  return settled(openConversationById(state, id))
}

export function conversationId(number: number): ConversationId {
  return conversationIdFromHash(bytesOf(number))
}

export function messageId(number: number): MessageId {
  return messageIdFromBytes(bytesOf(number))
}

/** `@friend1.42`, known, nothing unread. */
export function conversation(
  number: number,
  changed: Partial<ConversationDetailObject> = {},
): ConversationDetailObject {
  return {
    ...CONVERSATION_DETAIL,
    ...{ id: conversationId(number), name: `@friend${String(number)}.42` },
    ...changed,
  }
}

export interface LineOptions {
  readonly conversation?: number
  readonly text?: string
  readonly own?: boolean
  readonly message?: Partial<HistoryObject['message']>
  readonly sender?: Partial<HistoryObject['sender']>
}

/** A message as the store gives it: `message 7` of the other, unless something else is said. */
export function line(number: number, options: LineOptions = {}): HistoryObject {
  const { text = `message ${String(number)}`, own = false } = options
  const plain = plainLine({ text, own })
  const { id, kind, name } = conversation(options.conversation ?? 1)
  const sentAt = new Date(FIRST_MS + number * 60_000).toISOString()
  return {
    conversation: { id, kind, name },
    sender: { ...plain.sender, ...options.sender },
    message: { ...plain.message, id: messageId(number), sentAt, ...options.message },
  }
}

/** Both included. */
export function lines(from: number, to: number, options: LineOptions = {}) {
  return Array.from({ length: to - from + 1 }, (_, at) => line(from + at, options))
}

type PageAction = Extract<Action, { readonly kind: 'page' }>

/** A page as the core gives it; `from`: what it was asked from. */
export function page(
  which: PageAction['which'],
  of: readonly HistoryObject[],
  {
    isFull = false,
    from,
    events = [],
  }: {
    readonly isFull?: boolean
    readonly from?: MessageId
    readonly events?: readonly TimelineEventObject[]
  } = {},
): PageAction {
  const isUp = which === 'newest' || which === 'older' || which === 'around'
  const isDown = which === 'newer' || which === 'around' || which === 'refresh'
  const start = isUp ? !isFull : undefined
  const end = which === 'newest' ? true : isDown ? !isFull : undefined
  const common = { kind: 'page', conversation: conversationId(1), which, from } as const
  return { ...common, lines: of, events, reaches: { start, end } }
}

/**
 * What is wanted of the store is asked of it, and what it answers is fed, until no more is wanted. It
 * holds the messages of conversation 1, in their order.
 */
export async function answered(
  done: Step,
  stored: readonly HistoryObject[],
  events: readonly TimelineEventObject[] = [],
): Promise<Step> {
  const client = storeOf(stored, events)
  let after = done
  for (;;) {
    const wanted = after.effects.filter(
      (effect) =>
        effect.kind === 'load-page' || effect.kind === 'refresh' || effect.kind === 'load-lines',
    )
    if (wanted.length === 0) return after
    const rest = after.effects.filter((effect) => !wanted.some((each) => each === effect))
    after = { state: after.state, effects: rest }
    for (const effect of wanted) {
      const { conversation: id } = effect
      const chat = chatOf(after.state)
      const read =
        effect.kind === 'load-page'
          ? await readPage(client, effect)
          : effect.kind === 'refresh'
            ? await readAgain(client, id, chat)
            : await readLines(client, { id, chat, messages: effect.messages })
      after = then(after, (state) => feed(state, read))
    }
  }
}

function storeOf(stored: readonly HistoryObject[], events: readonly TimelineEventObject[]) {
  const at = (id: string) => {
    const found = stored.findIndex(({ message }) => message.id === id)
    if (found < 0) throw new NotFoundError('message/unknown', 'there is no such message')
    return found
  }
  const idAt = (index: number) => stored[index]?.message.id ?? null
  return {
    call: answering({
      'conversation.lines': ({ messages, from, through }) => {
        const [first, last] = [
          from == null ? 0 : at(from),
          through == null ? stored.length : at(through),
        ]
        return stored.flatMap((line, index) =>
          messages.includes(line.message.id) && index >= first && index <= last
            ? [{ line, previous: idAt(index - 1), next: idAt(index + 1) }]
            : [],
        )
      },
      'conversation.events': ({ from, through }) => {
        const first = from === undefined ? -1 : at(from)
        const last = through === undefined ? stored.length : at(through)
        const indexOf = (after: string | null) => (after === null ? -1 : at(after))
        return events.filter(({ after }) => indexOf(after) >= first && indexOf(after) <= last)
      },
      'conversation.history': ({ limit = 50, before, after }) => {
        const from = after === undefined ? 0 : at(after) + 1
        const all = stored.slice(from, before === undefined ? stored.length : at(before))
        const isForward = after !== undefined && before === undefined
        return isForward ? all.slice(0, limit) : all.slice(-limit)
      },
    }),
  }
}

/** What happens one after the other, with all that is wanted done; laid out again as the screen does. */
export function feed(state: UiState, ...actions: readonly Action[]): Step {
  return actions.reduce<Step>(
    (done, action) => then(done, (before) => settled(update(before, action, SURFACE))),
    step(state),
  )
}

/** Keys, as in a key map: `ctrl+k`, `enter`; a character alone is typed. */
export function press(state: UiState, ...chords: readonly string[]): Step {
  return feed(state, ...chords.map(inputOf))
}

export function type(state: UiState, text: string): Step {
  return feed(state, { kind: 'input', event: { kind: 'text', text } })
}

export function paste(state: UiState, text: string, truncated = false): Step {
  const bytes = Buffer.byteLength(text)
  return feed(state, { kind: 'input', event: { kind: 'paste', text, bytes, truncated } })
}

/** The open conversation. */
export function chatOf(state: UiState): Chat {
  const chat = openChat(state)
  if (chat === undefined) throw new Error('no conversation is open')
  return chat
}

export const draftOf = (state: UiState): string => chatOf(state).composer.draft.text

/** What is wanted done of one kind. */
export function effectsOf<Kind extends Effect['kind']>(
  { effects }: Step,
  kind: Kind,
): readonly Extract<Effect, { readonly kind: Kind }>[] {
  return effects.filter(
    (effect): effect is Extract<Effect, { readonly kind: Kind }> => effect.kind === kind,
  )
}

/** The core's methods that were wanted called, with what they were told. */
export function callsOf(done: Step) {
  return effectsOf(done, 'call').map(({ call }) => call)
}

/** What a pane shows, without the blanks at the ends of its lines. */
export function paneLines(state: UiState, name: PaneName): readonly string[] {
  const rect = state.panes[name]
  if (rect === undefined) return []
  const look = SURFACE.look(rect.width)
  const { rows } = PANES[name](state, { look, height: rect.height, surface: SURFACE })
  return rows.map((row) => textOf(row).trimEnd())
}

export const paneText = (state: UiState, name: PaneName): string =>
  paneLines(state, name).join('\n')

function inputOf(chord: string): Action {
  const parts = chord.split('+')
  const key = parts.at(-1) ?? ''
  const modifiers = new Set(parts.slice(0, -1))
  if (Array.from(chord).length === 1) return { kind: 'input', event: { kind: 'text', text: chord } }
  const held: Modifiers = {
    ...{ ctrl: modifiers.has('ctrl'), alt: modifiers.has('alt'), shift: modifiers.has('shift') },
  }
  return { kind: 'input', event: { kind: 'key', key, ...held } }
}

function settled(done: Step): Step {
  return then(done, (state) => {
    const panes = panesOf(state)
    return isSame(panes, state.panes)
      ? step(state)
      : update(state, { kind: 'laid-out', panes }, SURFACE)
  })
}

function laidOut(state: UiState): UiState {
  return { ...state, panes: panesOf(state) }
}

const LAID_OUT = new Map<string, Panes>()

/** As the screen lays it out, by Ink; equal frames are asked for once. */
function panesOf(state: UiState): Panes {
  const frame = frameOf(state, SURFACE, (columns) => noticeRows(state, SURFACE, columns))
  const key = JSON.stringify(frame)
  let panes = LAID_OUT.get(key)
  if (panes === undefined) {
    let found: Panes = {}
    const view = new FrameView((laid) => (found = laid))
    view.show(frame)
    view.close()
    panes = found
    LAID_OUT.set(key, panes)
  }
  return panes
}

function isSame(a: Panes, b: Panes): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function bytesOf(number: number): Uint8Array {
  const bytes = new Uint8Array(16).fill(7)
  new DataView(bytes.buffer).setUint32(0, number)
  return bytes
}
