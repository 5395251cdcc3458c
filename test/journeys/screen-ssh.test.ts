import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { userInfo } from 'node:os'
import { delimiter, join } from 'node:path'

import { test, type Test } from 'tap'

import {
  holdPort,
  isInstalled,
  isolatedEnvironment,
  Screen,
  SOTTO,
  succeed,
  tempDir,
  type Person,
} from '../harness/index.js'
import { beginPair } from './support/pair.js'

const skip = !(isInstalled('sshd') && isInstalled('ssh')) && 'there is no sshd'

interface Host {
  readonly port: number
  readonly key: string
  readonly knownHosts: string
}

/** A real sshd on loopback, for the user of this test and with a key that is made for it. */
async function startSshd(t: Test): Promise<Host> {
  const dir = tempDir(t)
  const [hostKey, key] = ['host', 'user'].map((name) => join(dir, name)) as [string, string]
  for (const path of [hostKey, key])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path])
  const port = await holdPort(t)
  const config = join(dir, 'sshd_config')
  const lines = [
    ...['ListenAddress 127.0.0.1', `Port ${String(port)}`, `HostKey ${hostKey}`, 'PidFile none'],
    ...[`AuthorizedKeysFile ${key}.pub`, 'StrictModes no', 'UsePAM no', 'PermitUserRC no'],
    ...['PermitRootLogin prohibit-password', 'PasswordAuthentication no', 'PrintMotd no'],
  ]
  writeFileSync(config, `${lines.join('\n')}\n`)
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })
  // It starts itself again for each connection, by the whole path.
  const sshd = spawn(pathOf('sshd'), ['-D', '-e', '-f', config], { stdio: 'ignore' })
  t.teardown(async () => {
    if (sshd.exitCode !== null) return
    const ended = once(sshd, 'exit')
    sshd.kill()
    await ended
  })
  while (!(await answers(port))) {
    if (sshd.exitCode !== null) throw new Error(`sshd ended with ${String(sshd.exitCode)}`)
  }
  return { port, key, knownHosts: join(dir, 'known_hosts') }
}

/** The screen at the other end, as somebody sees it here. */
function openOver(t: Test, { home }: Person, { port, key, knownHosts }: Host): Screen {
  const env = isolatedEnvironment(home, { TERM: 'xterm-256color' })
  const options = ['BatchMode=yes', 'StrictHostKeyChecking=no', `UserKnownHostsFile=${knownHosts}`]
  const there = isolatedEnvironment(home, { SOTTO_HOME: home, TERM: 'xterm-256color' })
  const words = Object.entries(there).map(([name, value]) => `'${name}=${value}'`)
  return new Screen(t, {
    by: [
      ...(['ssh', '-F', '/dev/null', '-tt', '-i', key, '-p', String(port)] as const),
      ...options.flatMap((option) => ['-o', option]),
      ...[`${userInfo().username}@127.0.0.1`, 'env', '-i', ...words, process.execPath],
    ],
    ...{ program: SOTTO, env, columns: 100, rows: 24 },
  })
}

test('over ssh a conversation is held, and sizes come through', { skip }, async (t) => {
  const { alice, bob } = await beginPair(t)
  const screen = openOver(t, alice, await startSshd(t))
  await screen.shows(/@bob\.42/)
  screen.type('\r')
  await screen.shows(/^.*> *$/m)
  screen.type('hello over ssh\r')
  await screen.shows(/You[^]*hello over ssh/)
  await succeed(bob.run(['receive']))
  await succeed(bob.run(['send', alice.handle, 'and back']))
  await screen.shows(/and back/)
  screen.resize(60, 20)
  await screen.until(({ lines }) => / Enter send /.test(lines[19] ?? ''), 'the last line of 20')
  screen.type('\u0003\u0003')
  t.equal(await screen.ended, 0)
  await screen.until(({ isFull }) => !isFull, 'the terminal as it was')
})

test(
  'a link that drops ends the screen, and the draft is there when it is back',
  { skip },
  async (t) => {
    const { alice } = await beginPair(t)
    const host = await startSshd(t)
    const screen = openOver(t, alice, host)
    await screen.shows(/@bob\.42/)
    screen.type('\r')
    await screen.shows(/^.*> *$/m)
    screen.type('for later')
    await screen.shows(/> for later/)
    process.kill(screen.pid, 'SIGKILL')
    await screen.ended

    const again = openOver(t, alice, host)
    await again.shows(/Draft: for later/)
  },
)

function pathOf(program: string): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const found = folders.map((each) => join(each, program)).find((path) => existsSync(path))
  return found ?? `/usr/sbin/${program}`
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'data') // Its greeting.
    return true
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 50))
    return false // Not yet.
  } finally {
    socket.destroy()
  }
}
