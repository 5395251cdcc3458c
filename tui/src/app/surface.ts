import { COMMANDS } from '../model/commands/table.js'
import type { Surface } from '../model/surface.js'
import { RowCache } from '../rows/cache.js'
import { makeLook, type Look } from '../rows/look.js'
import type { Probed } from '../text/widths.js'
import type { Words } from '../words/words.js'

/** What the screen works with on a terminal that draws characters so wide. */
export function makeSurface(words: Words, probed: Probed): Surface {
  const looks = new Map<number, Look>()
  return {
    words,
    ...{ commands: COMMANDS, cache: new RowCache() },
    look: (columns) => {
      const look = looks.get(columns) ?? makeLook({ columns, probed, words })
      looks.set(columns, look)
      return look
    },
  }
}
