import type { Draft } from './draft.js'

/** How many steps can be taken back, and how long their texts may be together. */
export const UNDO_STEPS_MAX = 256
export const UNDO_LENGTH_MAX = 2 * 1024 * 1024

/** The drafts before and after this one, the nearest last. */
export interface UndoLog {
  readonly past: readonly Draft[]
  readonly future: readonly Draft[]
}

export const EMPTY_UNDO_LOG: UndoLog = { past: [], future: [] }

/** A step that can be taken back to `before`. What was taken back before it is gone. */
export function recordStep({ past }: UndoLog, before: Draft): UndoLog {
  return { past: newestWithinBounds([...past, before]), future: [] }
}

/** The same step goes on: there is still one way back, and no way forward. */
export function continueStep({ past }: UndoLog): UndoLog {
  return { past, future: [] }
}

/** The draft of a step before, and what leads back to `now`; undefined at the beginning. */
export function stepBack(log: UndoLog, now: Draft): readonly [Draft, UndoLog] | undefined {
  const draft = log.past.at(-1)
  if (draft === undefined) return undefined
  return [draft, { past: log.past.slice(0, -1), future: [...log.future, now] }]
}

export function stepForward(log: UndoLog, now: Draft): readonly [Draft, UndoLog] | undefined {
  const draft = log.future.at(-1)
  if (draft === undefined) return undefined
  return [draft, { past: [...log.past, now], future: log.future.slice(0, -1) }]
}

function newestWithinBounds(drafts: readonly Draft[]): readonly Draft[] {
  let length = 0
  const tooOld = drafts.findLastIndex((draft, index) => {
    length += draft.text.length
    return drafts.length - index > UNDO_STEPS_MAX || length > UNDO_LENGTH_MAX
  })
  return drafts.slice(tooOld + 1)
}
