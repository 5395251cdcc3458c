import { AccountError, SecretBytes, StorageError } from '@sotto/protocol'
import type { Home } from '../client.js'
import { defaultAccount, listAccountFolders, type AccountFolder } from './home.js'
import {
  ATTEMPTS_MAX,
  isPassphraseNeeded,
  passphraseNeeded,
  passphraseWrong,
  readStoreKey,
  type StoreKey,
  type VaultOptions,
} from './key-vault.js'
import { readLabel, type AccountLabel } from './label.js'

/** An account that is here: its folder, whose it is, and the key that opens it. */
export interface LocalAccount extends StoreKey {
  readonly folder: AccountFolder
  readonly label: AccountLabel
}

/** The accounts of a home, as far as they open without asking anybody. */
export interface OpenFolders {
  /** By age. */
  readonly accounts: readonly LocalAccount[]
  /** Those that only a passphrase opens. */
  readonly locked: readonly AccountFolder[]
  /** How many more do not open: their key is not to be had, or they are damaged. */
  readonly closed: number
}

/** Shorter beginnings of an account id are never guessed. */
export const ACCOUNT_PREFIX_MIN = 6

/** Throws `store/locked` where its key is not to be had, and what a passphrase may end in. */
export async function openFolder(
  folder: AccountFolder,
  options: VaultOptions = {},
): Promise<LocalAccount> {
  const storeKey = await readStoreKey(folder, options)
  return { ...storeKey, folder, label: readLabel(folder, storeKey.key) }
}

/** Asks for no passphrase: one that is locked hides no other, and neither does a damaged one. */
export async function openAllFolders(home: Home, options: VaultOptions = {}): Promise<OpenFolders> {
  const folders = listAccountFolders(home)
  const locked = folders.filter(isPassphraseNeeded)
  const others = folders.filter((folder) => !locked.includes(folder))
  const accounts = await openThose(others, options)
  return { accounts: byAge(accounts), locked, closed: others.length - accounts.length }
}

/** Those of locked folders that this passphrase opens. */
export async function openLocked(
  folders: readonly AccountFolder[],
  passphrase: SecretBytes,
): Promise<readonly LocalAccount[]> {
  return openThose(folders, {
    passphrase: async (attempt) =>
      attempt === 1 ? new SecretBytes(passphrase.reveal()) : undefined,
  })
}

export function byAge(accounts: readonly LocalAccount[]): readonly LocalAccount[] {
  return [...accounts].sort((a, b) => a.label.createdAtMs - b.label.createdAtMs)
}

/**
 * The account that `name` means: a username, an account id or a unique beginning of one; without a
 * name the default, else the only one. A passphrase is asked for where the account it means, or
 * every one that it could mean, is locked. Throws `account/none`, `account/ambiguous`,
 * `store/locked`, `store/passphrase-needed`, `store/passphrase-wrong`.
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
  const { accounts, locked, closed } = await openAllFolders(home, options)
  const known = matchOf(accounts, name)
  if (known !== undefined) return known
  if (locked.length > 0) return openLockedNamed(locked, name, options)
  if (closed > 0) {
    throw new StorageError('store/locked', `no account that opens here is “${name}”`, {
      fix: `${closed} more cannot be opened: unlock the keyring of this desktop session.`,
    })
  }
  throw noneNamed(name, accounts.length)
}

/** Labels are locked with their accounts: only a passphrase tells which of them is meant. */
async function openLockedNamed(
  folders: readonly AccountFolder[],
  name: string,
  { passphrase: ask }: VaultOptions,
): Promise<LocalAccount> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    const passphrase = await ask?.(attempt)
    if (passphrase === undefined) throw attempt === 1 ? passphraseNeeded() : passphraseWrong()
    const accounts = await openLocked(folders, passphrase)
    passphrase.wipe()
    const match = matchOf(accounts, name)
    for (const { key } of accounts.filter((each) => each !== match)) key.wipe()
    if (match !== undefined) return match
    if (accounts.length === folders.length) throw noneNamed(name, accounts.length)
  }
  throw passphraseWrong()
}

/** Undefined where none of them is meant; throws where several are. */
function matchOf(accounts: readonly LocalAccount[], name: string): LocalAccount | undefined {
  const wanted = normal(name)
  const exact = accounts.filter(
    ({ label }) => label.account === wanted || label.username?.toLowerCase() === wanted,
  )
  const matches = exact.length > 0 ? exact : accounts.filter((each) => begins(each, wanted))
  const [match, ...others] = matches
  if (match === undefined || others.length === 0) return match
  throw ambiguous(`several accounts here are “${name}”`, matches)
}

/** Whether a name may mean this account, whatever others there are. */
export function isMeant({ account, username }: AccountLabel, name: string): boolean {
  const wanted = normal(name)
  const isPrefix = wanted.length >= ACCOUNT_PREFIX_MIN && account.startsWith(wanted)
  return isPrefix || account === wanted || username?.toLowerCase() === wanted
}

function normal(name: string): string {
  return name.replace(/^(@|acct:)/, '').toLowerCase()
}

function begins({ label }: LocalAccount, wanted: string): boolean {
  return wanted.length >= ACCOUNT_PREFIX_MIN && label.account.startsWith(wanted)
}

const CREATE = 'Create one: sotto account create --relay https://… --username alice.42'

/** A configuration file may still have the name from before a username was changed. */
const OTHERS =
  'See which there are: sotto account list\nWho asks for this one, unless you did: sotto config list --origin'

function noneNamed(name: string, others: number): AccountError {
  return new AccountError('account/none', `no account here is “${name}”`, {
    fix: others === 0 ? CREATE : OTHERS,
  })
}

/** Two accounts may share a username, on different relays: then only the id tells them apart. */
function ambiguous(message: string, accounts: readonly LocalAccount[]): AccountError {
  const names = accounts.map(({ label }) => {
    const isShared = accounts.filter((each) => each.label.username === label.username).length > 1
    return label.username === null || isShared ? label.account : label.username
  })
  const list = names.length === 0 ? '' : `: ${names.join(', ')}`
  return new AccountError('account/ambiguous', `${message}${list}`, {
    fix: `Name one: sotto --account ${names[0] ?? 'NAME'} …`,
  })
}

async function openThose(
  folders: readonly AccountFolder[],
  options: VaultOptions,
): Promise<readonly LocalAccount[]> {
  const opened = await Promise.all(folders.map((folder) => openIfPossible(folder, options)))
  return opened.filter((account) => account !== undefined)
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
