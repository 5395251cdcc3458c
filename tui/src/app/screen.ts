import type { ConversationId } from '@sotto/protocol'

import { Bursts } from '../input/bursts.js'
import type { InputEvent } from '../input/events.js'
import type { Action } from '../model/action.js'
import type { Effect } from '../model/effect.js'
import { frameOf } from '../model/frame.js'
import type { PaneName, Panes, Rect } from '../model/panes.js'
import { initialState } from '../model/initial.js'
import type { Settings } from '../model/settings.js'
import type { UiState } from '../model/state.js'
import type { Surface } from '../model/surface.js'
import { update } from '../model/update.js'
import { welcome } from '../model/overlays/welcome.js'
import type { ColorDepth } from '../rows/colors.js'
import { themeOptions } from '../model/themes.js'
import { makeTheme } from '../rows/theme.js'
import { Painter, type CursorCell, type PainterOptions, type Placed } from '../terminal/painter.js'
import { Terminal, type TerminalStreams } from '../terminal/terminal.js'
import { FrameView } from '../view/frame-view.js'
import { noticeRows } from '../view/panes/notice.js'
import { PANES } from '../view/panes/table.js'
import { ENGLISH } from '../words/en.js'
import { sweepEditorFolder } from './editor.js'
import { CoreLink, type CoreEffect } from './core-link.js'
import type { Files } from './files.js'
import type { ScreenClient } from './screen-client.js'
import { HeapBounds } from './heap-bounds.js'
import { JobControl } from './job-control.js'
import { LockKeeper, type LockEffect, type Locking } from './lock-keeper.js'
import { Platform } from './platform.js'
import { makeSurface } from './surface.js'
import { NO_FOLDER, type ThemeFolder } from './themes.js'

export interface ScreenOptions {
  readonly client: ScreenClient
  readonly terminal: TerminalStreams
  readonly colors: ColorDepth
  readonly nowMs: () => number
  /** The conversation that is opened at once. */
  readonly conversation?: ConversationId
  readonly settings?: Settings
  /** Left out: there are no themes but ours. */
  readonly themes?: ThemeFolder
  /** Left out: nothing is completed out of folders, and nothing written. */
  readonly files?: Files
  /** The account has just been made: the first conversation is offered. */
  readonly isFirst?: boolean
  /** What closes the account while the screen is locked; left out: it stays open. */
  readonly locking?: Locking
  /** Ends the screen as if the person had left. */
  readonly signal: AbortSignal
}

/** How often the clock is told while something counts down; else each minute would do. */
const TICK_MS = 1_000

/** The full screen over an open account. Resolves when the person leaves; the terminal is then as it was. */
export async function openScreen(options: ScreenOptions): Promise<void> {
  const screen = new Screen(options)
  await screen.run()
}

/** Keys and events go in, the model answers, and what is new is painted. */
class Screen {
  readonly #options: ScreenOptions
  readonly #terminal: Terminal
  readonly #painter: Painter
  readonly #view: FrameView
  readonly #lockKeeper: LockKeeper
  #core: CoreLink
  readonly #platform: Platform
  readonly #jobs: JobControl
  readonly #bursts = new Bursts()
  #surface: Surface
  #state: UiState
  #end: () => void = () => undefined
  #isDrawing = false
  /** Until then nothing is drawn. */
  #beginning: NodeJS.Immediate | undefined
  #drawing: NodeJS.Immediate | undefined
  /** What comes now is for nobody. */
  #isLeft = false

