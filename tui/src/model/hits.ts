import type { Effect } from './effect.js'
import type { Overlay } from './overlay.js'

/** Among other things, less is found in too much. */
const PALETTE_CHARACTERS_MIN = 3

/** What an overlay wants looked for, now that this is typed in it. */
export function searchOf({ kind }: Overlay, typed: string): readonly Effect[] {
  const query = typed.trim()
  const isEnough =
    kind === 'everywhere'
      ? query !== ''
      : kind === 'palette' && query.length >= PALETTE_CHARACTERS_MIN
  return isEnough ? [{ kind: 'search', query }] : []
}
