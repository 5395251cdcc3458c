import {
  formatUsername,
  base64url,
  parseSignupCode,
  parseUsername,
  PROFILE_NAME_LENGTH_MAX,
  PROFILE_STATUS_LENGTH_MAX,
  SecretBytes,
  SottoError,
  type ErrorCodeName,
  type RelayUrl,
} from '@sotto/protocol'
import type { BegunAccount, CreateAccountOptions, CreatedAccount, Home } from '../client.js'
import {
  createAccountFolder,
  defaultFolder,
  listUnfinishedFolders,
  removeAccountFolder,
  setDefaultFolder,
  storePath,
  type AccountFolder,
} from '../home/home.js'
import {
  createStoreKey,
  forgetStoreKey,
  isPassphraseNeeded,
  readStoreKey,
  type StoreKey,
} from '../home/key-vault.js'
import { writeLabel } from '../home/label.js'
import { lockStoreKey } from '../home/move-key.js'
import { acquireOwner } from '../home/owner-lock.js'
import { nodePorts } from '../node-ports.js'
import type { Ports } from '../ports.js'
import { Store } from '../store/store.js'
import type { OwnAccount } from '../store/tables/account.js'
import { checkedLine } from './edit.js'
import { generateAccount } from './generate.js'
import { checkedRelay, fetchPinned, relayTransport } from './new-relay.js'
import { registerAccount, storeAccount } from './register.js'
import { WorkStopped } from './signup-work.js'

/** After these the account was certainly not made, and its folder goes again. */
const REFUSALS: ReadonlySet<ErrorCodeName> = new Set<ErrorCodeName>([
  'username/taken',
  'relay/registration-closed',
  'signup-code/unknown',
  'signup-code/expired',
  'signup-code/used-up',
  'signup-work/refused',
  'signup-work/too-much',
  'relay/rate-limited',
  'relay/refused',
  'wire/malformed',
])

/**
 * Makes an account and registers it. Keys are on disk before the relay hears of them; if we die on
 * the way, the same command goes on with the same keys, and the relay answers as the first time.
 */
export async function createAccount(options: CreateAccountOptions): Promise<CreatedAccount> {
  const relay = checkedRelay(options)
  const ownProxy = options.ownProxy ?? null
  const transport = relayTransport(relay, options)
  const ports: Ports = { ...nodePorts(), transport, ...options.ports }
  const username =
    options.username === undefined ? null : formatUsername(parseUsername(options.username))
  const name = checkedLine('name', options.name ?? '', PROFILE_NAME_LENGTH_MAX)
  const status = checkedLine('status', options.status ?? '', PROFILE_STATUS_LENGTH_MAX)
  const code = options.code === undefined ? '' : parseSignupCode(options.code)
  const { passphrase } = options
  const wanted: Wanted = { relay, username, name, status, passphrase, proxy: ownProxy }
  const begun =
    (await findUnfinished(options.home, wanted, ports)) ??
    (await begin(options.home, wanted, ports))
  try {
    const { signal, working: progress, relayWaitMs: waitMs } = options
    await registerAccount(begun, ports, { code, work: { signal, progress, waitMs } })
    finish(options.home, begun)
    return {
      account: { id: begun.own.account, username, device: begun.own.device, relay: relay.origin },
      pinnedRoot: relay.rootKey === undefined ? base64url(begun.own.relayRoot) : undefined,
      keyWarning: begun.storeKey.warning,
    }
  } catch (thrown) {
    begun.store.close()
    // What an earlier try has begun stays: its request may still be on the way to the relay.
    const isGivenUp = thrown instanceof WorkStopped && begun.isFresh
    if (isGivenUp || (thrown instanceof SottoError && REFUSALS.has(thrown.code))) {
      await forgetStoreKey(begun.folder)
      removeAccountFolder(begun.folder)
    }
    throw thrown instanceof WorkStopped ? thrown.cause : thrown
  } finally {
    begun.storeKey.key.wipe()
    passphrase?.wipe()
    begun.release()
  }
}

interface Wanted {
  readonly relay: RelayUrl
  readonly username: string | null
  readonly name: string
  readonly passphrase: SecretBytes | undefined
  readonly status: string
  readonly proxy: string | null
}

