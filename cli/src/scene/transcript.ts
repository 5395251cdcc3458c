import { join } from 'node:path'

import type { OutputStream } from '../world.js'
import { runSotto, startRelay, type PrivateRelay } from './programs.js'
import { readEnvelope, searchFiles } from './relay-disk.js'

const ALICE = 'alice.42'
const BOB = 'bob.42'
const NAME = 'Alice Marzipan'
const TEXTS = [
  'the harbour at dusk, pier seven',
  'pier seven it is; I bring the lantern',
  'you are asleep, so this waits at the relay',
  'and this, too: the password is quincunx',
] as const

export interface TranscriptOptions {
  readonly dir: string
  readonly stdout: OutputStream
  readonly signal: AbortSignal
}

/** Two people, one of them offline for a while, and what the relay has of it. Throws when a step fails. */
export async function playTranscript({ dir, stdout, signal }: TranscriptOptions): Promise<void> {
  const say = (text: string) => void stdout.write(`${text}\n`)
  const play = (who: string, args: readonly string[]) =>
    playCommand({ dir, who, args, say, signal })
  say('Two people and a relay of their own. Every line with a $ is run for you, now.')
  say('\n# a private relay on this machine')
  const relay = await startRelay(join(dir, 'relay'))
  try {
    say(`  it listens at ${relay.url}`)
    await playMeeting(relay, say, play)
    await playOffline(say, play)
    lookAtRelay(relay, { dir, say })
    say('\n# bob wakes up')
    await play('bob', ['receive'])
    await play('bob', ['history', `@${ALICE}`])
  } finally {
    await relay.stop()
  }
  say('\nThat is all. npm start in a terminal opens a chat; sotto --help tells the rest.')
}

type Say = (text: string) => void
type Play = (who: string, args: readonly string[]) => Promise<void>

async function playMeeting(relay: PrivateRelay, say: Say, play: Play): Promise<void> {
  say('\n# two accounts: no phone number, no address')
  const create = ['account', 'create', '--relay', relay.url]
  await play('alice', [...create, '--username', ALICE, '--name', NAME])
  await play('bob', [...create, '--username', BOB])
  say('\n# alice looks bob up and writes to him; to him she is a stranger who asks')
  await play('alice', ['contact', 'add', `@${BOB}`, '--as', 'bob'])
  await play('alice', ['send', '@bob', TEXTS[0]])
  await play('bob', ['receive'])
  await play('bob', ['contact', 'accept', `@${ALICE}`])
  await play('bob', ['send', `@${ALICE}`, TEXTS[1]])
  await play('alice', ['receive'])
  say('\n# equal numbers on both sides mean that nobody stands between')
  await play('alice', ['verify', 'show', '@bob'])
  await play('bob', ['verify', 'show', `@${ALICE}`])
}

async function playOffline(say: Say, play: Play): Promise<void> {
  say('\n# bob is offline; what alice sends is accepted and waits')
  await play('alice', ['send', '@bob', TEXTS[2]])
  await play('alice', ['send', '@bob', TEXTS[3], '--json'])
}

function lookAtRelay(relay: PrivateRelay, { dir, say }: { dir: string; say: Say }): void {
  say('\n# meanwhile, everything the relay has on disk')
  const words = [...TEXTS, 'harbour', 'lantern', 'quincunx', ALICE, BOB, NAME, 'Marzipan']
  const files = searchFiles(relay.dataDir, words)
  for (const { path, bytes } of files) say(`  ${String(bytes).padStart(8)}  ${path}`)
  const envelope = readEnvelope(relay.dataDir, join(dir, 'copy'))
  say(`  an envelope that waits for bob: ${envelope.hex}… (${String(envelope.bytes)} bytes)`)
  const found = files.flatMap((file) => file.found.map((what) => `${file.path}: ${what}`))
  if (found.length > 0) throw new Error(`the relay holds what it must not:\n${found.join('\n')}`)
  say(`  searched for ${String(words.length)} texts, words and names, also as UTF-16, hexadecimal`)
  say('  and base64: found nothing')
}

async function playCommand(options: {
  readonly dir: string
  readonly who: string
  readonly args: readonly string[]
  readonly say: Say
  readonly signal: AbortSignal
}): Promise<void> {
  const { dir, who, args, say, signal } = options
  signal.throwIfAborted()
  say(`${who} $ sotto ${args.map(quoted).join(' ')}`)
  const { exitCode, stdout, stderr } = await runSotto(join(dir, who), args)
  for (const line of [...linesOf(stdout), ...linesOf(stderr)]) say(`  ${line}`)
  signal.throwIfAborted()
  if (exitCode !== 0) throw new Error(`sotto ${args[0] ?? ''} ended with ${String(exitCode)}`)
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n')
}

function quoted(arg: string): string {
  return /^[\w@.:/-]+$/.test(arg) ? arg : `"${arg}"`
}
