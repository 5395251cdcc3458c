import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

import { test, type Test } from 'tap'

import { isInstalled, isolatedEnvironment, SOTTO, succeed, type Person } from '../harness/index.js'
import { isRunning } from './support/is-running.js'
import { beginPair } from './support/pair.js'

const SHOW_MS_MAX = 40_000
const PAUSE_MS = 50

/** A tmux of its own, with a shell in its only window. */
class Tmux {
  readonly #socket: string
  readonly #env: NodeJS.ProcessEnv

  constructor(t: Test, { home }: Person, size: { columns: number; rows: number }) {
    this.#socket = join(home, 'tmux')
    const shellOwn = { PS1: 'shell> ', SHELL: '/bin/sh', HISTFILE: '' }
    this.#env = isolatedEnvironment(home, { SOTTO_HOME: home, ...shellOwn })
    const shell = `exec bash --norc --noediting`
    const of = ['-x', String(size.columns), '-y', String(size.rows)]
    this.run('-f', '/dev/null', 'new-session', '-d', ...of, shell)
    this.run('set-option', '-g', 'status', 'off')
    const pid = Number(this.run('display-message', '-p', '#{pid}'))
    t.teardown(() => endProcess(pid))
  }

  run(...args: readonly string[]): string {
    const all = ['-u', '-S', this.#socket, ...args]
    return execFileSync('tmux', all, { env: this.#env, encoding: 'utf8' })
  }

  /** What tmux shows: its own idea of every cell. */
  get text(): string {
    return this.run('capture-pane', '-p')
  }

  async shows(wanted: RegExp): Promise<void> {
    const untilMs = Date.now() + SHOW_MS_MAX
    while (!wanted.test(this.text)) {
      if (Date.now() > untilMs) throw new Error(`did not show ${String(wanted)}:\n${this.text}`)
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  }

  /** As they are typed; keys by the names that tmux has for them. */
  keys(...keys: readonly string[]): void {
    this.run('send-keys', ...keys)
  }

  write(text: string): void {
    this.run('send-keys', '-l', text)
  }
}

/**
 * Asks it to end and waits until it has: its folder is removed next. (`kill-server` returns while the
 * server still runs, or fails when that ends before it has answered.)
 */
async function endProcess(pid: number): Promise<void> {
  process.kill(pid, 'SIGTERM')
  while (isRunning(pid)) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
}

for (const [columns, rows] of [
  [40, 12],
  [80, 24],
  [120, 36],
] as const)
  test(
    `in tmux at ${String(columns)} columns a conversation is held, resized, stopped and left`,
    { skip: !isInstalled('tmux') && 'there is no tmux' },
    async (t) => {
      const { alice, bob } = await beginPair(t)
      await succeed(bob.run(['send', alice.handle, 'wide 漢字 and 👍']))
      const tmux = new Tmux(t, alice, { columns, rows })
      await tmux.shows(/shell>/)
      tmux.write(`'${process.execPath}' '${SOTTO}'`)
      tmux.keys('Enter')
      await tmux.shows(/@bob\.42/)
      t.equal(tmux.run('display-message', '-p', '#{alternate_on}').trim(), '1')
      tmux.keys('Enter')
      await tmux.shows(/wide 漢字 and 👍/)
      tmux.write('hello from tmux')
      await tmux.shows(/> hello from tmux/)
      tmux.keys('Enter')
      await tmux.shows(/You[^]*hello from tmux/)
      await succeed(bob.run(['receive']))
      await succeed(bob.run(['send', alice.handle, 'and back']))
      await tmux.shows(/and back/)

      tmux.run('resize-window', '-x', '60', '-y', '20')
      await tmux.shows(/^(?:.*\n){19} Enter send/)
      t.match(tmux.text, /and back/)
      t.ok(tmux.text.split('\n').every((line) => line.length <= 60))
      tmux.run('resize-window', '-x', String(columns), '-y', String(rows))
      await tmux.shows(/and back/)

      tmux.keys('C-z')
      await tmux.shows(/Stopped/)
      t.equal(tmux.run('display-message', '-p', '#{alternate_on}').trim(), '0')
      tmux.write('fg')
      tmux.keys('Enter')
      await tmux.shows(/and back/)
      tmux.keys('C-c')
      tmux.keys('C-c')
      await tmux.shows(/shell>\s*$/)
      t.equal(tmux.run('display-message', '-p', '#{alternate_on}#{mouse_any_flag}').trim(), '00')
    },
  )
