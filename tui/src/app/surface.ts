import { COMMANDS } from '../model/commands/table.js'
import type { Surface } from '../model/surface.js'
import { RowCache } from '../rows/cache.js'
import { makeLook, type Look } from '../rows/look.js'
import type { Probed } from '../text/widths.js'
import type { Words } from '../words/words.js'

/** What the screen works with on a terminal that draws characters so wide. */
export function makeSurface(words: Words, probed: Probed): Surface {
  const looks = new Map<number, Look>()
  const cache = new RowCache()
  return {
    ...{ words, cache, commands: COMMANDS },
    look: (columns) => {
      const look = looks.get(columns) ?? makeLook({ columns, probed, words, kept: cache.others })
      looks.set(columns, look)
      return look
    },
  }
}
