import { randomInt } from 'node:crypto'
import { userInfo } from 'node:os'

import type { CreatedAccount, GreetedRelay, PassphraseSource } from '@sotto/client-core'
import { formatUsername, parseUsername, SecretBytes } from '@sotto/protocol'
import type { ChosenRelay, FirstRunOptions, FirstRunServices } from '@sotto/tui/first-run'

import type { Invocation } from './commands/command.js'
import { askLine } from './confirm.js'
import { loadCore } from './core.js'
import { createWorking } from './create-working.js'
import { relayWait } from './open-options.js'
import { asPassphrase } from './passphrase/read.js'
import { promptSecret } from './passphrase/prompt.js'
import { hasPrivateRelay, privateRelayFolder, startPrivateRelay } from './private-relay.js'
import { proxySettings, typedProxy } from './proxy.js'
import { unlessAborted } from './with-client.js'

/** What a first run has led to. */
export interface FirstRun {
  /** The link that was given: its sender is to be a contact. */
  readonly invite: string | undefined
  /** Opens the account that was made, where that takes a passphrase: it was typed a moment ago. */
  readonly passphrase: PassphraseSource | undefined
}

const STDOUT = 1

/**
 * Asks whoever is here for the first time what an account needs, and has it made: on the full screen,
 * or by lines where only those can be shown. Undefined: they left. If we die meanwhile, the next first
 * run offers to go on.
 */
export async function firstRun(invocation: Invocation): Promise<FirstRun | undefined> {
  const { globals, world } = invocation
  const made = new Making(invocation)
  const { findBegunAccount } = await loadCore()
  const options: Omit<FirstRunOptions, 'size'> = {
    offered: offer(),
    begun: await findBegunAccount({ dataDir: globals.dataDir }),
    hasPrivateRelay: hasPrivateRelay(globals.dataDir),
  }
  const chosen = globals.plain
    ? await askByLines(invocation, made.services, options)
    : await askOnScreen(invocation, made.services, options)
  world.signal.throwIfAborted()
  if (chosen === undefined) return undefined
  await tell(invocation, chosen, made)
  return { invite: chosen.invite, passphrase: made.passphrase() }
}

async function askOnScreen(
  { globals, world }: Invocation,
  services: FirstRunServices,
  options: Omit<FirstRunOptions, 'size'>,
): Promise<ChosenRelay | undefined> {
  const [{ openFirstRun }, { colorDepth }] = await Promise.all([
    import('@sotto/tui/first-run'),
    import('@sotto/tui/screen'),
  ])
  return openFirstRun({
    ...{ ...options, services, signal: world.signal },
    terminal: { input: world.stdin, output: world.stdout, outputFd: STDOUT },
    colors: globals.color ? colorDepth(world.env) : 'none',
  })
}

async function askByLines(
  { world }: Invocation,
  services: FirstRunServices,
  options: Omit<FirstRunOptions, 'size'>,
): Promise<ChosenRelay | undefined> {
  const { askFirstRun } = await import('@sotto/tui/first-run')
  const asking = askFirstRun({
    ...{ ...options, services },
    print: (line) => void world.stdout.write(`${line}\n`),
    ask: async (question) => {
      const typed = await askLine(question, world)
      return typed === '' && world.stdin.readableEnded ? undefined : typed
    },
    askSecret: async (question) => {
      const secret = await promptSecret(question, world)
      const bytes = secret === undefined ? undefined : Uint8Array.from(secret.reveal())
      secret?.wipe()
      return bytes
    },
  })
  return unlessAborted(world.signal, asking)
}

/** What is asked of the relay, and what comes of it. */
class Making {
  readonly services: FirstRunServices
  created: CreatedAccount | undefined
  #secret: SecretBytes | undefined

  constructor(invocation: Invocation) {
    const { globals, world } = invocation
    const { dataDir } = globals
    const unseen = { world, globals: { ...globals, quiet: true } } // The screen tells of the work.
    const reached = {
      ...{ proxy: proxySettings(invocation), insecure: false, ...relayWait(invocation) },
      ...named('ownProxy', typedProxy(invocation)),
    }
    const greet = async (relay: string): Promise<GreetedRelay> =>
      (await loadCore()).greetRelay({ ...reached, relay })
    this.services = {
      ...{ relayFolder: privateRelayFolder(dataDir), greet },
      startRelay: () => startPrivateRelay(dataDir, async (relay) => (await greet(relay)).address),
      isFree: async (relay, username) =>
        (await loadCore()).isUsernameFree({ ...reached, relay, username }),
      findKeyPlace: async () => (await loadCore()).findKeyPlace(),
      make: async ({ relay, username, code, passphrase: typed }) => {
        const passphrase = typed === undefined ? undefined : asPassphrase(typed)
        this.#secret?.wipe()
        this.#secret = passphrase && new SecretBytes(passphrase.reveal())
        this.created = await createWorking(unseen, {
          ...{ ...reached, home: { dataDir }, relay, username },
          ...named('code', code),
          ...(passphrase === undefined ? {} : { passphrase }),
        })
      },
    }
  }

  /** Once, for whoever opens what was made. */
  passphrase(): PassphraseSource | undefined {
    const secret = this.#secret
    if (secret === undefined) return undefined
    return async (attempt) => (attempt === 1 ? secret : undefined)
  }

  get keyIn(): 'keyring' | 'file' | 'passphrase' {
    if (this.#secret !== undefined) return 'passphrase'
    return this.created?.keyWarning === undefined ? 'keyring' : 'file'
  }
}

/** What stays written on the terminal, and is found there when the screen is left. */
async function tell({ world }: Invocation, chosen: ChosenRelay, made: Making): Promise<void> {
  const { FIRST_RUN_ENGLISH } = await import('@sotto/tui/first-run')
  const { made: words } = FIRST_RUN_ENGLISH
  const lines = [
    words.you(made.created?.account.username ?? ''),
    words.pinned(chosen.address),
    words.key[made.keyIn],
    ...(chosen.own === undefined ? [] : [words.relay(chosen.own)]),
  ]
  world.stdout.write(`${lines.join('\n')}\n`)
}

/** The name of who runs this, with a number. */
function offer(): string | undefined {
  try {
    const wanted = `${userInfo().username.toLowerCase()}.${String(randomInt(10, 100))}`
    return formatUsername(parseUsername(wanted))
  } catch {
    return undefined // A name that cannot be a username, or none: they think of one.
  }
}

function named<Name extends string>(
  name: Name,
  value: string | undefined,
): Partial<Record<Name, string>> {
  return value === undefined ? {} : ({ [name]: value } as Record<Name, string>)
}
