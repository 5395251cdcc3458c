import { bytesOf } from '../../composer/composer.js'
import { bindingsOf, contextOf } from '../../model/keymap.js'
import type { KeyContext } from '../../model/bindings.js'
import { overlayPart } from '../../model/overlays/table.js'
import { keyFor } from '../../model/own-keys.js'
import { openChat, type UiState } from '../../model/state.js'
import { twoSided } from '../../rows/plain-row.js'
import type { Span } from '../../rows/row.js'
import type { ScreenWords } from '../../words/screen-words.js'
import type { Pane } from './pane.js'
import { toastRow } from './toast.js'

/** A draft longer than this share of what fits says how long it is. */
const LENGTH_SHOWN_SHARE = 0.5

/** What the keys do here; where no notice is seen, what just happened. */
export const statusPane: Pane = (state, { look, surface }) => {
  const { screen } = surface.words
  const isNoticeSeen = state.panes.notice !== undefined && state.overlays.length === 0
  const toast = isNoticeSeen ? undefined : toastRow(state, look)
  if (toast !== undefined) return { rows: [toast] }
  const context = contextOf(state)
  const overlay = state.overlays.at(-1)
  const own = overlay && overlayPart(overlay).hint?.(overlay, surface.words)
  const hint = own ?? hintOf(state, context, screen)
  const composer = openChat(state)?.composer
  const bytes = composer === undefined ? 0 : bytesOf(composer)
  const max = composer?.bytesMax ?? 0
  const right: readonly Span[] =
    bytes > max * LENGTH_SHOWN_SHARE
      ? [{ text: `${String(bytes)}/${String(max)} `, role: bytes >= max ? 'bad' : 'dim' }]
      : []
  const room = look.columns - right.reduce((sum, { text }) => sum + text.length + 2, 1)
  return { rows: [twoSided([{ text: ` ${fitting(hint, room)}`, role: 'dim' }], right, look)] }
}

/** A command that has lost its key is not spoken of. */
function hintOf({ settings }: UiState, context: KeyContext, screen: ScreenWords): string {
  switch (context) {
    case 'anywhere':
      return ''
    case 'overlay':
    case 'completion':
    case 'search':
      return screen.hints[context]
    case 'composer':
    case 'list':
    case 'timeline': {
      const bindings = bindingsOf(settings)
      const hints = screen.keyHints[context].flatMap(({ names, does, between = ' ' }) => {
        const chords = names.flatMap((name) => keyFor(bindings, context, name) ?? [])
        if (chords.length < names.length) return []
        return [`${chords.map(screen.chord).join(between)} ${does}`]
      })
      return hints.join('  ')
    }
  }
}

/** Hints are left out whole, from the end; the last one, which leads to the others, stays. */
function fitting(hint: string, columns: number): string {
  const hints = hint.split('  ')
  const last = hints.pop() ?? ''
  while (hints.length > 0 && [...hints, last].join('  ').length > columns) hints.pop()
  return [...hints, last].join('  ')
}
