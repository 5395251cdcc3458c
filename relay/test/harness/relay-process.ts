import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { fromBase64url, type Bytes } from '@sotto/protocol'

/** The program as it is built: it starts in a fifth of the time that its modules take. */
export const PROGRAM = fileURLToPath(new URL('../../../dist/sotto-relay.js', import.meta.url))

export interface RelayProcess {
  readonly folder: string
  readonly url: string
  readonly rootKey: Bytes
  readonly child: ChildProcess
  /** Everything it has said on stdout and stderr. */
  output(): string
  /** Its exit code, once it has ended and said everything. */
  readonly ended: Promise<[number | null]>
  kill(): Promise<void>
  /** SIGTERM; the exit code. */
  terminate(): Promise<number | null>
}

interface Teardowns {
  teardown(work: () => unknown): void
}

interface RunAs {
  readonly uid?: number
  /** In place of this process's own. */
  readonly env?: NodeJS.ProcessEnv
}

/** Runs the program until it ends by itself. */
export async function runRelay(args: readonly string[], as: RunAs = {}) {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    ...as,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = collect(child)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, output: output() }
}

/**
 * Starts the program on a folder and a free port. With `fileBlocksMax` no file of it may grow over
 * so many kilobytes, as if the disk were full.
 */
export async function startRelayProcess(
  t: Teardowns,
  options: {
    readonly folder: string
    readonly args?: readonly string[]
    readonly fileBlocksMax?: number
  },
): Promise<RelayProcess> {
  const { folder, args = [], fileBlocksMax } = options
  const command = [process.execPath, PROGRAM, '--listen', '127.0.0.1:0', '--data', folder, '--json']
  const limited = fileBlocksMax === undefined ? '' : `ulimit -f ${fileBlocksMax}; `
  const child = spawn('bash', ['-c', `${limited}exec "$@"`, 'bash', ...command, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  t.teardown(() => child.kill('SIGKILL'))
  const output = collect(child)
  // Not 'exit': by then not all of its output may have been read.
  const ended = once(child, 'close') as Promise<[number | null]>
  const [line] = (await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    ended.then(() => Promise.reject(new Error(output()))),
  ])) as [string]
  const ready = JSON.parse(line) as { url: string; root: string }
  const rootKey = fromBase64url(ready.root)
  if (rootKey === undefined) throw new Error('the root key is not base64url')
  return {
    folder,
    url: ready.url,
    rootKey,
    ended,
    child,
    output,
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
    terminate: async () => {
      child.kill('SIGTERM')
      const [code] = await ended
      return code
    },
  }
}

function collect(child: ChildProcess): () => string {
  const chunks: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk))
  return () => Buffer.concat(chunks).toString()
}
