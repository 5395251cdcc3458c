import type { Colour, Reply } from '../input/events.js'
import type { Capabilities } from '../model/capabilities.js'
import { probeBytes, readProbe } from '../text/probe.js'

/**
 * What a terminal is asked when the screen takes it. What it cannot answer it leaves out, and some
 * draw a letter of it: the first frame goes over everything. Every terminal answers the last
 * question (DA1), so that it ends the interview.
 */
export const QUESTIONS = [
  '\u001b[?25l',
  '\u001b]11;?\u001b\\', // The colour behind its texts.
  '\u001b[?2026$p', // Whether a change can be shown at once.
  '\u001b[?2004$p', // Whether it marks what is pasted.
  '\u001b[>0q', // Its name.
  '\u001b[2;1H', // In the first row an answer would look like Shift+F3.
  probeBytes(),
  '\u001b[c',
].join('')

/** What has not been answered until then is not waited for. */
export const INTERVIEW_MS_MAX = 1_000

/** Gathers a terminal's answers, which come among the keys. */
export class Interview {
  readonly #columns: number[] = []
  #background: Capabilities['background']
  #isSynchronized = false
  #marksPastes = false
  #version: string | undefined

  /** Whether this was the last answer. */
  take(reply: Reply): boolean {
    switch (reply.to) {
      case 'colour':
        if (reply.of === 'background') this.#background = isLight(reply.colour) ? 'light' : 'dark'
        return false
      case 'mode':
        if (reply.mode === 2026) this.#isSynchronized = canBe(reply)
        if (reply.mode === 2004) this.#marksPastes = canBe(reply)
        return false
      case 'version':
        this.#version = reply.version
        return false
      case 'cursor-position':
        this.#columns.push(reply.column)
        return false
      case 'device-attributes':
        return true
      case 'keyboard':
      case 'clipboard':
        return false
    }
  }

  /** As much of it as was answered. */
  get capabilities(): Capabilities {
    return {
      ...{ background: this.#background, isSynchronized: this.#isSynchronized },
      marksPastes: this.#marksPastes,
      ...{ probed: readProbe(this.#columns), version: this.#version },
    }
  }
}

function canBe({ state }: Extract<Reply, { readonly to: 'mode' }>): boolean {
  return state === 'on' || state === 'off'
}

/** By what an eye makes of it (ITU-R BT.601), of 255. */
function isLight({ red, green, blue }: Colour): boolean {
  return 0.299 * red + 0.587 * green + 0.114 * blue > 127.5
}
