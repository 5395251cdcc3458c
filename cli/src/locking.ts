import type { LocateOptions, PassphraseSource } from '@sotto/client-core'
import { asSottoError, SecretBytes } from '@sotto/protocol'
import type { Locking } from '@sotto/tui/screen'

import type { Invocation } from './commands/command.js'
import { loadCore } from './core.js'
import { findClient } from './find-client.js'
import type { LastingClient } from './lasting-client.js'
import { asPassphrase } from './passphrase/read.js'

/** How the screen's account is closed while it is locked: where only a passphrase opens it again. */
export function lockingOf(invocation: Invocation, client: LastingClient): Locking {
  const { id: account } = client.account
  const located = { home: { dataDir: invocation.globals.dataDir }, account }
  return {
    close: async () => {
      if (!(await isUnderPassphrase(located))) return 'key'
      await client.shut()
      return 'passphrase'
    },
    reopen: async (typed) => {
      const passphrase = new Passphrase(typed)
      try {
        const named = { ...invocation, globals: { ...invocation.globals, account } }
        const { source } = passphrase
        await client.reopen((again) =>
          findClient(named, { again, serveAtOnce: false, passphrase: source }),
        )
        // An owner in another process asks for nothing, so it is asked for here.
        if (client.remote && !passphrase.wasAsked) await checkAt(located, client, source)
      } finally {
        passphrase.wipe()
      }
    },
  }
}

async function isUnderPassphrase(located: LocateOptions): Promise<boolean> {
  const { showAccount } = await loadCore()
  try {
    await showAccount(located)
    return false
  } catch (thrown) {
    const error = asSottoError(thrown)
    if (error.code === 'store/passphrase-needed') return true
    if (error.code === 'account/none') return false // Its owner has it in another home.
    throw error
  }
}

async function checkAt(
  located: LocateOptions,
  client: LastingClient,
  passphrase: PassphraseSource,
): Promise<void> {
  const { showAccount } = await loadCore()
  try {
    await showAccount({ ...located, passphrase })
  } catch (thrown) {
    await client.shut()
    throw thrown
  }
}

/** One passphrase for whoever asks: once right or wrong, it is no better a second time. */
class Passphrase {
  readonly #secret: SecretBytes
  wasAsked = false

  constructor(typed: Uint8Array) {
    this.#secret = asPassphrase(typed)
  }

  readonly source: PassphraseSource = async (attempt) => {
    this.wasAsked = true
    return attempt === 1 ? new SecretBytes(this.#secret.reveal()) : undefined
  }

  wipe(): void {
    this.#secret.wipe()
  }
}
