import { randomInt } from 'node:crypto'
import { userInfo } from 'node:os'

import {
  asSottoError,
  errorObject,
  formatUsername,
  parseInviteLink,
  parseUsername,
  type SottoError,
} from '@sotto/protocol'

import type { Invocation } from './commands/command.js'
import { askLine } from './confirm.js'
import { loadCore } from './core.js'
import { relayWait } from './open-options.js'
import { proxySettings, typedProxy } from './proxy.js'
import { unlessAborted } from './with-client.js'

/** What somebody said who is here for the first time. */
interface Answers {
  readonly relay: string
  /** An invite link, which says the relay, too. */
  readonly invite: string | undefined
}

const WELCOME = `Welcome to sotto. Two questions, and you can write to somebody.
Ctrl+C leaves; nothing is made before the last answer.
`
const ABOUT_RELAY = `
1  The relay passes sealed envelopes on and cannot read them. Whoever invited you can tell you
   its address; paste an invite link if you have one. To run one yourself: sotto-relay
`
const ABOUT_USERNAME = `
2  Others find you by your username: a name and a number. The relay keeps only its hash.
`
const INVITED = 'The link says which relay it is.\n'
/** No more wrong answers than these: then somebody is better helped by the documents. */
const ATTEMPTS_MAX = 20

/**
 * Asks whoever is here for the first time what an account needs, and makes it. Answers with the
 * invite link that was given, whose sender is to be a contact. Undefined: there was nobody to answer.
 * If we die meanwhile, `sotto account create` goes on where it was.
 */
export async function firstRun(invocation: Invocation): Promise<Answers | undefined> {
  const { stderr } = invocation.world
  stderr.write(WELCOME)
  let answers = await askRelay(invocation)
  for (let attempt = 0; answers !== undefined && attempt < ATTEMPTS_MAX; attempt++) {
    const username = await askUsername(invocation)
    if (username === undefined) return undefined
    const failed = await create(invocation, answers, username)
    if (failed === undefined) return answers
    tell(invocation, failed)
    if (failed.code !== 'username/taken') answers = await askRelay(invocation)
  }
  return undefined
}

async function create(
  invocation: Invocation,
  { relay }: Answers,
  username: string,
): Promise<SottoError | undefined> {
  const { globals, world } = invocation
  const { createAccount } = await loadCore()
  try {
    const created = await unlessAborted(
      world.signal,
      createAccount({
        ...{ home: { dataDir: globals.dataDir }, relay, username, insecure: false },
        ...{ proxy: proxySettings(invocation), ...relayWait(invocation) },
        ...named('ownProxy', typedProxy(invocation)),
      }),
    )
    const { keyWarning, pinnedRoot } = created
    world.stderr.write(`\nYou are @${username}.\n`)
    if (pinnedRoot !== undefined)
      world.stderr.write(`The relay's root key is pinned: compare #root=${pinnedRoot}\n`)
    world.stderr.write(
      keyWarning === undefined
        ? 'The key of your messages rests in your keyring.\n'
        : 'The key of your messages rests in a file that only you can read; to lock it: sotto store passphrase\n',
    )
    return undefined
  } catch (thrown) {
    if (world.signal.aborted) throw thrown
    return asSottoError(thrown)
  }
}

/** An address or a link that can be one; undefined where nobody answers. */
async function askRelay(invocation: Invocation): Promise<Answers | undefined> {
  const { stderr } = invocation.world
  stderr.write(ABOUT_RELAY)
  return ask(invocation, 'relay or invite link: ', (typed) => {
    if (/^sotto:/i.test(typed)) {
      const { relay } = parseInviteLink(typed)
      stderr.write(INVITED)
      return { relay, invite: typed }
    }
    return { relay: /^[a-z]+:\/\//i.test(typed) ? typed : `https://${typed}`, invite: undefined }
  })
}

/** The name of who runs this, with a number, unless they say another. */
async function askUsername(invocation: Invocation): Promise<string | undefined> {
  const { stderr } = invocation.world
  stderr.write(ABOUT_USERNAME)
  const offered = offer()
  const shown = offered === undefined ? '' : ` [${offered}]`
  return ask(
    invocation,
    `username${shown}: `,
    (typed) => formatUsername(parseUsername(typed.replace(/^@/, ''))),
    offered,
  )
}

/** Asked again for as long as the answer is none, and told why. */
async function ask<Value>(
  invocation: Invocation,
  question: string,
  parse: (typed: string) => Value,
  offered = '',
): Promise<Value | undefined> {
  const { world } = invocation
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const typed = (await askLine(question, world)) || offered
    if (typed === '' && world.stdin.readableEnded) return undefined
    if (typed === '') continue
    try {
      return parse(typed)
    } catch (thrown) {
      tell(invocation, asSottoError(thrown))
    }
  }
  return undefined
}

function offer(): string | undefined {
  try {
    const wanted = `${userInfo().username.toLowerCase()}.${String(randomInt(10, 100))}`
    return formatUsername(parseUsername(wanted))
  } catch {
    return undefined // A name that cannot be a username, or none: they think of one.
  }
}

function tell({ output }: Invocation, error: SottoError): void {
  output.error(errorObject(error))
}

function named<Name extends string>(
  name: Name,
  value: string | undefined,
): Partial<Record<Name, string>> {
  return value === undefined ? {} : ({ [name]: value } as Record<Name, string>)
}
