import { execFile } from 'node:child_process'

import type { NotifyBy } from '../model/settings.js'
import {
  notificationBytes,
  notificationWay,
  throughTmux,
  type Notification,
  type NotificationWay,
} from '../terminal/notification.js'
import { hasDesktop, isRemote, notifyDesktop } from './desktop.js'

export interface NotifierOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  /** What the terminal says that it is, as soon as it has. */
  readonly version: () => string | undefined
  /** As the person has set it. */
  readonly by: () => NotifyBy
  readonly write: (bytes: string) => void
}

const TMUX_MS_MAX = 1_000
/** Whether it lets anything through, and which terminal is around it. */
const ASK_TMUX = [
  'display-message',
  '-p',
  '#{allow-passthrough}\n#{client_termtype}\n#{client_termname}',
]

/** How the terminal can be reached; undefined: tmux is before it, and lets nothing through. */
type Reach = { readonly way: NotificationWay; readonly through: boolean } | undefined

/** Tells the person through their terminal, in the way of that terminal, or through their desktop. */
export class Notifier {
  readonly #options: NotifierOptions
  #isBusy = false
  /** Of those that come while one is on its way, only the last is shown. */
  #waiting: Notification | undefined

  constructor(options: NotifierOptions) {
    this.#options = options
  }

  /** Resolves when all that waits is told; never rejects. */
  async notify(notification: Notification): Promise<void> {
    this.#waiting = notification
    if (!this.#isBusy) await this.#tellAll()
  }

  async #tellAll(): Promise<void> {
    this.#isBusy = true
    for (let next = this.#next(); next !== undefined; next = this.#next()) await this.#tell(next)
    this.#isBusy = false
  }

  #next(): Notification | undefined {
    const next = this.#waiting
    this.#waiting = undefined
    return next
  }

  async #tell(notification: Notification): Promise<void> {
    const { env } = this.#options
    const by = this.#options.by()
    if (by === 'desktop' && (await notifyDesktop(notification))) return
    const reach = await this.#reach()
    const isSure = reach !== undefined && reach.way !== 'unknown' && reach.way !== 'none'
    const isDesktopBetter = by === 'auto' && !isSure && hasDesktop(env) && !isRemote(env)
    if (isDesktopBetter && (await notifyDesktop(notification))) return
    if (reach === undefined) return // The bell has rung all the same.
    const bytes = notificationBytes(isOsc(by) ? by : reach.way, notification)
    this.#options.write(reach.through ? throughTmux(bytes) : bytes)
  }

  async #reach(): Promise<Reach> {
    const { env, version } = this.#options
    if (env['TMUX'] !== undefined && env['TMUX'] !== '') return reachThroughTmux()
    const names = [version(), env['TERM_PROGRAM'], nameOfMarks(env), env['TERM']]
    return { way: notificationWay(names), through: false }
  }
}

/** Asked each time: what is around it, and what it lets through, may be another. */
async function reachThroughTmux(): Promise<Reach> {
  return new Promise((resolve) => {
    execFile('tmux', ASK_TMUX, { timeout: TMUX_MS_MAX }, (error, answer) => {
      const [allowed = '', ...names] = answer.split('\n')
      const isAllowed = error === null && /^(?:1|2|on|all)$/.test(allowed)
      const way = notificationWay(names.filter((name) => name !== ''))
      resolve(isAllowed ? { way, through: true } : undefined)
    })
  })
}

function isOsc(by: NotifyBy): by is 'osc-99' | 'osc-777' | 'osc-9' {
  return by.startsWith('osc-')
}

/** Those that say who they are only in variables of their own. */
function nameOfMarks(env: NotifierOptions['env']): string | undefined {
  if (env['KITTY_WINDOW_ID'] !== undefined) return 'kitty'
  if (env['VTE_VERSION'] !== undefined) return 'vte'
  return env['WT_SESSION'] === undefined ? undefined : 'windows'
}
