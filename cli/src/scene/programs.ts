import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { environmentWithout, programFolder, relayProgram } from '../relay-program.js'

const SOTTO = join(programFolder(), 'sotto.js')
const STOP_MS_MAX = 5_000

export interface PrivateRelay {
  readonly url: string
  /** The folder with everything it keeps. */
  readonly dataDir: string
  stop(): Promise<void>
}

/** A relay of our own on a free loopback port, ready when this resolves. */
export async function startRelay(dataDir: string): Promise<PrivateRelay> {
  const child = spawn(
    process.execPath,
    [relayProgram(), '--listen', '127.0.0.1:0', '--data', dataDir, '--json'],
    // Its own group: Ctrl-C is for us, and we stop it when the accounts are closed.
    { env: sceneEnvironment({}), stdio: ['ignore', 'pipe', 'ignore'], detached: true },
  )
  try {
    const ready = await firstLine(child)
    return { url: readUrl(ready), dataDir, stop: () => stop(child) }
  } catch (error) {
    await stop(child)
    throw error
  }
}

export interface CommandEnd {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the sotto beside this program to its end, in a home of its own. */
export async function runSotto(home: string, args: readonly string[]): Promise<CommandEnd> {
  const child = spawn(process.execPath, [SOTTO, ...args], {
    env: sceneEnvironment({ SOTTO_HOME: home }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  await once(child, 'close')
  return { exitCode: child.exitCode, stdout, stderr }
}

/** Nothing of the person's own sotto reaches the scene, and nothing of the scene their keyring. */
function sceneEnvironment(own: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return environmentWithout({ ...own, SOTTO_KEYRING: 'off' })
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the relay has no output')
  const lines = createInterface({ input: child.stdout })
  const ended = once(child, 'close').then(() => {
    throw new Error(`the relay ended at once, with exit code ${String(child.exitCode)}`)
  })
  const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string]
  ended.catch(() => undefined) // It is meant to end, later.
  return line
}

function readUrl(line: string): string {
  const { event, url } = JSON.parse(line) as { readonly event?: string; readonly url?: string }
  if (event !== 'relay.ready' || url === undefined)
    throw new Error(`not what a relay says: ${line}`)
  return url
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = once(child, 'close')
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX)
  await closed
  clearTimeout(late)
}
