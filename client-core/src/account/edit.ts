import {
  formatUsername,
  parseProxyUrl,
  parseUsername,
  PROFILE_NAME_LENGTH_MAX,
  PROFILE_STATUS_LENGTH_MAX,
  UsageError,
} from '@sotto/protocol'
import { currentAccount } from '../core.js'
import type { AccountObject } from '../objects.js'
import type { OpenAccount } from '../open-account.js'
import { usernameClaim } from './claim-username.js'
import { spreadProfile } from './profile.js'
import { switchReadReceipts } from './read-receipts.js'

/** What of one's own account shall be otherwise; undefined stays. */
export interface AccountChange {
  /** Empty: none. */
  readonly name?: string | undefined
  readonly status?: string | undefined
  /** Null: none any more. */
  readonly username?: string | null | undefined
  /** A URL, or `none`. */
  readonly proxy?: string | undefined
  /** Whether read receipts are sent, and those of others are shown. */
  readonly readReceipts?: boolean | undefined
  /** Whether others learn when we write, and we when they do. */
  readonly typing?: boolean | undefined
}

/** What changing an account needs of an open one. */
export type EditParts = Pick<OpenAccount, 'core' | 'relabel'> & {
  readonly connection: Pick<OpenAccount['connection'], 'setUsername'>
}

/**
 * Changes name, status, username and what others learn of us, and gives contacts the new profile. A
 * username is the relay's to give: without it nothing is changed. If we die after the relay gave it, the same change again
 * finishes it; if we die after the commit, the next opening puts the label right. Throws
 * `username/taken`, `relay/unreachable`, `usage/invalid`.
 */
export async function editAccount(open: EditParts, change: AccountChange): Promise<AccountObject> {
  const { core } = open
  if (change.proxy !== undefined) saveProxy(core, change.proxy)
  const wanted = { ...profileOf(core.account), ...checked(change) }
  if (change.username !== undefined) {
    await open.connection.setUsername(usernameClaim(wanted.username))
    core.ports.crashpoint('account.renamed')
  }
  const { readReceipts = core.account.readReceipts, typing = core.account.typing } = change
  const isOtherwise = !isSame(wanted, profileOf(core.account))
  const isSwitched = readReceipts !== core.account.readReceipts || typing !== core.account.typing
  if (isOtherwise || isSwitched) {
    core.store.transact((tx) => {
      switchReadReceipts(tx, readReceipts)
      tx.account.setTyping(typing)
      if (!isOtherwise) return
      tx.account.saveProfile(wanted)
      spreadProfile(tx, core)
    })
    core.reloadAccount()
    core.ports.crashpoint('account.edited')
  }
  open.relabel()
  return currentAccount(core)
}

function saveProxy(core: EditParts['core'], proxy: string): void {
  const checkedProxy = proxy === 'none' ? proxy : parseProxyUrl(proxy).url
  core.store.transact((tx) => {
    tx.account.setProxy(checkedProxy)
  })
  core.reloadAccount()
}

interface OwnProfile {
  readonly username: string | null
  readonly name: string
  readonly status: string
}

function profileOf({ username, name, status }: OwnProfile): OwnProfile {
  return { username, name, status }
}

function isSame(a: OwnProfile, b: OwnProfile): boolean {
  return a.username === b.username && a.name === b.name && a.status === b.status
}

function checked({ name, status, username }: AccountChange): Partial<OwnProfile> {
  return {
    ...(name === undefined ? {} : { name: checkedLine('name', name, PROFILE_NAME_LENGTH_MAX) }),
    ...(status === undefined
      ? {}
      : { status: checkedLine('status', status, PROFILE_STATUS_LENGTH_MAX) }),
    ...(username === undefined
      ? {}
      : { username: username === null ? null : formatUsername(parseUsername(username)) }),
  }
}

/** What others would refuse, or a terminal would obey, is refused here. */
export function checkedLine(what: 'name' | 'status', line: string, lengthMax: number): string {
  if (line.length > lengthMax) {
    throw new UsageError('usage/invalid', `the ${what} is too long`, {
      fix: `A ${what} has at most ${String(lengthMax)} characters.`,
    })
  }
  if (/[\p{Cc}\p{Zl}\p{Zp}]|\p{Surrogate}/u.test(line)) {
    throw new UsageError('usage/invalid', `the ${what} is not one line of text`, {
      fix: 'Leave out line ends, tabs and other control characters.',
    })
  }
  return line
}
