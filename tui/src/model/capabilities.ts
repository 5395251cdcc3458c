import { UNPROBED, type Probed } from '../text/widths.js'

/** What the terminal has said of itself. */
export interface Capabilities {
  /** By the colour behind its texts; undefined: it did not say. */
  readonly background: 'dark' | 'light' | undefined
  /** It shows a change at once where it is told where that begins and ends (mode 2026). */
  readonly isSynchronized: boolean
  /** It says where a paste begins and ends (mode 2004). */
  readonly marksPastes: boolean
  /** How wide it draws what terminals disagree about. */
  readonly probed: Probed
  /** Its name and version as it writes them (XTVERSION): somebody else's text. */
  readonly version: string | undefined
}

/** A terminal that has not answered, or never will: what every one can do. */
export const UNANSWERED: Capabilities = {
  ...{ background: undefined, isSynchronized: false, marksPastes: false },
  ...{ probed: UNPROBED, version: undefined },
}
