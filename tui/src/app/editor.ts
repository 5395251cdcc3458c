import { spawn } from 'node:child_process'
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'

import { asSottoError, ConfigError, type SottoError } from '@sotto/protocol'

export type Edited =
  | { readonly kind: 'edited'; readonly text: string }
  | { readonly kind: 'failed'; readonly error: SottoError }

/**
 * The text as the person's editor left it. It lies in a file that only they can read, in memory where
 * the system has a place for that, and is gone when the editor is; if we die meanwhile, it stays until
 * the next screen begins (`sweepEditorFolder`).
 * The signal ends the editor.
 */
export async function editText(text: string, signal: AbortSignal): Promise<Edited> {
  let folder: string | undefined
  try {
    folder = mkdtempSync(join(editorFolder(), `${String(process.pid)}-`))
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

/**
 * Removes what screens that died have left of drafts in editors. What belongs to a process that lives
 * stays: it may be ours, in another terminal.
 */
export function sweepEditorFolder(): void {
  const parent = editorParent()
  try {
    if (!isOurs(parent)) return
    for (const name of readdirSync(parent)) {
      const pid = Number(/^(\d+)-/.exec(name)?.[1])
      if (pid > 0 && !isAlive(pid)) rmSync(join(parent, name), { recursive: true, force: true })
    }
  } catch {
    return // It is not there: nothing was left.
  }
}

/** One folder for all drafts that are in editors, which only this user can read. */
function editorFolder(): string {
  const parent = editorParent()
  mkdirSync(parent, { recursive: true, mode: 0o700 })
  if (isOurs(parent)) return parent
  throw new ConfigError('config/invalid', `${parent} is another user’s, or open to others`, {
    fix: `Remove it, or close it: chmod go= ${parent}`,
  })
}

/** No link, and nobody else's: others may write beside it. */
function isOurs(folder: string): boolean {
  const stat = lstatSync(folder)
  const isOwn = stat.uid === (process.getuid?.() ?? stat.uid)
  return stat.isDirectory() && isOwn && (stat.mode & 0o077) === 0
}

function editorParent(): string {
  const runtime = process.env['XDG_RUNTIME_DIR']
  if (runtime) return join(runtime, 'sotto-editor')
  return join(tmpdir(), `sotto-editor-${String(process.getuid?.() ?? 0)}`)
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false // There is none, or it is another user's, and so not the one that wrote here.
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
    // The Ctrl-C that ended the program is ours, too, and may be told after its end.
    await nextTurn()
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
