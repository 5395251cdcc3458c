import type { PassphraseSource } from '@sotto/client-core'
import { equalBytes, StorageError, UsageError, type SecretBytes } from '@sotto/protocol'

import type { Invocation, SecretPlace } from '../commands/command.js'

type Context = Pick<Invocation, 'globals' | 'output' | 'world'>

const TRIES_MAX = 3

/**
 * The passphrase of the account that is opened: from the descriptor or the file that was named, once;
 * else from the terminal, as often as it is asked for; else from nowhere.
 */
export function passphraseSource(context: Context): PassphraseSource {
  const { passphrase: place } = context.globals
  return async (attempt) => {
    if (place !== undefined) return attempt === 1 ? readFrom(place, context) : undefined
    return ask(attempt === 1 ? 'passphrase: ' : 'wrong; passphrase: ', context)
  }
}

/**
 * A passphrase to be set: from where it was named, else typed twice on the terminal. Throws
 * `store/passphrase-needed` where there is neither.
 */
export async function newPassphrase(
  context: Context,
  place: SecretPlace | undefined,
): Promise<SecretBytes> {
  if (place !== undefined) return readFrom(place, context)
  for (let attempt = 1; attempt <= TRIES_MAX; attempt++) {
    const first = await ask('new passphrase: ', context)
    if (first === undefined) break
    const second = await ask('once more: ', context)
    const same = second !== undefined && equalBytes(first.reveal(), second.reveal())
    second?.wipe()
    if (same) return first
    first.wipe()
    context.output.note('the two are not the same')
  }
  if (mayAsk(context)) throw new UsageError('usage/invalid', 'no passphrase was set')
  throw new StorageError('store/passphrase-needed', 'there is no new passphrase', {
    fix: 'Give it with a file or a descriptor (see --help), or run the command on a terminal.',
  })
}

/** On stdin where that is a terminal; else, where a message comes on stdin, on the terminal itself. */
async function ask(question: string, context: Context): Promise<SecretBytes | undefined> {
  if (!mayAsk(context)) return undefined
  const { promptAtTerminal, promptSecret } = await import('./prompt.js')
  const { world } = context
  return world.stdin.isTTY === true
    ? promptSecret(question, world)
    : promptAtTerminal(question, world)
}

/** Somebody sees what is asked. */
function mayAsk({ globals, world }: Context): boolean {
  const canAnswer = world.stdin.isTTY === true || world.terminal !== undefined
  return globals.input && world.stderr.isTTY === true && canAnswer
}

async function readFrom(place: SecretPlace, { output }: Context): Promise<SecretBytes> {
  const { readPassphrase } = await import('./read.js')
  return readPassphrase(place, (message) => output.note(message))
}
