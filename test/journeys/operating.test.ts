import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { test } from 'tap'

import {
  holdPort,
  isolatedEnvironment,
  ROOT,
  SOTTO,
  SOTTO_RELAY,
  tempDir,
} from '../harness/index.js'

const HEADING = '## From the first start to a disaster'

/** The commands of the operator's walk, as docs/OPERATING.md has them. */
function walk(): readonly string[] {
  const text = readFileSync(join(ROOT, 'docs/OPERATING.md'), 'utf8')
  const [, after = ''] = text.split(HEADING)
  const [section = ''] = after.split(/^## /m)
  return [...section.matchAll(/^```sh\n(.*?)^```/gms)].map(([, commands = '']) => commands)
}

/** The programs under the names that a document calls them by. */
function installPrograms(folder: string): void {
  mkdirSync(folder)
  for (const [name, program] of [
    ['sotto', SOTTO],
    ['sotto-relay', SOTTO_RELAY],
  ] as const) {
    const script = `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`
    writeFileSync(join(folder, name), script, { mode: 0o755 })
  }
}

test('the walk of docs/OPERATING.md, from the first start to a disaster, runs as it stands there', async (t) => {
  const dir = tempDir(t)
  const here = join(dir, 'here')
  mkdirSync(here)
  installPrograms(join(dir, 'bin'))
  const steps = walk()
  const ports = { 8470: String(await holdPort(t)), 9470: String(await holdPort(t)) }
  // Another port each, for those that the document names may be in use here; else nothing.
  const script = steps
    .map((commands, index) => `echo "== ${String(index + 1)}"\n${commands}`)
    .join('')
    .replaceAll('8470', ports[8470])
    .replaceAll('9470', ports[9470])
  const env = isolatedEnvironment(join(dir, 'home'), {
    PATH: `${join(dir, 'bin')}:${process.env['PATH'] ?? ''}`,
    SOTTO_KEYRING: 'off',
  })

  const shell = spawn('bash', ['-euo', 'pipefail', '-c', script], {
    cwd: here,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  t.teardown(() => {
    try {
      process.kill(-(shell.pid ?? 0), 'SIGKILL')
    } catch {
      // It has ended, and every relay that it started.
    }
  })
  const said: Buffer[] = []
  shell.stdout.on('data', (chunk: Buffer) => said.push(chunk))
  shell.stderr.on('data', (chunk: Buffer) => said.push(chunk))
  const code = await new Promise((resolve) => shell.once('close', resolve))

  const output = Buffer.concat(said).toString()
  const parts = output.split(/^== \d+\n/m).slice(1)
  t.equal(code, 0, output)
  t.equal(steps.length, 8)
  t.match(parts[1], /^retentionDays +14$/m)
  t.match(parts[2], /^accounts +1$/m)
  t.match(parts[3], /^ready$/m)
  t.match(parts[3], /log_events_total\{event="account\.registered"\} 1/)
  t.match(parts[4], /^-rw------- .* backup-1$/m)
  t.match(parts[5], /^retentionDays +7$/m)
  t.match(parts[7], /restored what was there at/)
  t.match(parts[7], /^accounts +1$/m)
  t.match(parts[7], /^epoch +\d{10,}$/m)
  t.match(parts[7], /the relay has ended/)
})
