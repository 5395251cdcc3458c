import type { EmojiClass } from './graphemes.js'
import type { Probed } from './widths.js'

/** Several of a class where terminals were seen to treat some of it otherwise. */
const SAMPLES: readonly { readonly emoji: EmojiClass; readonly sample: string }[] = [
  { emoji: 'vs16', sample: '⚠\ufe0f' },
  { emoji: 'vs16', sample: '❤\ufe0f' },
  { emoji: 'keycap', sample: '1\ufe0f\u20e3' },
  { emoji: 'skinTone', sample: '👍🏽' },
  { emoji: 'zwj', sample: '👩\u200d💻' },
  { emoji: 'zwj', sample: '👨\u200d👩\u200d👧' },
  { emoji: 'zwj', sample: '🏳\ufe0f\u200d🌈' },
  { emoji: 'flag', sample: '🇩🇪' },
]

const ASK_CURSOR = '\u001b[6n'
const ERASE_LINE = '\r\u001b[K'

/** How many reports of the cursor (`CSI row ; column R`) the terminal will send. */
export const PROBE_REPORTS = SAMPLES.length

/**
 * What to write at the start: each sample at the beginning of a line, then where the cursor is now.
 * It leaves the line empty and moves the cursor to its beginning.
 */
export function probeBytes(): string {
  return SAMPLES.map(({ sample }) => `\r${sample}${ASK_CURSOR}${ERASE_LINE}`).join('')
}

/**
 * The columns of the reports, counted from 1 as the terminal does, in their order. A terminal that
 * sent fewer did not answer for what is missing.
 */
export function readProbe(columns: readonly number[]): Probed {
  const widthOf = (emoji: EmojiClass) => {
    const widths = SAMPLES.flatMap((each, at) => (each.emoji === emoji ? [columns[at]] : []))
    const [first] = widths
    if (first === undefined || !widths.every((each) => each === first)) return undefined
    return first > 1 ? first - 1 : undefined
  }
  return {
    ...{ vs16: widthOf('vs16'), keycap: widthOf('keycap'), skinTone: widthOf('skinTone') },
    ...{ zwj: widthOf('zwj'), flag: widthOf('flag') },
  }
}
