import { type Environment, type Scope, spawnOnTerminal } from '../../harness/index.js'

const SHOW_MS_MAX = 40_000

export interface Terminal {
  readonly ended: Promise<number>
  /** Waits until it has shown this, after what was waited for last. */
  shows(wanted: RegExp): Promise<void>
  type(keys: string): void
}

/** A program on a terminal of its own, killed when the test ends. */
export function openTerminal(
  scope: Scope,
  options: {
    readonly program: string
    readonly args: readonly string[]
    readonly env: Environment
  },
): Terminal {
  const { program, args, env } = options
  const terminal = spawnOnTerminal(process.execPath, [program, ...args], {
    cols: 80,
    rows: 24,
    env,
  })
  let text = ''
  let look: () => void = () => undefined
  terminal.onData((data) => {
    text += data
    look()
  })
  const ended = new Promise<number>((resolve) => {
    terminal.onExit(({ exitCode }) => resolve(exitCode))
  })
  scope.teardown(() => terminal.kill())
  const shows = (wanted: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => {
        reject(new Error(`did not show ${String(wanted)}:\n${text}`))
      }, SHOW_MS_MAX)
      look = () => {
        const match = wanted.exec(text)
        if (match === null) return
        text = text.slice(match.index + match[0].length)
        clearTimeout(late)
        look = () => undefined
        resolve()
      }
      look()
    })
  return { ended, shows, type: (keys) => terminal.write(keys) }
}
