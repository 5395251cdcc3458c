import type { SearchObject } from '@sotto/client-core'

import { paragraph, plainRow } from '../../rows/plain-row.js'
import type { Look } from '../../rows/look.js'
import type { Span } from '../../rows/row.js'
import { excerptOf } from '../../text/found.js'
import { senderName } from '../../text/messages.js'
import { shortAccount } from '../../text/short-account.js'
import type { Words } from '../../words/words.js'
import { withChanged, withoutOverlay } from '../editing.js'
import { goToHit } from '../everywhere.js'
import type { EverywhereOverlay } from '../overlay.js'
import { step } from '../step.js'
import { choicesView, movedIndex, type Choice } from './choices.js'
import type { OverlayPart } from './part.js'

/** What a line may have of a text beside who said it where. */
const TEXT_COLUMNS_MIN = 20

/** One line to type in, and below it what was found in all conversations. */
export const everywherePart: OverlayPart<EverywhereOverlay> = {
  move: (state, overlay, by) => {
    const count = overlay.hits.state === 'found' ? overlay.hits.all.length : 0
    return step(
      withChanged(state, overlay, { ...overlay, index: movedIndex(overlay.index, by, count) }),
    )
  },
  choose: (state, overlay, { surface }) => {
    const hit = overlay.hits.state === 'found' ? overlay.hits.all[overlay.index] : undefined
    return hit === undefined ? step(state) : goToHit(withoutOverlay(state, overlay), hit, surface)
  },
  view: ({ nowMs }, { query, index, hits }, { look, height, surface }) => {
    const { words } = surface
    const { everywhere, nothingFound } = words.screen
    const choices =
      hits.state === 'found' ? hits.all.map((hit) => hitChoice(hit, { look, words, nowMs })) : []
    const empty = hits.state === 'found' ? nothingFound : everywhere.help
    const view = choicesView({
      ...{ title: everywhere.title, query, index, choices, empty, look, height },
    })
    if (hits.state !== 'refused') return view
    const [line = plainRow([], look)] = view.rows
    return { ...view, rows: [line, ...paragraph(hits.text, 'bad', look, 2)] }
  },
}

/** When, where, who, and what of it was looked for. */
export function hitChoice(
  hit: SearchObject,
  { look, words, nowMs }: { readonly look: Look; readonly words: Words; readonly nowMs: number },
): Choice {
  const { conversation, sender, message } = hit
  const atMs = Date.parse(message.sentAt)
  const time = `${words.shortDay(atMs, nowMs)} ${words.time(atMs)}`
  const author = sender.self ? words.you : shortAccount(senderName(sender, conversation))
  const where = conversation.kind === 'self' ? words.screen.notes : conversation.name
  const place: readonly Span[] =
    author === where ? [] : [{ text: `${where}  `, role: 'dim' as const }]
  const taken = [time, where, author].join('    ').length
  const { before, match, after } = excerptOf(hit, Math.max(TEXT_COLUMNS_MIN, look.columns - taken))
  return {
    left: [
      ...[{ text: `${time}  `, role: 'time' as const }, ...place],
      { text: `${author}: `, role: 'name' },
      ...[
        { text: before, role: 'text' as const },
        { text: match, role: 'match' as const },
      ],
      { text: after, role: 'text' },
    ],
  }
}
