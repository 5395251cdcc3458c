import { AccountError, StorageError } from '@sotto/protocol'
import type { Home } from '../client.js'
import { defaultAccount, listAccountFolders, type AccountFolder } from './home.js'
import { readStoreKey, type StoreKey, type VaultOptions } from './key-vault.js'
import { readLabel, type AccountLabel } from './label.js'

/** An account that is here: its folder, whose it is, and the key that opens it. */
export interface LocalAccount extends StoreKey {
  readonly folder: AccountFolder
  readonly label: AccountLabel
}

/** Shorter beginnings of an account id are never guessed. */
export const ACCOUNT_PREFIX_MIN = 6

/** Throws `store/locked` where its key is not to be had. */
export async function openFolder(
  folder: AccountFolder,
  options: VaultOptions = {},
): Promise<LocalAccount> {
  const storeKey = await readStoreKey(folder, options)
  return { ...storeKey, folder, label: readLabel(folder, storeKey.key) }
}

/** Every account here, by age, and how many more do not open: locked, or damaged. */
export async function openAllFolders(
  home: Home,
  options: VaultOptions = {},
): Promise<{ readonly accounts: readonly LocalAccount[]; readonly locked: number }> {
  const opened = await Promise.all(
    listAccountFolders(home).map((folder) => openIfPossible(folder, options)),
  )
  const accounts = opened.filter((account) => account !== undefined)
  accounts.sort((a, b) => a.label.createdAtMs - b.label.createdAtMs)
  return { accounts, locked: opened.length - accounts.length }
}

/**
 * The account that `name` means: a username, an account id or a unique beginning of one; without a
 * name the default, else the only one. Throws `account/none`, `account/ambiguous`, `store/locked`.
 */
export async function resolveAccount(
  home: Home,
  name: string | undefined,
  options: VaultOptions = {},
): Promise<LocalAccount> {
  return name === undefined ? openDefault(home, options) : openNamed(home, name, options)
}

async function openDefault(home: Home, options: VaultOptions): Promise<LocalAccount> {
  const folder = defaultAccount(home)
  if (folder !== undefined) return openFolder(folder, options)
  if (listAccountFolders(home).length === 0) {
    throw new AccountError('account/none', 'there is no account here yet', { fix: CREATE })
  }
  const { accounts } = await openAllFolders(home, options)
  throw ambiguous('several accounts are here', accounts)
}

async function openNamed(home: Home, name: string, options: VaultOptions): Promise<LocalAccount> {
  const { accounts, locked } = await openAllFolders(home, options)
  const wanted = name.replace(/^(@|acct:)/, '').toLowerCase()
  const exact = accounts.filter(
    ({ label }) => label.account === wanted || label.username?.toLowerCase() === wanted,
  )
  const matches = exact.length > 0 ? exact : accounts.filter((each) => begins(each, wanted))
  const [match, ...others] = matches
  if (match !== undefined && others.length === 0) return match
  if (match !== undefined) throw ambiguous(`several accounts here are “${name}”`, matches)
  if (locked > 0) {
    throw new StorageError('store/locked', `no account that opens here is “${name}”`, {
      fix: `${locked} more cannot be opened: unlock the keyring of this desktop session.`,
    })
  }
  throw new AccountError('account/none', `no account here is “${name}”`, {
    fix: accounts.length === 0 ? CREATE : 'See which there are: sotto account list',
  })
}

function begins({ label }: LocalAccount, wanted: string): boolean {
  return wanted.length >= ACCOUNT_PREFIX_MIN && label.account.startsWith(wanted)
}

const CREATE = 'Create one: sotto account create --relay https://… --username alice.42'

/** Two accounts may share a username, on different relays: then only the id tells them apart. */
function ambiguous(message: string, accounts: readonly LocalAccount[]): AccountError {
  const names = accounts.map(({ label }) => {
    const isShared = accounts.filter((each) => each.label.username === label.username).length > 1
    return label.username === null || isShared ? label.account : label.username
  })
  return new AccountError('account/ambiguous', `${message}: ${names.join(', ')}`, {
    fix: `Name one: sotto --account ${names[0] ?? 'NAME'} …`,
  })
}

async function openIfPossible(
  folder: AccountFolder,
  options: VaultOptions,
): Promise<LocalAccount | undefined> {
  try {
    return await openFolder(folder, options)
  } catch (error) {
    if (error instanceof StorageError) return undefined // One that is damaged hides no other.
    throw error
  }
}
