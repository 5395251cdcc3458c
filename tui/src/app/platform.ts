import type { Action } from '../model/action.js'
import type { Effect } from '../model/effect.js'
import type { Terminal } from '../terminal/terminal.js'
import { safeLine } from '../text/safe-text.js'
import type { CoreEffect } from './core-link.js'
import { editText } from './editor.js'
import type { LockEffect } from './lock-keeper.js'

/** What is wanted of the machine, rather than of the core. */
export type PlatformEffect = Exclude<Effect, CoreEffect | LockEffect>

const BELL = '\u0007'
/** Longer clipboards are refused by terminals. */
const COPY_BYTES_MAX = 100_000

export interface PlatformListener {
  readonly dispatch: (action: Action) => void
  readonly redraw: () => void
  readonly quit: () => void
}

/** The bell, the clipboard, the editor, and the job control of the shell. */
export class Platform {
  readonly #terminal: Terminal
  readonly #listener: PlatformListener

  constructor(terminal: Terminal, listener: PlatformListener) {
    this.#terminal = terminal
    this.#listener = listener
  }

  run(effect: PlatformEffect): void {
    switch (effect.kind) {
      case 'bell':
        this.#terminal.write(BELL)
        return
      case 'notify':
        this.#terminal.write(notification(effect.title, effect.text))
        return
      case 'copy':
        this.#terminal.write(clipboard(effect.text))
        return
      case 'redraw':
        this.#listener.redraw()
        return
      case 'suspend':
        this.#suspend()
        return
      case 'edit-draft':
        this.#edit(effect.text)
        return
      case 'quit':
        this.#listener.quit()
        return
    }
  }

  /** Stops as the shell's Ctrl-Z does; nothing is written until we are told to go on. */
  #suspend(): void {
    this.#terminal.restore()
    process.once('SIGCONT', () => {
      this.#terminal.take()
      this.#listener.redraw()
    })
    process.kill(process.pid, 'SIGTSTP')
  }

  /** The core goes on while the editor has the terminal. */
  #edit(text: string): void {
    this.#terminal.restore()
    void editText(text).then((edited) => {
      this.#terminal.take()
      this.#listener.redraw()
      this.#listener.dispatch(
        edited.kind === 'edited'
          ? { kind: 'edited', text: edited.text }
          : { kind: 'failed', error: edited.error },
      )
    })
  }
}

/** OSC 9, which most terminals show; its end is a BEL, so that one that does not know it rings. */
function notification(title: string, text: string): string {
  const line = safeLine(`${title}: ${text}`).slice(0, 200)
  return `\u001b]9;${line}${BELL}`
}

/** OSC 52: the terminal's own clipboard, over SSH too. */
function clipboard(text: string): string {
  const bytes = Buffer.from(text)
  if (bytes.length > COPY_BYTES_MAX) return ''
  return `\u001b]52;c;${bytes.toString('base64')}\u001b\\`
}
