import { AccountError, makeMessageId, type MessageId } from '@sotto/protocol'
import { Views } from './conversation/views.js'
import type { AccountObject } from './objects.js'
import type { Ports } from './ports.js'
import { Lane } from './session/lane.js'
import { loadOwnDevice, type OwnDevice } from './session/own-device.js'
import type { Store } from './store/store.js'
import { Together } from './store/together.js'
import type { OwnAccount } from './store/tables/account.js'

/** What the parts of an open client share. */
export interface Core {
  readonly store: Store
  /** As it is on disk; after changing it in a transaction call `reloadAccount`. */
  readonly account: OwnAccount
  readonly reloadAccount: () => void
  readonly own: OwnDevice
  readonly lane: Lane
  /** What is composed by several calls at once. */
  readonly composing: Together
  readonly ports: Ports
  readonly views: Views
  /** Strangers become contacts by themselves (bots). */
  readonly acceptEveryone: boolean
  /** One-time prekeys of each kind that the relay has when it has them all. */
  readonly prekeyStock: number
  /** The relay's clock as best known (monotonic), else the local one. Unix milliseconds. */
  readonly relayNowMs: () => number
  /** Whether the relay has told this process its time. Before, nothing may expire by it. */
  readonly knowsRelayTime: () => boolean
  /** Sorts behind every earlier one of this process: the order of what arrives in one millisecond. */
  readonly nextMessageId: () => MessageId
}

/** Throws `account/none` where the store has no account in it. */
export function makeCore(
  parts: Pick<
    Core,
    'store' | 'ports' | 'acceptEveryone' | 'prekeyStock' | 'relayNowMs' | 'knowsRelayTime'
  >,
): Core {
  const { store, ports } = parts
  let account = readAccount(store)
  let idMs = 0
  return {
    ...parts,
    get account() {
      return account
    },
    reloadAccount: () => {
      account = readAccount(store)
    },
    nextMessageId: () => {
      idMs = Math.max(ports.clock.nowMs(), idMs + 1)
      return makeMessageId({ nowMs: idMs, random: ports.random.bytes(10) })
    },
    own: loadOwnDevice(account),
    lane: new Lane(),
    composing: new Together(store),
    views: new Views(store.read, () => account),
  }
}

export function currentAccount({ account }: Pick<Core, 'account'>): AccountObject {
  const { username, device, relay, name, status, readReceipts, typing } = account
  return {
    id: account.account,
    username,
    device,
    relay,
    name: orNull(name),
    status: orNull(status),
    readReceipts,
    typing,
  }
}

/** What is empty where nothing was said. */
export function orNull(text: string): string | null {
  return text === '' ? null : text
}

function readAccount(store: Store): OwnAccount {
  const account = store.read.account.own()
  if (account === undefined)
    throw new AccountError('account/none', 'the account was never finished')
  return account
}
