import { UsageError } from '@sotto/protocol'

import type { Invocation } from './commands/command.js'
import type { World } from './world.js'

/**
 * Lets go on only who has said yes: with `--yes`, or on a terminal when asked. Everybody else gets
 * `usage/invalid`, and nothing has been done. `question` is one line, safe to show.
 */
export async function confirm(
  { globals, world }: Pick<Invocation, 'globals' | 'world'>,
  question: string,
): Promise<void> {
  if (globals.yes) return
  if (!globals.input || world.stdin.isTTY !== true || world.stderr.isTTY !== true) {
    throw new UsageError('usage/invalid', 'this cannot be undone', {
      fix: 'Nothing was done. If you mean it, add --yes.',
    })
  }
  if (/^y(es)?$/i.test(await askLine(`${question} [y/N] `, world))) return
  throw new UsageError('usage/invalid', 'not confirmed', { fix: 'Nothing was done.' })
}

/** What is typed until the line ends. Throws the signal's reason when it aborts. */
export function askLine(
  question: string,
  { stdin, stderr, signal }: Pick<World, 'stdin' | 'stderr' | 'signal'>,
): Promise<string> {
  signal.throwIfAborted()
  stderr.write(question)
  return new Promise((resolve, reject) => {
    let typed = ''
    const settle = (finish: () => void): void => {
      stdin.removeListener('data', read)
      stdin.removeListener('end', end)
      signal.removeEventListener('abort', interrupt)
      stdin.pause()
      finish()
    }
    const end = (): void => settle(() => resolve(typed.trim()))
    const interrupt = (): void => settle(() => reject(signal.reason as Error))
    const read = (chunk: Uint8Array): void => {
      typed += Buffer.from(chunk).toString()
      if (/[\r\n]/.test(typed)) end()
    }
    signal.addEventListener('abort', interrupt, { once: true })
    stdin.on('data', read)
    stdin.once('end', end)
    stdin.resume()
  })
}
