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
 */
export async function editText(text: string): Promise<Edited> {
  const folder = mkdtempSync(join(process.env['XDG_RUNTIME_DIR'] ?? tmpdir(), 'sotto-'))
  const file = join(folder, 'message.md')
  try {
    writeFileSync(file, text, { mode: 0o600 })
    const { VISUAL, EDITOR } = process.env
    await runEditor(VISUAL || EDITOR || 'vi', file)
    return { kind: 'edited', text: readFileSync(file, 'utf8').replace(/\n$/, '') }
  } catch (thrown) {
    return { kind: 'failed', error: asSottoError(thrown) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The editor may be a command with arguments, as in `code --wait`. */
function runEditor(command: string, file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', `${command} "$1"`, 'sh', file], { stdio: 'inherit' })
    child.once('error', reject)
    child.once('exit', (code) => {
      if (code === 0) resolve()
      else reject(notSaved(command, code))
    })
  })
}

function notSaved(command: string, code: number | null): SottoError {
  return new ConfigError('config/invalid', `${command} ended with ${String(code)}`, {
    fix: 'The draft is as it was. VISUAL or EDITOR names the editor.',
  })
}
