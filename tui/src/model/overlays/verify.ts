import { fromBase64url } from '@sotto/protocol'
import type { ContactObject, MethodName, VerifyQrObject } from '@sotto/client-core'

import type { Look } from '../../rows/look.js'
import { blankRow, paragraph, plainRow } from '../../rows/plain-row.js'
import { qrSize, qrSpans } from '../../rows/qr-rows.js'
import type { Row, Span } from '../../rows/row.js'
import { qrModules } from '../../text/qr-modules.js'
import type { Words } from '../../words/words.js'
import { IDLE, WAITING } from '../answer.js'
import { ask } from '../effect.js'
import { withChanged, withOverlay, withoutOverlay } from '../editing.js'
import { openConversationById } from '../list.js'
import type { VerifyOverlay } from '../overlay.js'
import type { UiState } from '../state.js'
import { step, then, type Step } from '../step.js'
import type { Surface } from '../surface.js'
import { toast } from '../toasts.js'
import { askedRows } from './asked.js'
import { OUTSIDE_ROWS } from './invites.js'
import type { OverlayPart } from './part.js'

const GROUPS_A_ROW = 5
/** Between the number and the code beside it. */
const GAP_COLUMNS = 3
/** Of five groups of five digits, indented. */
const NUMBER_COLUMNS = 1 + GROUPS_A_ROW * 6

/** The number shared with somebody, to be compared with what they read on their screen. */
export function verifying(state: UiState, { id, conversation }: ContactObject): Step {
  const { name } = conversation
  return step(
    withOverlay(state, {
      ...{ kind: 'verify', contact: id, name, shown: undefined, modules: undefined },
      ...{ differs: false, asked: WAITING },
    }),
    ask('verify.qr', { to: `acct:${id}` }),
  )
}

export const verifyPart: OverlayPart<VerifyOverlay> = {
  isText: true,
  move: (state) => step(state),
  choose: (state) => step(state),
  key: (state, overlay, chord, { surface }) => {
    const { shown, asked } = overlay
    if (shown === undefined || asked.state === 'waiting') return undefined
    const to = `acct:${overlay.contact}`
    const waiting = withChanged(state, overlay, { ...overlay, differs: false, asked: WAITING })
    switch (chord) {
      case 'm':
        return step(waiting, ask('verify.confirm', { to, number: shown.safetyNumber }))
      case 'd': {
        const differing: VerifyOverlay = { ...overlay, differs: true, asked: IDLE }
        const told = withChanged(state, overlay, differing)
        // What was verified and is not equal any more was verified wrongly.
        return shown.verified && shown.changed !== true
          ? step(told, ask('verify.reset', { to }))
          : step(told)
      }
      case 'c': {
        const { numberCopied } = surface.words.screen.people
        const text = groupsOf(shown).join(' ')
        return step(toast(state, numberCopied, 'good'), { kind: 'copy', text })
      }
      default:
        return undefined
    }
  },
  answer: (state, overlay, answer, { words }) => {
    const to = `acct:${overlay.contact}`
    if (!isOfNumber(answer) || answer.params.to !== to) return undefined
    if (answer.method === 'verify.reset') {
      const shown = overlay.shown && { ...overlay.shown, verified: false }
      return step(withChanged(state, overlay, { ...overlay, shown }), { kind: 'load-list' })
    }
    if (answer.method === 'verify.confirm') {
      const { conversation } = answer.result
      const said = words.screen.people.verify.done(conversation.name)
      const closed = toast(withoutOverlay(state, overlay), said, 'good')
      return then(step(closed, { kind: 'load-list' }), (before) =>
        openConversationById(before, conversation.id),
      )
    }
    const modules = qrModules(fromBase64url(answer.result.qr) ?? '')
    const there: VerifyOverlay = { ...overlay, shown: answer.result, modules, asked: IDLE }
    return step(withChanged(state, overlay, there))
  },
  refused: (state, overlay, { call, error }) =>
    isOfNumber(call) && call.params.to === `acct:${overlay.contact}`
      ? step(withChanged(state, overlay, { ...overlay, asked: { state: 'refused', error } }))
      : undefined,
  hint: (_overlay, { screen }) => screen.people.verify.hint,
  view: (_state, overlay, { look, height, surface }) => {
    const { verify } = surface.words.screen.people
    const { name, shown } = overlay
    const told = (within: Look): readonly Row[] => toldRows(overlay, within, surface)
    const title = verify.title(name)
    if (shown === undefined) return { title, rows: told(look) }
    return { title, rows: shownRows({ ...overlay, shown }, told, { look, height }, surface.words) }
  },
}

