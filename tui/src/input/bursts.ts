import type { InputEvent, PasteEvent } from './events.js'

/** What comes so soon after a block belongs to it: a large one is read in pieces. */
const GOES_ON_MS = 50

/**
 * Not every terminal marks what is pasted, and without marks each of its lines would be sent. Nobody
 * types a text behind Enter within one read: such a run of text and line ends is a paste like any other.
 */
export class Bursts {
  #pastedMs = Number.NEGATIVE_INFINITY

  /** The events of one read, with a paste in the place of each run that can be nothing else. */
  read(events: readonly InputEvent[], nowMs: number): readonly InputEvent[] {
    const isGoingOn = nowMs - this.#pastedMs < GOES_ON_MS
    return runsOf(events).flatMap((run) => {
      const isOne = run.every(isPasted) && (isGoingOn || isBlock(run))
      if (!isOne) return run
      this.#pastedMs = nowMs
      return [pasteOf(run)]
    })
  }
}

/** Whether a text stands behind a line end. */
function isBlock(run: readonly InputEvent[]): boolean {
  const end = run.findIndex((event) => event.kind === 'key' && event.key === 'enter')
  return end !== -1 && run.slice(end).some(({ kind }) => kind === 'text')
}

/** What a paste can hold stands together; everything else by itself. */
function runsOf(events: readonly InputEvent[]): readonly (readonly InputEvent[])[] {
  const runs: InputEvent[][] = []
  let isOpen = false
  for (const event of events) {
    if (isPasted(event) && isOpen) runs.at(-1)?.push(event)
    else runs.push([event])
    isOpen = isPasted(event)
  }
  return runs
}

function isPasted(event: InputEvent): boolean {
  return textOf(event) !== undefined
}

/** Undefined for what no paste holds. */
function textOf(event: InputEvent): string | undefined {
  if (event.kind === 'text') return event.text
  if (event.kind !== 'key' || event.ctrl || event.alt || event.shift) return undefined
  return event.key === 'enter' ? '\n' : event.key === 'tab' ? '\t' : undefined
}

function pasteOf(run: readonly InputEvent[]): PasteEvent {
  const text = run.map(textOf).join('')
  return { kind: 'paste', text, bytes: Buffer.byteLength(text), truncated: false }
}
