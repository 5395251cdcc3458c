import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { isolatedEnvironment } from '../../harness/index.js'
import type { Peer } from '../figure.js'
import { findProgram } from '../peers/server.js'
import { withScope } from '../scope.js'
import { median } from '../statistics.js'
import { Pty, type PtyProgram } from './pty.js'

/** Nothing is written for so long: the first screen is whole. */
const QUIET_MS = 300

interface ScreenPeer {
  readonly name: string
  /** As it is started in a home of its own, without an account or a server. */
  readonly args: (home: string) => readonly string[]
}

const PEERS: readonly ScreenPeer[] = [
  { name: 'irssi', args: (home) => [`--home=${home}`, '--noconnect'] },
  { name: 'weechat', args: (home) => ['--dir', home, '--no-connect'] },
  { name: 'profanity', args: () => [] },
]

const DURABILITY = 'nothing is kept: it is started empty, without an account'

/** Milliseconds from the start of each to a first screen that stays as it is. */
export async function peerStarts(
  dir: string,
  { runs, note }: { readonly runs: number; readonly note: (line: string) => void },
): Promise<readonly Peer[]> {
  const peers: Peer[] = []
  for (const { name, args } of PEERS) {
    const command = findProgram(name)
    if (command === undefined) {
      note(`${name} is skipped: it is not installed`)
      peers.push({ name, skipped: 'not installed' })
      continue
    }
    const home = join(dir, name)
    mkdirSync(home, { mode: 0o700 })
    const program = { command, args: args(home), env: isolatedEnvironment(home) }
    await startMs(program) // It makes its configuration.
    const took: number[] = []
    for (let run = 0; run < runs; run++) took.push(await startMs(program))
    peers.push({ name, value: median(took), durability: DURABILITY })
  }
  return peers
}

function startMs(program: PtyProgram): Promise<number> {
  return withScope(async (scope) => {
    const pty = new Pty(scope, program)
    return (await pty.quiet(QUIET_MS)) - pty.beganMs
  })
}
