import { openSync } from 'node:fs'
import { ReadStream } from 'node:tty'

import type { SecretBytes } from '@sotto/protocol'

import { Interrupted, type World } from '../world.js'
import { asPassphrase, PASSPHRASE_BYTES_MAX } from './read.js'

const SIGINT_EXIT = 130

const ENTER = new Set([0x0a, 0x0d])
const ERASE = new Set([0x08, 0x7f])
const CTRL_C = 0x03
const CTRL_D = 0x04
const CTRL_U = 0x15
/** The bytes of a UTF-8 character after its first: 10xxxxxx. */
const isContinuation = (byte: number | undefined): boolean => ((byte ?? 0) & 0xc0) === 0x80

/**
 * Asks on the terminal, and shows nothing of what is typed, not even how much. Undefined where
 * nothing was typed. Throws Interrupted at Ctrl-C and at a signal. The terminal echoes again
 * afterwards in any case.
 */
export async function promptSecret(
  question: string,
  { stdin, stderr, signal }: Pick<World, 'stdin' | 'stderr' | 'signal'>,
): Promise<SecretBytes | undefined> {
  signal.throwIfAborted()
  const line = new SecretLine()
  stdin.setRawMode?.(true) // First: whoever sees the question may type at once.
  stderr.write(question)
  try {
    await new Promise<void>((resolve, reject) => {
      const interrupt = (): void => reject(signal.reason as Error)
      const settle = (finish: () => void): void => {
        stdin.removeListener('data', read)
        stdin.removeListener('end', resolve)
        signal.removeEventListener('abort', interrupt)
        stdin.pause()
        finish()
      }
      const read = (chunk: Uint8Array): void => {
        const end = line.type(chunk)
        if (end === undefined) return
        settle(end === CTRL_C ? () => reject(new Interrupted(SIGINT_EXIT)) : resolve)
      }
      signal.addEventListener('abort', interrupt, { once: true })
      stdin.on('data', read)
      stdin.once('end', resolve)
      stdin.resume()
    })
    return line.length === 0 ? undefined : asPassphrase(line.bytes)
  } finally {
    line.wipe()
    stdin.setRawMode?.(false)
    stderr.write('\n')
  }
}

/** The same at the terminal of this process, whatever its stdin is. Undefined where it has none. */
export async function promptAtTerminal(
  question: string,
  { terminal, stderr, signal }: Pick<World, 'terminal' | 'stderr' | 'signal'>,
): Promise<SecretBytes | undefined> {
  const fd = openTerminal(terminal)
  if (fd === undefined) return undefined
  const stdin = new ReadStream(fd)
  try {
    return await promptSecret(question, { stdin, stderr, signal })
  } finally {
    stdin.destroy()
  }
}

function openTerminal(path: string | undefined): number | undefined {
  try {
    return path === undefined ? undefined : openSync(path, 'r')
  } catch {
    return undefined // No terminal belongs to this process.
  }
}

/** What is typed, key by key; what is beyond the bound is dropped. */
class SecretLine {
  readonly #buffer = new Uint8Array(PASSPHRASE_BYTES_MAX)
  length = 0

  get bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.length)
  }

  /** The key that ended the line, once one has. Wipes `keys`. */
  type(keys: Uint8Array): number | undefined {
    try {
      for (const key of keys) {
        if (ENTER.has(key) || key === CTRL_C || key === CTRL_D) return key
        if (ERASE.has(key)) this.#erase()
        else if (key === CTRL_U) this.length = 0
        else if (this.length < PASSPHRASE_BYTES_MAX) this.#buffer[this.length++] = key
      }
      return undefined
    } finally {
      keys.fill(0)
    }
  }

  wipe(): void {
    this.#buffer.fill(0)
  }

  #erase(): void {
    while (this.length > 0 && isContinuation(this.#buffer[this.length - 1])) this.length--
    if (this.length > 0) this.length--
  }
}
