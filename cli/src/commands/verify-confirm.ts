import { resolve } from 'node:path'

import type { Client, MethodParams } from '@sotto/client-core'
import { fromBase64url, InputError, NotFoundError, UsageError } from '@sotto/protocol'

import { confirm } from '../confirm.js'
import { renderContact, renderVerify } from '../print/people.js'
import { requireRecipient } from '../recipients.js'
import { readText } from '../text.js'
import { unlessAborted, withClient } from '../with-client.js'
import { TO_ARGUMENT, type Command, type Invocation } from './command.js'

export const command: Command = {
  path: ['verify', 'confirm'],
  group: 'People',
  summary: 'say that the safety numbers are equal',
  arguments: [TO_ARGUMENT],
  flags: [
    { name: 'number', value: 'digits', summary: 'the 60 digits that the other side reads out' },
    {
      name: 'qr',
      value: 'file',
      summary: 'what sotto verify qr --json printed on the other side; - is stdin',
      complete: 'file',
    },
  ],
  details: [
    'On a terminal the number is shown and you are asked; a script gives it. Spaces between the digits do not matter. Another number is exit 1.',
    'Where somebody’s safety number changed, the number of the account that has their username now makes that account the contact, verified; the number of the one before keeps that one.',
  ],
  examples: [
    'sotto verify confirm @bob.42 --number "$(cat from-bob.txt)"',
    'ssh bob sotto verify qr @alice.42 --json | sotto verify confirm @bob.42 --qr -',
  ],
  object: { schema: 'contact', many: false },
  exits: [1, 65, 66, 67, 69, 80, 82],
  run,
}

async function run(invocation: Invocation): Promise<number> {
  const { args, output } = invocation
  const to = requireRecipient(args[0] ?? '')
  const given = await readGiven(invocation)
  return withClient(invocation, async (client) => {
    const compared = given ?? (await askForNumber(client, invocation, to))
    const contact = await client.call('verify.confirm', { to, ...compared })
    output.result({ contact }, (look) => renderContact(contact, look))
    return 0
  })
}

type Compared = Pick<MethodParams<'verify.confirm'>, 'number' | 'qr'>

/** Undefined where a person is to be asked. Throws `usage/invalid` where nobody can be. */
async function readGiven(invocation: Invocation): Promise<Compared | undefined> {
  const { flags, globals, world } = invocation
  const number = flags.text('number')
  const file = flags.path('qr')
  if (number !== undefined && file !== undefined)
    throw new UsageError('usage/invalid', '--number and --qr are two ways of saying one thing', {
      fix: 'Give one of them.',
    })
  if (number !== undefined) return { number }
  if (file !== undefined) return { qr: await readQr(file, invocation) }
  if (globals.input && world.stdin.isTTY === true && world.stderr.isTTY === true) return undefined
  throw new UsageError('usage/invalid', 'the number is missing', {
    fix: 'Let them read it out to you: sotto verify confirm TO --number "12345 …"',
  })
}

async function askForNumber(client: Client, invocation: Invocation, to: string): Promise<Compared> {
  const { output } = invocation
  const verify = await client.call('verify.show', { to })
  invocation.world.stderr.write(`${renderVerify(verify, output.look)}\n`)
  try {
    await confirm(invocation, 'Does the other side see the same number?')
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown
    throw new NotFoundError(
      'identity/mismatch',
      'the numbers are not the same. Nothing was changed.',
      {
        cause: thrown,
        fix: 'Read them to each other again. If they stay different, somebody stands between.',
      },
    )
  }
  return { number: verify.safetyNumber }
}

/** The object that `verify qr --json` prints, or only what the code holds, in base64url. */
async function readQr(file: string, { world }: Invocation): Promise<string> {
  const stream =
    file === '-'
      ? world.stdin
      : (await import('node:fs')).createReadStream(resolve(world.workingDir, file))
  const text = await unlessAborted(
    world.signal,
    readText(stream, file === '-' ? 'stdin' : `the file ${file}`),
  )
  const held = text.startsWith('{') ? qrOf(text) : text.trim()
  if (held !== undefined && held !== '' && fromBase64url(held) !== undefined) return held
  throw new InputError('content/invalid', 'that is not what sotto verify qr --json prints', {
    fix: 'On the other side: sotto verify qr @you.42 --json. Copy the whole of it.',
  })
}

function qrOf(text: string): string | undefined {
  try {
    const printed = JSON.parse(text) as { readonly verify?: { readonly qr?: unknown } } | null
    const qr = printed?.verify?.qr
    return typeof qr === 'string' ? qr : undefined
  } catch {
    return undefined // It is no JSON.
  }
}
