import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { asSottoError, ConfigError, type SottoError } from '@sotto/protocol'

export type Edited =
  | { readonly kind: 'edited'; readonly text: string }
  | { readonly kind: 'failed'; readonly error: SottoError }

/**
 * The text as the person's editor left it. It lies in a file that only they can read, in memory where
 * the system has a place for that, and is gone when the editor is; if we die meanwhile, it stays.
 * The signal ends the editor.
 */
export async function editText(text: string, signal: AbortSignal): Promise<Edited> {
  let folder: string | undefined
  try {
    folder = mkdtempSync(join(process.env['XDG_RUNTIME_DIR'] || tmpdir(), 'sotto-'))
    const file = join(folder, 'message.md')
    writeFileSync(file, text, { mode: 0o600 })
    const { VISUAL, EDITOR } = process.env
    await withoutInterrupts(() => runEditor(VISUAL || EDITOR || 'vi', file, signal))
    return { kind: 'edited', text: readFileSync(file, 'utf8').replace(/\n$/, '') }
  } catch (thrown) {
    return { kind: 'failed', error: asSottoError(thrown) }
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  }
}

/** As `system` has it (POSIX): a terminal's Ctrl-C is meant for the program that it shows. */
async function withoutInterrupts(work: () => Promise<void>): Promise<void> {
  const listeners = process.rawListeners('SIGINT') as NodeJS.SignalsListener[]
  const ignore = (): void => undefined
  process.on('SIGINT', ignore)
  for (const listener of listeners) process.off('SIGINT', listener)
  try {
    await work()
  } finally {
    for (const listener of listeners) process.on('SIGINT', listener)
    process.off('SIGINT', ignore)
  }
}

/** The editor may be a command with arguments, as in `code --wait`. */
function runEditor(command: string, file: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const args = ['-c', `${command} "$1"`, 'sh', file]
    const child = spawn('sh', args, { stdio: 'inherit', signal })
    child.once('error', reject)
    child.once('exit', (code) => {
      if (code === 0) resolve()
      else reject(notSaved(command, code))
    })
  })
}

function notSaved(command: string, code: number | null): SottoError {
  const how = code === null ? 'was ended' : `ended with ${String(code)}`
  return new ConfigError('config/invalid', `${command} ${how}`, {
    fix: 'The draft is as it was. VISUAL or EDITOR names the editor.',
  })
}
