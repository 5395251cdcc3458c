import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import {
  isolatedEnvironment,
  ROOT,
  SOTTO,
  spawnOnTerminal,
  startRelay,
  tempDir,
} from '../harness/index.js'

interface Step {
  readonly who: string
  readonly args: readonly string[]
  readonly shown: string
}

/** The README's session: each command of somebody, and what it shows. */
function sessionOf(readme: string): readonly Step[] {
  const [, session = ''] = /<!-- session -->\s*```console\n(.*?)```/s.exec(readme) ?? []
  return session
    .split(/^(?=\w* ?\$ )/m)
    .map((part) => /^(\w+) \$ sotto ([^\n]*)\n(.*)$/s.exec(part))
    .filter((match) => match !== null)
    .map(([, who = '', command = '', shown = '']) => ({ who, args: wordsOf(command), shown }))
}

function wordsOf(command: string): readonly string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')
}

/** What differs from run to run: ids, keys, times, the port. */
function lasting(text: string): string {
  return text
    .replaceAll('\r', '')
    .replace(/m_[0-9A-Z]{26}/g, 'm_…')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'uuid')
    .replace(/root=[\w-]+/g, 'root=…')
    .replace(/^\d\d:\d\d /gm, 'hh:mm ')
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:port')
    .trim()
}

test('the session in the README runs as it stands there', async (t) => {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const steps = sessionOf(readFileSync(join(ROOT, 'README.md'), 'utf8'))
  const shown: string[] = []
  for (const { who, args } of steps) {
    const home = join(dir, who)
    const here = args.map((arg) => (arg.startsWith('http://') ? relay.url : arg))
    const env = isolatedEnvironment(home, { SOTTO_HOME: home, NO_COLOR: '1', TERM: 'xterm' })
    shown.push(lasting(await onTerminal([SOTTO, ...here], env)))
  }

  t.ok(steps.length >= 8, `${String(steps.length)} commands`)
  t.same(
    shown,
    steps.map((step) => lasting(step.shown)),
  )
})

function onTerminal(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  return new Promise((resolve) => {
    const terminal = spawnOnTerminal(process.execPath, args, { cols: 200, rows: 50, env })
    let text = ''
    terminal.onData((data) => (text += data))
    terminal.onExit(() => {
      resolve(text)
    })
  })
}