type NumberMethod = 'verify.qr' | 'verify.confirm' | 'verify.reset'

/** What this overlay asks; of whom, the parameters say. */
function isOfNumber<Asked extends { readonly method: MethodName }>(
  asked: Asked,
): asked is Extract<Asked, { readonly method: NumberMethod }> {
  const methods: readonly MethodName[] = ['verify.qr', 'verify.confirm', 'verify.reset']
  return methods.includes(asked.method)
}

function groupsOf({ safetyNumber }: VerifyQrObject): readonly string[] {
  return safetyNumber.match(/\d{5}/g) ?? []
}

function numberLines(shown: VerifyQrObject): readonly Span[] {
  const groups = groupsOf(shown)
  return Array.from({ length: Math.ceil(groups.length / GROUPS_A_ROW) }, (_, at) => ({
    text: ` ${groups.slice(at * GROUPS_A_ROW, (at + 1) * GROUPS_A_ROW).join(' ')}`,
    role: 'heading',
  }))
}

/** How it stands: that the keys are fetched, what was refused, or what it means that they differ. */
function toldRows(
  { asked, differs, shown, name }: VerifyOverlay,
  look: Look,
  surface: Surface,
): readonly Row[] {
  const { verify } = surface.words.screen.people
  if (asked.state !== 'idle') return askedRows(asked, look, surface, verify.waiting)
  if (differs)
    return [blankRow(look), ...verify.differs(name).flatMap((text) => paragraph(text, 'bad', look))]
  return shown?.verified === true ? paragraph(verify.already, 'good', look) : []
}

/** The number, what to do with it, and the code: beside them where there is room, else below. */
function shownRows(
  { shown, modules, name }: VerifyOverlay & { readonly shown: VerifyQrObject },
  told: (within: Look) => readonly Row[],
  { look, height }: { readonly look: Look; readonly height: number },
  { screen }: Words,
): readonly Row[] {
  const { verify, qrNeeds } = screen.people
  const help = [...(shown.changed === true ? [verify.changed(name)] : []), ...verify.help(name)]
  const number = numberLines(shown)
  const textRows = (within: Look): readonly Row[] => [
    ...number.map((span) => plainRow([span], within)),
    ...told(within),
    blankRow(within),
    ...help.flatMap((text) => paragraph(text, 'text', within)),
  ]
  if (modules === undefined) return textRows(look)
  const size = qrSize(modules)
  const besideColumns = look.columns - NUMBER_COLUMNS - GAP_COLUMNS
  const beside = qrSpans(modules, { columns: besideColumns, rows: height })
  if (beside !== undefined) return sideBySide(textRows, beside, look)
  const above = textRows(look)
  const below = qrSpans(modules, { columns: look.columns, rows: height - above.length - 1 })
  if (below !== undefined) return [...above, ...below.map((span) => plainRow([span], look))]
  const needs = {
    columns: size.columns + NUMBER_COLUMNS + GAP_COLUMNS,
    rows: size.rows + OUTSIDE_ROWS,
  }
  return [...above, blankRow(look), ...paragraph(qrNeeds(needs), 'dim', look)]
}

function sideBySide(
  textRows: (within: Look) => readonly Row[],
  code: readonly Span[],
  look: Look,
): readonly Row[] {
  const codeColumns = code[0]?.text.length ?? 0
  const room = { ...look, columns: look.columns - codeColumns - GAP_COLUMNS }
  const left = textRows(room)
  return Array.from({ length: Math.max(left.length, code.length) }, (_, at) => {
    const row = left[at] ?? blankRow(room)
    const beside = code[at]
    if (beside === undefined) return row
    const blank: Span = { text: ' '.repeat(room.columns - row.width + GAP_COLUMNS), role: 'text' }
    return plainRow([...row.spans, blank, beside], look)
  })
}
