import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { isolatedEnvironment } from '../../harness/index.js'
import type { Peer } from '../figure.js'
import { findProgram } from '../peers/server.js'
import { residentKiB } from '../relay/memory.js'
import { withScope } from '../../harness/scope.js'
import { median } from '../statistics.js'
import { typeKeys } from './measures.js'
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

const DURABILITY = 'nothing is kept or encrypted: it is started empty, without an account'

/** The same of each peer, in the order of their names. */
export interface PeerMeasures {
  /** Milliseconds from the start to a first screen that stays as it is. */
  readonly starts: readonly Peer[]
  /** Milliseconds from a key to its letter on the line that is typed on. */
  readonly keys: readonly Peer[]
  /** MiB in memory after these keys. */
  readonly resident: readonly Peer[]
}

/** Of those that are installed: an empty screen of theirs, without a server. */
export async function measurePeers(
  dir: string,
  { runs, note }: { readonly runs: number; readonly note: (line: string) => void },
): Promise<PeerMeasures> {
  const starts: Peer[] = []
  const keys: Peer[] = []
  const resident: Peer[] = []
  for (const { name, args } of PEERS) {
    const command = findProgram(name)
    if (command === undefined) {
      note(`${name} is skipped: it is not installed`)
      for (const each of [starts, keys, resident]) each.push({ name, skipped: 'not installed' })
      continue
    }
    const home = join(dir, name)
    mkdirSync(home, { mode: 0o700 })
    const program = { command, args: args(home), env: isolatedEnvironment(home) }
    await startMs(program) // It makes its configuration.
    const took: number[] = []
    for (let run = 0; run < runs; run++) took.push(await startMs(program))
    starts.push({ name, value: median(took), durability: DURABILITY })
    const typed = await type(program)
    keys.push({ name, value: typed.keyMs, durability: DURABILITY })
    resident.push({ name, value: typed.residentMiB, durability: DURABILITY })
  }
  return { starts, keys, resident }
}

function type(program: PtyProgram) {
  return withScope(async (scope) => {
    const pty = new Pty(scope, program)
    await pty.quiet(QUIET_MS)
    const { keys } = await typeKeys(pty)
    return { keyMs: median(keys), residentMiB: residentKiB(pty.pid) / 1024 }
  })
}

function startMs(program: PtyProgram): Promise<number> {
  return withScope(async (scope) => {
    const pty = new Pty(scope, program)
    return (await pty.quiet(QUIET_MS)) - pty.beganMs
  })
}
