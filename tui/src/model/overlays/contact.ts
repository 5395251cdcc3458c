import type {
  ContactDetailObject,
  ConversationDetailObject,
  ContactObject,
  MethodName,
} from '@sotto/client-core'

import { blankRow, twoSided } from '../../rows/plain-row.js'
import type { Row } from '../../rows/row.js'
import type { Look } from '../../rows/look.js'
import { IDLE, WAITING } from '../answer.js'
import type { CommandName } from '../command-name.js'
import type { Invocation, Surface } from '../surface.js'
import { ask } from '../effect.js'
import { withChanged, withOverlay, withoutOverlay } from '../editing.js'
import type { InfoOverlay } from '../overlay.js'
import type { UiState } from '../state.js'
import { step, type Step } from '../step.js'
import { askedRows } from './asked.js'
import { movedIndex } from './choices.js'
import { lineRows } from './lines.js'
import type { OverlayPart } from './part.js'

/** What can be done with somebody, each by a letter. The commands are about the same conversation. */
const ACTIONS: readonly (readonly [chord: string, name: CommandName & keyof Labels])[] = [
  ['a', 'contact.accept'],
  ['v', 'contact.verify'],
  ['t', 'contact.trust'],
  ['n', 'contact.rename'],
  ['m', 'conversation.alerts'],
  ['b', 'contact.block'],
  ['u', 'contact.unblock'],
  ['x', 'contact.remove'],
]
/** After these they are asked for anew. */
const CHANGES: readonly MethodName[] = [
  ...(['contact.accept', 'contact.block', 'contact.unblock', 'contact.rename'] as const),
  'verify.reset',
]
/** After these it may be another account that one talks to, or nobody. */
const ENDS: readonly MethodName[] = ['contact.remove', 'contact.trust', 'verify.confirm']

type Labels = Surface['words']['screen']['commands']

export function showInfo(state: UiState, { id }: ContactObject): Step {
  return step(
    withOverlay(state, {
      ...{ kind: 'info', contact: id, detail: undefined, index: 0, asked: WAITING },
    }),
    ask('contact.show', { to: `acct:${id}` }),
  )
}

function actionsOf(state: UiState, { commands }: Surface) {
  return ACTIONS.filter(([, name]) => commands[name].isEnabled?.(state) !== false)
}

function run(state: UiState, name: CommandName | undefined, invocation: Invocation): Step {
  if (name === undefined) return step(state)
  return invocation.surface.commands[name].run(state, { ...invocation, args: '' })
}

export const infoPart: OverlayPart<InfoOverlay> = {
  move: (state, overlay, by, surface) => {
    const count = actionsOf(state, surface).length
    const index = movedIndex(overlay.index, by, count)
    return step(withChanged(state, overlay, { ...overlay, index }))
  },
  choose: (state, { index }, invocation) =>
    run(state, actionsOf(state, invocation.surface)[index]?.[1], invocation),
  key: (state, _overlay, chord, invocation) => {
    const action = actionsOf(state, invocation.surface).find(([own]) => own === chord)
    return action === undefined ? undefined : run(state, action[1], invocation)
  },
  answer: (state, overlay, answer) => {
    const to = { to: `acct:${overlay.contact}` }
    if (ENDS.includes(answer.method)) return step(withoutOverlay(state, overlay))
    if (CHANGES.includes(answer.method)) return step(state, ask('contact.show', to))
    if (answer.method !== 'contact.show' || answer.params.to !== to.to) return undefined
    return step(withChanged(state, overlay, { ...overlay, detail: answer.result, asked: IDLE }))
  },
  refused: (state, overlay, { call, error }) =>
    call.method === 'contact.show'
      ? step(withChanged(state, overlay, { ...overlay, asked: { state: 'refused', error } }))
      : undefined,
  view: (state, { detail, index, asked }, { look, surface }) => {
    const { screen } = surface.words
    const actions = actionsOf(state, surface).map(([chord, name]) => ({
      ...{ left: screen.commands[name], right: chord },
    }))
    const facts = detail === undefined ? [] : factRows(state, detail, look, surface)
    const above = [...facts, ...askedRows(asked, look, surface), blankRow(look)]
    const rows = [...above, ...lineRows(actions, index, look)]
    return { title: screen.people.infoTitle, rows, chosen: above.length + index }
  },
}

function factRows(
  state: UiState,
  detail: ContactDetailObject,
  look: Look,
  { words }: Surface,
): readonly Row[] {
  const { info } = words.screen.people
  const { handle, claimedHandle, alias, name, status, trust, blocked, successor } = detail
  const conversation = state.conversations.find(({ id }) => id === detail.conversation.id)
  const { sent, received, held } = detail.messages
  const said = handle ?? (claimedHandle === undefined ? undefined : info.unchecked(claimedHandle))
  const facts: readonly (readonly [string, string | null | undefined])[] = [
    [info.username, said],
    [info.alias, alias],
    [info.name, name],
    [info.status, status],
    [info.trust, successor === undefined ? words.trust[trust] : words.safetyNumberChanged],
    [info.blocked, blocked ? info.yes : undefined],
    [info.muted, conversation?.muted === true ? mutedTo(conversation, words) : undefined],
    [info.told, ruleTold(conversation, words)],
    [info.since, words.moment(Date.parse(detail.since))],
    [info.messages, info.counts({ sent, received, held })],
    [info.account, detail.id],
  ]
  return facts.flatMap(([label, value]) => {
    if (value === null || value === undefined || value === '') return []
    return [
      twoSided(
        [
          { text: ` ${label.padEnd(LABEL_COLUMNS)}`, role: 'dim' },
          { text: value, role: 'text' },
        ],
        [],
        look,
      ),
    ]
  })
}

/** Nothing where it is every message. */
function ruleTold(
  conversation: ConversationDetailObject | undefined,
  { screen }: Surface['words'],
): string | undefined {
  if (conversation === undefined || conversation.notify === 'all') return undefined
  return screen.people.mute.alerts.rules[conversation.notify]
}

const LABEL_COLUMNS = 12

function mutedTo(
  { mutedUntil }: { readonly mutedUntil: string | null },
  { screen, moment }: Surface['words'],
): string {
  const { info } = screen.people
  return mutedUntil === null ? info.yes : info.until(moment(Date.parse(mutedUntil)))
}
