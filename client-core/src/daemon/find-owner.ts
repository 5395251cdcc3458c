import type { Home } from '../client.js'
import { defaultAccount, listAccountFolders, type AccountFolder } from '../home/home.js'
import { livingOwnerNote, type OwnerNote } from '../home/owner-note.js'
import type { AccountObject } from '../objects.js'
import { HELLO_MS_MAX, knock, type RemoteClient } from './remote-client.js'
import { isOwnSocket } from './socket-path.js'

/** Who owns the account that is meant, as far as that shows without opening anything. */
export type Found =
  | { readonly kind: 'owner'; readonly client: RemoteClient }
  /** A process owns it that does not answer, or not yet: it starts, leaves, or is stuck. */
  | { readonly kind: 'unanswered'; readonly note: OwnerNote; readonly stuck: boolean }
  /** Nobody, or it takes the keys to tell which account is meant. */
  | { readonly kind: 'nobody' }

/** Shorter beginnings of an account id are never guessed. */
const ACCOUNT_PREFIX_MIN = 6

/**
 * Looks for the living owner of an account: of the default one, or of the one that `name` means as
 * `resolveAccount` would read it, among those accounts that have an owner. One that says nothing for
 * `helloMs` is stuck.
 */
export async function findOwner(
  home: Home,
  name: string | undefined,
  helloMs = HELLO_MS_MAX,
): Promise<Found> {
  if (name !== undefined) return findNamed(home, name, helloMs)
  const folder = defaultAccount(home)
  return folder === undefined ? { kind: 'nobody' } : ownerOf(folder, helloMs)
}

async function ownerOf(folder: AccountFolder, helloMs: number): Promise<Found> {
  const note = livingOwnerNote(folder)
  if (note === undefined) return { kind: 'nobody' }
  if (note.socket === undefined || !isOwnSocket(note.socket))
    return { kind: 'unanswered', note, stuck: false }
  const answer = await knock(note.socket, helloMs)
  if (answer.kind === 'open') return { kind: 'owner', client: answer.client }
  return { kind: 'unanswered', note, stuck: answer.kind !== 'nobody' }
}

async function findNamed(home: Home, name: string, helloMs: number): Promise<Found> {
  const folders = listAccountFolders(home)
  const found = await Promise.all(folders.map((folder) => ownerOf(folder, helloMs)))
  const clients = found.flatMap((each) => (each.kind === 'owner' ? [each.client] : []))
  const meant = clientsMeant(clients, name)
  const [client, ...others] = meant
  const chosen = others.length === 0 ? client : undefined
  await Promise.all(clients.filter((each) => each !== chosen).map((each) => each.close()))
  return chosen === undefined ? { kind: 'nobody' } : { kind: 'owner', client: chosen }
}

function clientsMeant(clients: readonly RemoteClient[], name: string): readonly RemoteClient[] {
  const exact = clients.filter(({ account }) => isNamed(account, name))
  if (exact.length > 0) return exact
  const wanted = normal(name)
  if (wanted.length < ACCOUNT_PREFIX_MIN) return []
  return clients.filter(({ account }) => account.id.startsWith(wanted))
}

/** Whether a name is all of an account's id or username. */
export function isNamed({ id, username }: AccountObject, name: string): boolean {
  return id === normal(name) || username?.toLowerCase() === normal(name)
}

function normal(name: string): string {
  return name.replace(/^(@|acct:)/, '').toLowerCase()
}
