import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { SottoError } from '@sotto/protocol'

import { Interrupted } from '../world.js'

const SIGNAL_EXITS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const

// Accounts of an hour have no business in the person's keyring, nor their flags here.
process.env['SOTTO_KEYRING'] = 'off'

const interruption = new AbortController()
for (const [signal, exitCode] of Object.entries(SIGNAL_EXITS)) {
  process.on(signal, () => interruption.abort(new Interrupted(exitCode)))
}
process.stdout.on('error', () => undefined)
process.exitCode = 70 // A bug, should all work end and nobody say how.
void playScene().then((exitCode) => process.exit(exitCode))

/** `npm start`: the conversation on a terminal, else its transcript. Leaves nothing behind. */
async function playScene(): Promise<number> {
  const dir = mkdtempSync(join(tmpdir(), 'sotto-scene-'))
  const { stdin, stdout, env } = process
  const { signal } = interruption
  try {
    if (stdin.isTTY && stdout.isTTY) {
      const color = !env['NO_COLOR'] && env['TERM'] !== 'dumb'
      const { holdConversation } = await import('./conversation.js')
      return await holdConversation({ dir, stdin, stdout, color, signal })
    }
    const { playTranscript } = await import('./transcript.js')
    await playTranscript({ dir, stdout, signal })
    return 0
  } catch (error) {
    if (error instanceof Interrupted) return error.exitCode
    process.stderr.write(`the scene failed: ${tellFailure(error)}\n`)
    return 1
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

function tellFailure(error: unknown): string {
  if (error instanceof SottoError) return `${error.message}  [${error.code}]\n  ${error.fix}`
  return error instanceof Error ? error.message : String(error)
}
