import { execFile } from 'node:child_process'

import {
  notificationBytes,
  notificationWay,
  throughTmux,
  type Notification,
} from '../terminal/notification.js'

export interface NotifierOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  /** What the terminal says that it is, as soon as it has. */
  readonly version: () => string | undefined
  readonly write: (bytes: string) => void
}

const TMUX_MS_MAX = 1_000
/** Whether it lets anything through, and which terminal is around it. */
const ASK_TMUX = [
  'display-message',
  '-p',
  '#{allow-passthrough}\n#{client_termtype}\n#{client_termname}',
]

/** Tells the person through their terminal, in the way of that terminal; tmux is asked each time. */
export class Notifier {
  readonly #options: NotifierOptions
  #isAsking = false
  /** Of those that come while tmux is asked, only the last is shown. */
  #waiting: Notification | undefined

  constructor(options: NotifierOptions) {
    this.#options = options
  }

  notify(notification: Notification): void {
    const { env, version, write } = this.#options
    if (env['TMUX'] === undefined || env['TMUX'] === '') {
      const names = [version(), env['TERM_PROGRAM'], nameOfMarks(env), env['TERM']]
      write(notificationBytes(notificationWay(names), notification))
      return
    }
    this.#waiting = notification
    if (!this.#isAsking) this.#askTmux()
  }

  #askTmux(): void {
    this.#isAsking = true
    execFile('tmux', ASK_TMUX, { timeout: TMUX_MS_MAX }, (error, answer) => {
      this.#isAsking = false
      const notification = this.#waiting
      this.#waiting = undefined
      const [allowed = '', ...names] = answer.split('\n')
      if (error !== null || notification === undefined || !/^(?:1|2|on|all)$/.test(allowed)) return
      const way = notificationWay(names.filter((name) => name !== ''))
      this.#options.write(throughTmux(notificationBytes(way, notification)))
    })
  }
}

/** Those that say who they are only in variables of their own. */
function nameOfMarks(env: NotifierOptions['env']): string | undefined {
  if (env['KITTY_WINDOW_ID'] !== undefined) return 'kitty'
  if (env['VTE_VERSION'] !== undefined) return 'vte'
  return env['WT_SESSION'] === undefined ? undefined : 'windows'
}
