import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Home } from '../client.js'
import type { Crashpoint } from '../ports.js'
import { syncFolder, withFiles } from './files.js'
import { accountsPath, forgetDefault, isFolderName, storePath, type AccountFolder } from './home.js'
import { forgetStoreKey, type VaultOptions } from './key-vault.js'

/** What is no longer an account, and not yet gone. */
const GONE = '.gone'

/**
 * Removes an account that this process owns: the store, then the account itself, then its key and
 * what is left. If we die after the store, the account is still found by its name and the same again
 * goes on; after the account, `finishErasing` does.
 */
export async function eraseAccount(
  home: Home,
  folder: AccountFolder,
  { crashpoint, ...vault }: VaultOptions & { readonly crashpoint: Crashpoint },
): Promise<void> {
  withFiles(() => {
    for (const suffix of ['', '-wal', '-shm', '-journal'])
      rmSync(`${storePath(folder)}${suffix}`, { force: true })
    syncFolder(folder.path)
  })
  crashpoint('account.emptied')
  const gone = { ...folder, path: `${folder.path}${GONE}` }
  withFiles(() => {
    renameSync(folder.path, gone.path)
    syncFolder(dirname(gone.path))
  })
  crashpoint('account.hidden')
  forgetDefault(home, folder)
  await removeGone(gone, vault)
}

/** Removes what erasures that were interrupted have left. Calls `found` with each before. */
export async function finishErasing(
  home: Home,
  found: (folder: AccountFolder) => Promise<void>,
): Promise<void> {
  for (const folder of listGone(home)) {
    await found(folder)
    forgetDefault(home, folder)
    await removeGone(folder, {})
  }
}

async function removeGone(folder: AccountFolder, vault: VaultOptions): Promise<void> {
  await forgetStoreKey(folder, vault)
  withFiles(() => {
    rmSync(folder.path, { recursive: true, force: true })
    syncFolder(dirname(folder.path))
  })
}

function listGone(home: Home): readonly AccountFolder[] {
  const accounts = accountsPath(home)
  if (!existsSync(accounts)) return []
  return withFiles(() => readdirSync(accounts))
    .filter((entry) => entry.endsWith(GONE) && isFolderName(entry.slice(0, -GONE.length)))
    .map((entry) => ({ name: entry.slice(0, -GONE.length), path: join(accounts, entry) }))
}
