import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FIRST_DEVICE, parseAccountId, type Bytes } from '@sotto/protocol'
import type { Test } from 'tap'
import type { Home } from '../../src/client.js'
import { createAccountFolder, type AccountFolder } from '../../src/home/home.js'
import { createStoreKey, type StoreKey } from '../../src/home/key-vault.js'
import { noKeyring, type Keyring } from '../../src/home/keyring.js'
import { writeLabel, type AccountLabel } from '../../src/home/label.js'
import { nodePorts } from '../../src/node-ports.js'

export const { random } = nodePorts({})

/** An empty home that goes with the test. */
export function tempHome(t: Test): Home {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-home-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return { dataDir: join(folder, 'data') }
}

export function labelOf(username: string | null, account: string, createdAtMs = 1): AccountLabel {
  return {
    account: parseAccountId(account),
    username,
    name: 'Ålice "A"',
    status: '',
    readReceipts: true,
    typing: true,
    device: FIRST_DEVICE,
    relay: 'https://relay.example',
    relayRoot: new Uint8Array(33).fill(5),
    createdAtMs,
  }
}

/** A finished account with its key in a file. */
export async function makeAccount(
  home: Home,
  label: AccountLabel,
  keyring: Keyring = noKeyring,
): Promise<StoreKey & { readonly folder: AccountFolder }> {
  const folder = createAccountFolder(home)
  const storeKey = await createStoreKey(folder, { random, keyring })
  writeLabel(folder, storeKey.key, label)
  return { ...storeKey, folder }
}

/** Everything under a folder, names included, as one heap of bytes. */
export function allBytesUnder(folder: string): Buffer {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const contents = paths
    .map((path) => join(folder, path))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path))
  return Buffer.concat([Buffer.from(paths.join('\n')), ...contents])
}

/** A keyring in memory, for machines without one. */
export class MemoryKeyring implements Keyring {
  readonly secrets = new Map<string, Bytes>()

  async write(name: string, secret: Bytes): Promise<void> {
    this.secrets.set(name, Uint8Array.from(secret))
  }

  async read(name: string): Promise<Bytes | undefined> {
    const secret = this.secrets.get(name)
    return secret === undefined ? undefined : Uint8Array.from(secret)
  }

  async erase(name: string): Promise<void> {
    this.secrets.delete(name)
  }
}