/** An account whose keys are on disk and which the relay may or may not know. */
interface Begun {
  readonly folder: AccountFolder
  readonly storeKey: StoreKey
  readonly store: Store
  readonly own: OwnAccount
  readonly release: () => void
  /** Begun by this very call. */
  readonly isFresh: boolean
}

/**
 * The account whose making was interrupted here, for whoever would go on with it; `locked`: one that
 * only its passphrase tells of. Undefined where there is none, or another process is making it now.
 */
export async function findBegunAccount(home: Home): Promise<BegunAccount | 'locked' | undefined> {
  let isLocked = false
  for (const folder of listUnfinishedFolders(home)) {
    const begun = await reopen(folder, { passphrase: undefined }, nodePorts())
    if (begun === undefined) isLocked ||= isPassphraseNeeded(folder)
    else {
      const { relay, username } = begun.own
      begun.storeKey.key.wipe()
      begun.store.close()
      begun.release()
      return { relay, username }
    }
  }
  return isLocked ? 'locked' : undefined
}

/** A creation of the same account that was interrupted. */
async function findUnfinished(
  home: Home,
  wanted: Wanted,
  ports: Ports,
): Promise<Begun | undefined> {
  for (const folder of listUnfinishedFolders(home)) {
    const begun = await reopen(folder, wanted, ports)
    if (begun?.own.relay === wanted.relay.origin && begun.own.username === wanted.username)
      return lockedAsWanted(begun, wanted, ports)
    begun?.store.close()
    begun?.release()
  }
  return undefined
}

/** Undefined where another process is making it, or nothing worth going on with is there. */
async function reopen(
  folder: AccountFolder,
  { passphrase }: Pick<Wanted, 'passphrase'>,
  ports: Ports,
): Promise<Begun | undefined> {
  let owner: { readonly release: () => void } | undefined
  try {
    owner = acquireOwner(folder, { command: 'account create', pid: process.pid })
    const storeKey = await readStoreKey(folder, {
      passphrase: async (attempt) =>
        attempt === 1 && passphrase !== undefined
          ? new SecretBytes(passphrase.reveal())
          : undefined,
    })
    const store = Store.open({ path: storePath(folder), key: storeKey.key, clock: ports.clock })
    const own = store.read.account.own()
    const release = owner.release.bind(owner)
    if (own !== undefined) return { folder, storeKey, store, own, release, isFresh: false }
    store.close()
  } catch (thrown) {
    if (!(thrown instanceof SottoError)) throw thrown
  }
  owner?.release()
  return undefined
}

/** The first try may have been made without the passphrase. */
async function lockedAsWanted(begun: Begun, wanted: Wanted, ports: Ports): Promise<Begun> {
  const { folder, storeKey } = begun
  if (wanted.passphrase === undefined || storeKey.keyIn === 'passphrase') return begun
  const { crashpoint } = ports
  const under = wanted.passphrase
  return { ...begun, storeKey: await lockStoreKey(folder, storeKey.key, { crashpoint, under }) }
}

async function begin(home: Home, wanted: Wanted, ports: Ports): Promise<Begun> {
  const { relay } = wanted
  const parameters = await fetchPinned(relay, ports.transport)
  const folder = createAccountFolder(home)
  const owner = acquireOwner(folder, { command: 'account create', pid: process.pid })
  try {
    const storeKey = await createStoreKey(folder, {
      random: ports.random,
      ...(wanted.passphrase === undefined ? {} : { lockUnder: wanted.passphrase }),
    })
    const store = Store.open({ path: storePath(folder), key: storeKey.key, clock: ports.clock })
    const own = generateAccount({ ...wanted, relay: relay.origin }, parameters, ports)
    storeAccount(store, own, ports)
    return { folder, storeKey, store, own, release: owner.release.bind(owner), isFresh: true }
  } catch (thrown) {
    owner.release()
    throw thrown
  }
}

/** The label makes the folder an account; the first one becomes the default. */
function finish(home: Home, begun: Begun): void {
  const { folder, own, storeKey, store } = begun
  writeLabel(folder, storeKey.key, {
    account: own.account,
    username: own.username,
    name: own.name,
    status: own.status,
    readReceipts: own.readReceipts,
    typing: own.typing,
    device: own.device,
    relay: own.relay,
    relayRoot: own.relayRoot,
    createdAtMs: own.createdMs,
  })
  if (defaultFolder(home) === undefined) setDefaultFolder(home, folder)
  store.close()
}
