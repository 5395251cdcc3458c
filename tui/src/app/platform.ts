import { asSottoError } from '@sotto/protocol'

import type { Action } from '../model/action.js'
import { reference, type Effect } from '../model/effect.js'
import type { NotifyBy } from '../model/settings.js'
import type { Terminal } from '../terminal/terminal.js'
import type { CoreEffect } from './core-link.js'
import { editText } from './editor.js'
import type { Files } from './files.js'
import type { JobControl } from './job-control.js'
import type { LockEffect } from './lock-keeper.js'
import { Notifier } from './notifier.js'
import type { ThemeFolder } from './themes.js'

/** What is wanted of the machine, rather than of the core. */
export type PlatformEffect = Exclude<Effect, CoreEffect | LockEffect>

const BELL = '\u0007'
/** Longer clipboards are refused by terminals. */
const COPY_BYTES_MAX = 100_000

export interface PlatformListener {
  /** What the terminal says that it is. */
  readonly version: () => string | undefined
  readonly themes: ThemeFolder
  /** Left out: there are none. */
  readonly files: Files | undefined
  readonly notifyBy: () => NotifyBy
  readonly dispatch: (action: Action) => void
  readonly redraw: () => void
  readonly quit: () => void
}

/** The bell, notifications, the clipboard, the editor. */
export class Platform {
  readonly #terminal: Terminal
  readonly #jobs: JobControl
  readonly #listener: PlatformListener
  readonly #notifier: Notifier

  constructor(terminal: Terminal, jobs: JobControl, listener: PlatformListener) {
    this.#terminal = terminal
    this.#jobs = jobs
    this.#notifier = new Notifier({
      ...{ env: process.env, version: listener.version, by: listener.notifyBy },
      write: (bytes) => terminal.write(bytes),
    })
    this.#listener = listener
  }

  run(effect: PlatformEffect): void {
    switch (effect.kind) {
      case 'bell':
        this.#terminal.write(BELL)
        return
      case 'notify':
        void this.#notifier.notify(effect)
        return
      case 'list-themes':
        void this.#listener.themes
          .names()
          .then((names) => this.#listener.dispatch({ kind: 'themes', names }))
        return
      case 'load-theme': {
        const { name } = effect
        void this.#listener.themes
          .read(name)
          .then((file) => this.#listener.dispatch({ kind: 'theme', name, file }))
        return
      }
      case 'list-folder':
        void this.#list(effect.path)
        return
      case 'export':
        void this.#export(effect)
        return
      case 'copy':
        this.#terminal.write(clipboard(effect.text))
        return
      case 'redraw':
        this.#listener.redraw()
        return
      case 'suspend':
        this.#jobs.suspend()
        return
      case 'edit-draft':
        this.#edit(effect)
        return
      case 'quit':
        this.#listener.quit()
        return
    }
  }

  async #list(path: string): Promise<void> {
    const entries = (await this.#listener.files?.list(path)) ?? []
    this.#listener.dispatch({ kind: 'folder', path, entries })
  }

  async #export(wanted: Extract<Effect, { readonly kind: 'export' }>): Promise<void> {
    const { files, dispatch } = this.#listener
    try {
      const exported = await files?.exportTo(reference(wanted.conversation), wanted.path)
      if (exported === undefined) return
      dispatch({ kind: 'exported', messages: exported.messages, path: wanted.path })
    } catch (thrown) {
      dispatch({ kind: 'failed', error: asSottoError(thrown) })
    }
  }

  /** The core goes on while the editor has the terminal. */
  #edit({ text, message }: Extract<Effect, { readonly kind: 'edit-draft' }>): void {
    void this.#jobs
      .lend((signal) => editText(text, signal))
      .then((edited) => {
        this.#listener.dispatch(
          edited.kind === 'edited'
            ? { kind: 'edited', text: edited.text, message }
            : { kind: 'failed', error: edited.error },
        )
      })
  }
}

/** OSC 52: the terminal's own clipboard, over SSH too. */
function clipboard(text: string): string {
  const bytes = Buffer.from(text)
  if (bytes.length > COPY_BYTES_MAX) return ''
  return `\u001b]52;c;${bytes.toString('base64')}\u001b\\`
}
