import type { Draft } from './draft.js'

/** How many sent texts can be called back, and how long they may be together. */
export const SENT_MAX = 50
export const SENT_LENGTH_MAX = 256 * 1024

/** What was sent from this composer, to be sent again. It is never written down. */
export interface SentLog {
  /** The newest last. */
  readonly texts: readonly string[]
  /** Which of them is in the composer, and what stood there before it. */
  readonly recalled: { readonly index: number; readonly instead: Draft } | undefined
}

export const EMPTY_SENT_LOG: SentLog = { texts: [], recalled: undefined }

export function rememberSent({ texts }: SentLog, text: string): SentLog {
  const all = [...texts.filter((each) => each !== text), text]
  let length = 0
  const tooOld = all.findLastIndex((each, index) => {
    length += each.length
    return all.length - index > SENT_MAX || length > SENT_LENGTH_MAX
  })
  return { texts: all.slice(tooOld + 1), recalled: undefined }
}

/** What comes into the composer instead of `now`; undefined where there is nothing older or newer. */
export function recallSent(
  log: SentLog,
  direction: 'older' | 'newer',
  now: Draft,
): { readonly log: SentLog; readonly draft: Draft } | undefined {
  const { texts, recalled } = log
  const index = (recalled?.index ?? texts.length) + (direction === 'older' ? -1 : 1)
  const text = texts[index]
  const instead = recalled?.instead ?? now
  if (text !== undefined) {
    const draft: Draft = { text, chips: [], cursor: text.length, anchor: undefined }
    return { log: { texts, recalled: { index, instead } }, draft }
  }
  if (recalled === undefined || direction === 'older') return undefined
  return { log: { texts, recalled: undefined }, draft: instead }
}
