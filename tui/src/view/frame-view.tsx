import { PassThrough, Writable } from 'node:stream'

import { render, type Instance } from 'ink'

import { isSameFrame, type Frame } from '../model/frame.js'
import type { Panes } from '../model/panes.js'
import { App } from './app.js'

/** Ink has nothing to write: the panes are painted by rows. */
class Nowhere extends Writable {
  readonly isTTY = true
  columns = 0
  rows = 0

  override _write(_bytes: unknown, _encoding: BufferEncoding, done: () => void): void {
    done()
  }
}

/** The frame of the screen, laid out by Ink. */
export class FrameView {
  readonly #out = new Nowhere()
  readonly #onLayout: (panes: Panes) => void
  #ink: Instance | undefined
  #shown: Frame | undefined

  /** `onLayout` is called before `show` returns, whenever the frame is another. */
  constructor(onLayout: (panes: Panes) => void) {
    this.#onLayout = onLayout
  }

  /** Answers whether it was another than before. */
  show(frame: Frame): boolean {
    if (this.#shown !== undefined && isSameFrame(this.#shown, frame)) return false
    this.#shown = frame
    this.#out.columns = frame.columns
    this.#out.rows = frame.rows
    const app = <App frame={frame} onLayout={this.#onLayout} />
    if (this.#ink === undefined) this.#ink = this.#open(app)
    else {
      this.#out.emit('resize')
      this.#ink.rerender(app)
    }
    return true
  }

  close(): void {
    this.#ink?.unmount()
    this.#ink = undefined
  }

  #open(app: ReturnType<typeof App> & object): Instance {
    // Ink knows only the terminal's own streams; it uses of them what these have.
    const stdout = this.#out as unknown as NodeJS.WriteStream
    const stdin = new PassThrough() as unknown as NodeJS.ReadStream
    return render(app, {
      ...{ stdout, stdin, exitOnCtrlC: false, patchConsole: false },
      debug: true, // Each render at once, and none is put off.
      // The words of a screen, of which this one has none: else Ink draws every blank cell of it.
      isScreenReaderEnabled: true,
    })
  }
}