  constructor(options: ScreenOptions) {
    const { client, terminal, nowMs, settings, conversation, locking, isFirst } = options
    this.#options = options
    this.#terminal = new Terminal(terminal, {
      input: (events) => this.#read(events),
      resize: (size) => this.#all([{ kind: 'resize', size }]),
      capabilities: (capabilities) => this.#all([{ kind: 'capabilities', capabilities }]),
      drained: () => this.#draw(),
      gone: () => this.#end(),
    })
    const state = initialState({
      ...{ account: client.account, size: this.#terminal.size, nowMs: nowMs() },
      wanted: conversation,
      ...(settings === undefined ? {} : { settings }),
    })
    this.#state = isFirst === true ? welcome(state) : state
    this.#surface = makeSurface(ENGLISH, this.#state.capabilities.probed)
    this.#painter = new Painter(this.#painterOptions())
    this.#view = new FrameView((panes) => this.#laidOut(panes))
    const dispatch = (action: Action): void => this.#all([action])
    this.#core = this.#link()
    this.#lockKeeper = new LockKeeper(client, locking, dispatch)
    const redraw = (): void => {
      this.#painter.forget()
      this.#draw()
    }
    this.#jobs = new JobControl(this.#terminal, redraw)
    this.#platform = new Platform(this.#terminal, this.#jobs, {
      ...{ dispatch, redraw, version: () => this.#state.capabilities.version },
      themes: options.themes ?? NO_FOLDER,
      files: options.files,
      notifyBy: () => this.#state.settings.notifyBy,
      quit: () => this.#end(),
    })
  }

  async run(): Promise<void> {
    const { signal, nowMs } = this.#options
    const ended = new Promise<void>((resolve) => (this.#end = resolve))
    const stop = (): void => this.#end()
    signal.addEventListener('abort', stop, { once: true })
    const clock = setInterval(() => {
      // An editor that has the terminal is no idle hand: what it leaves would find a locked screen.
      if (!this.#jobs.isLent) this.#all([{ kind: 'tick', nowMs: nowMs() }])
    }, TICK_MS)
    const heapBounds = new HeapBounds()
    this.#jobs.open()
    this.#terminal.take()
    try {
      this.#begin()
      await ended
    } finally {
      clearInterval(clock)
      heapBounds.close()
      clearImmediate(this.#beginning)
      this.#beginning = undefined
      clearImmediate(this.#drawing)
      this.#isLeft = true
      signal.removeEventListener('abort', stop)
      this.#view.close()
      await this.#jobs.close()
      await this.#terminal.release()
      this.#surface.cache.clear()
      await this.#core.close()
    }
  }

  #link(): CoreLink {
    const { client, nowMs } = this.#options
    const dispatch = (action: Action): void => this.#told(action)
    return new CoreLink(client, { dispatch, nowMs, state: () => this.#state })
  }

  /** Until something is written each key is a command; from then on a terminal may not mark what is pasted. */
  #read(events: readonly InputEvent[]): void {
    const [event, ...others] = events
    if (event !== undefined && !isWriting(this.#state)) {
      this.#apply(update(this.#state, { kind: 'input', event }, this.#surface))
      this.#read(others)
      return
    }
    const { marksPastes } = this.#state.capabilities
    const told = marksPastes ? events : this.#bursts.read(events, this.#options.nowMs())
    this.#all(told.map((each) => ({ kind: 'input', event: each })))
  }

  /** One after the other, and then what is new is painted. */
  #all(actions: readonly Action[]): void {
    for (const action of actions) this.#apply(update(this.#state, action, this.#surface))
    this.#draw()
  }

  /** By the core: what it answers in one turn is painted once. Keys wait for none of it. */
  #told(action: Action): void {
    this.#apply(update(this.#state, action, this.#surface))
    this.#drawing ??= setImmediate(() => {
      this.#drawing = undefined
      this.#draw()
    })
  }

  #apply({ state, effects }: ReturnType<typeof update>): void {
    const before = this.#state
    this.#state = state
    this.#adapt(before)
    for (const effect of effects) {
      if (isOfCore(effect)) this.#core.run(effect)
      else if (isOfLock(effect)) this.#runLock(effect)
      else this.#platform.run(effect)
    }
  }

  /** What was decrypted is let go before anything is waited for. */
  #runLock(effect: LockEffect): void {
    switch (effect.kind) {
      case 'forget':
        this.#surface.cache.clear()
        this.#painter.forget()
        this.#core.forgetRead()
        return
      case 'lock': {
        const core = this.#core
        this.#surface.cache.clear()
        this.#painter.forget()
        void this.#lockKeeper.lock(() => core.close())
        return
      }
      case 'unlock':
        void this.#lockKeeper.unlock(() => {
          this.#core = this.#link()
          this.#begin()
        })
        return
      case 'secret':
        this.#lockKeeper.secret(effect)
        return
    }
  }

  /**
   * What a core in this process has is there at once, and is one frame; only then is anything begun that
   * a person does not see.
   */
  #begin(): void {
    const core = this.#core
    const show = (): void => {
      if (this.#beginning === undefined) return
      clearImmediate(this.#beginning)
      this.#beginning = undefined
      this.#draw()
      core.connect()
      sweepEditorFolder()
    }
    this.#beginning = setImmediate(show) // One that is elsewhere is not waited for.
    void core.begin().then(show)
  }

  /** To another terminal than was thought, or other settings: what is laid out for these is made anew. */
  #adapt(before: UiState): void {
    const isOtherTerminal = before.capabilities !== this.#state.capabilities
    if (!isOtherTerminal && isSameLook(before, this.#state)) return
    if (isOtherTerminal) {
      this.#surface.cache.clear()
      this.#surface = makeSurface(this.#surface.words, this.#state.capabilities.probed)
    }
    this.#painter.use(this.#painterOptions())
  }

  #painterOptions(): PainterOptions {
    const { colors: depth } = this.#options
    return {
      theme: makeTheme(themeOptions(this.#state, depth)),
      ...{ widthOf: this.#surface.look(this.#state.size.columns).widths.of, links: true },
      isSynchronized: this.#state.capabilities.isSynchronized,
    }
  }

  #laidOut(panes: Panes): void {
    this.#apply(update(this.#state, { kind: 'laid-out', panes }, this.#surface))
  }

  /** What was laid out is laid out again only where the frame is another. */
  #draw(): void {
    if (this.#isDrawing || this.#isLeft || this.#beginning !== undefined) return
    if (this.#terminal.isStalled) return
    this.#isDrawing = true
    this.#surface.cache.others.begin()
    try {
      const notice = (columns: number): number => noticeRows(this.#state, this.#surface, columns)
      this.#view.show(frameOf(this.#state, this.#surface, notice))
      this.#terminal.write(this.#paint())
    } finally {
      this.#isDrawing = false
    }
  }

  #paint(): string {
    const placed: Placed[] = []
    let cursor: CursorCell
    for (const [name, rect] of inOrder(this.#state.panes)) {
      const look = this.#surface.look(rect.width)
      const drawn = PANES[name](this.#state, {
        ...{ look, height: rect.height, surface: this.#surface },
      })
      placed.push({ rect, rows: drawn.rows, isSelected: drawn.selected ?? (() => false) })
      if (drawn.cursor !== undefined)
        cursor = { row: rect.y + drawn.cursor.row, column: rect.x + drawn.cursor.column }
    }
    return this.#painter.paint(placed, cursor, this.#state.size.columns)
  }
}

/** A text would go where it is sent from. */
function isWriting({ focus, overlays, lock }: UiState): boolean {
  return focus === 'composer' && overlays.length === 0 && lock === undefined
}

function inOrder(panes: Panes): readonly (readonly [PaneName, Rect])[] {
  return (Object.keys(PANES) as PaneName[]).flatMap((name) => {
    const rect = panes[name]
    return rect === undefined ? [] : [[name, rect] as const]
  })
}

function isOfCore(effect: Effect): effect is CoreEffect {
  const kinds: readonly Effect['kind'][] = [
    ...([
      'load-list',
      'load-conversations',
      'load-page',
      'refresh',
      'load-lines',
      'send',
      'edit',
      'call',
      'ask',
      'search',
      'save-draft',
      'typing',
    ] as const),
  ]
  return kinds.includes(effect.kind)
}

function isSameLook(a: UiState, b: UiState): boolean {
  const isSameTheme = a.settings.theme === b.settings.theme && a.themes.shown === b.themes.shown
  return isSameTheme && a.settings.colors === b.settings.colors
}

function isOfLock(effect: Effect): effect is LockEffect {
  const kinds: readonly Effect['kind'][] = ['forget', 'lock', 'unlock', 'secret']
  return kinds.includes(effect.kind)
}
