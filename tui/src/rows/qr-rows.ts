import { QUIET_ZONE, qrLines, type QrModules } from '../text/qr-modules.js'
import type { Span } from './row.js'

/** Where there is no room for all of the light around a code, cameras still find it with half. */
const QUIET_ZONE_MIN = QUIET_ZONE / 2

export interface QrRoom {
  readonly columns: number
  readonly rows: number
}

/** A code as lines of the screen, with as much light around it as fits; undefined: it does not fit. */
export function qrSpans(modules: QrModules, room: QrRoom): readonly Span[] | undefined {
  for (const quiet of [QUIET_ZONE, QUIET_ZONE_MIN]) {
    const { columns, rows } = sizeOf(modules, quiet)
    if (columns <= room.columns && rows <= room.rows)
      return qrLines(modules, quiet).map((text) => ({ text, role: 'qr' }))
  }
  return undefined
}

/** What a code needs at least. */
export const qrSize = (modules: QrModules): QrRoom => sizeOf(modules, QUIET_ZONE_MIN)

function sizeOf({ length }: QrModules, quiet: number): QrRoom {
  return { columns: length + 2 * quiet, rows: Math.ceil((length + 2 * quiet) / 2) }
}
