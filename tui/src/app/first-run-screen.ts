import type { FirstRunAction, FirstRunEffect, FirstRunStep } from '../model/first-run/action.js'
import { firstRunState, type ChosenRelay, type FirstRunOptions } from '../model/first-run/state.js'
import { updateFirstRun } from '../model/first-run/update.js'
import { makeLook } from '../rows/look.js'
import type { ColorDepth } from '../rows/colors.js'
import { makeTheme } from '../rows/theme.js'
import { Painter, type PainterOptions } from '../terminal/painter.js'
import { Terminal, type TerminalStreams } from '../terminal/terminal.js'
import { firstRunRows } from '../view/first-run-rows.js'
import { FIRST_RUN_ENGLISH } from '../words/first-run-en.js'
import { ENGLISH } from '../words/en.js'
import { FirstRunLink, isWork, type FirstRunServices, type FirstRunWork } from './first-run-link.js'
import { JobControl } from './job-control.js'

export interface FirstRunScreenOptions extends Omit<FirstRunOptions, 'size'> {
  readonly services: FirstRunServices
  readonly terminal: TerminalStreams
  readonly colors: ColorDepth
  /** Ends it as if the person had left. */
  readonly signal: AbortSignal
}

/**
 * Asks whoever has no account yet what one needs, on the full screen, and has it made. Answers with the
 * relay it was made on; undefined where the person left. The terminal is then as it was. If we die
 * meanwhile, what was begun is offered the next time.
 */
export async function openFirstRun(
  options: FirstRunScreenOptions,
): Promise<ChosenRelay | undefined> {
  return new FirstRunScreen(options).run()
}

/** One pane as large as the terminal, painted by rows as all others are. */
class FirstRunScreen {
  readonly #options: FirstRunScreenOptions
  readonly #terminal: Terminal
  readonly #painter: Painter
  readonly #jobs: JobControl
  readonly #link: FirstRunLink
  #state: FirstRunStep['state']
  #end: (chosen?: ChosenRelay) => void = () => undefined

  constructor(options: FirstRunScreenOptions) {
    this.#options = options
    this.#terminal = new Terminal(options.terminal, {
      input: (events) => events.forEach((event) => this.#take({ kind: 'input', event })),
      resize: (size) => this.#take({ kind: 'resize', size }),
      capabilities: (capabilities) => this.#take({ kind: 'capabilities', capabilities }),
      drained: () => this.#draw(),
      gone: () => this.#end(),
    })
    this.#state = firstRunState({ ...options, size: this.#terminal.size })
    this.#painter = new Painter(this.#painterOptions())
    this.#jobs = new JobControl(this.#terminal, () => this.#redraw())
    this.#link = new FirstRunLink(options.services, (action) => this.#take(action))
  }

  async run(): Promise<ChosenRelay | undefined> {
    const { signal } = this.#options
    const ended = new Promise<ChosenRelay | undefined>((resolve) => (this.#end = resolve))
    const stop = (): void => this.#end()
    signal.addEventListener('abort', stop, { once: true })
    this.#jobs.open()
    this.#terminal.take()
    try {
      this.#draw()
      return await ended
    } finally {
      signal.removeEventListener('abort', stop)
      this.#link.close()
      await this.#jobs.close()
      await this.#terminal.release()
    }
  }

  #take(action: FirstRunAction): void {
    const { capabilities } = this.#state
    const { state, effects } = updateFirstRun(this.#state, action)
    this.#state = state
    if (state.capabilities !== capabilities) this.#painter.use(this.#painterOptions())
    for (const effect of effects) {
      if (isWork(effect)) this.#link.run(effect)
      else this.#leaveTo(effect)
    }
    this.#draw()
  }

  #leaveTo(effect: Exclude<FirstRunEffect, FirstRunWork>): void {
    switch (effect.kind) {
      case 'suspend':
        this.#jobs.suspend()
        return
      case 'redraw':
        this.#painter.forget()
        return
      case 'done':
        this.#end(effect.relay)
        return
      case 'quit':
        this.#end()
        return
    }
  }

  #redraw(): void {
    this.#painter.forget()
    this.#draw()
  }

  #draw(): void {
    if (this.#terminal.isStalled) return
    const { size } = this.#state
    const drawn = firstRunRows(this.#state, {
      ...{ look: this.#look(), words: FIRST_RUN_ENGLISH },
      relayFolder: this.#options.services.relayFolder,
    })
    const rect = { x: 0, y: 0, width: size.columns, height: size.rows }
    const placed = [{ rect, rows: drawn.rows, isSelected: () => false }]
    this.#terminal.write(this.#painter.paint(placed, drawn.cursor, size.columns))
  }

  #look() {
    const { size, capabilities } = this.#state
    return makeLook({ columns: size.columns, probed: capabilities.probed, words: ENGLISH })
  }

  #painterOptions(): PainterOptions {
    const { capabilities } = this.#state
    const { background = 'dark', isSynchronized } = capabilities
    return {
      theme: makeTheme({ depth: this.#options.colors, background }),
      ...{ widthOf: this.#look().widths.of, links: false, isSynchronized },
    }
  }
}
