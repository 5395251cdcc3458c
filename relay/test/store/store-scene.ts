import { createHash } from 'node:crypto'
import type { Test } from 'tap'
import { accountIdBytes, deriveAccountId, ownBytes, type Bytes } from '@sotto/protocol'
import { GroupCommit } from '../../src/store/group-commit.js'
import type { Changes, Store, Submission, Waiting } from '../../src/store/port.js'
import { random } from '../harness/test-account.js'

/** Opens the store of `folder`; the same folder opened again holds what was committed. */
export type OpenStore = (folder: string) => Store

export interface Opened {
  readonly store: Store
  readonly commits: GroupCommit
}

export const QUOTA = {
  envelopes: 5,
  bytes: 64 * 1024,
  strangerEnvelopes: 2,
  strangerBytes: 16 * 1024,
}

/** The day on which the keys of `submissionOf` may be forgotten. */
export const FORGET_DAY = 44

/** A store under test: how it is opened, and where a new one may lie. */
export class StoreScene {
  readonly #open: OpenStore
  readonly folder: () => string

  constructor({ open, folder }: { readonly open: OpenStore; readonly folder: () => string }) {
    this.#open = open
    this.folder = folder
  }

  openAt(at: string): Opened {
    const store = this.#open(at)
    return { store, commits: new GroupCommit(store, () => undefined) }
  }

  /** Closed when the test ends. */
  begin(t: Test, at = this.folder()): Opened {
    const opened = this.openAt(at)
    t.teardown(() => opened.store.close())
    return opened
  }
}

export function submissionOf(mailbox: Bytes, envelopes: number): Submission {
  return {
    envelopes: Array.from({ length: envelopes }, () => ({
      mailbox,
      key: random(16),
      body: random(1024),
    })),
    stranger: false,
    arrivalMs: 1_000,
    forgetDay: FORGET_DAY,
    quota: QUOTA,
  }
}

/** A registered account with one device. */
/** With a `relayRoot` under the id that an account of that relay has, else under any. */
export async function register(
  commits: GroupCommit,
  options: { readonly oneTime?: number; readonly relayRoot?: Bytes } = {},
) {
  const { relayRoot } = options
  const identityKey = random(33)
  const device = { device: 1, registrationId: 5, deviceKey: random(32), mailbox: random(16) }
  const manifest = { version: 1, manifest: random(100), signature: random(64), hash: random(32) }
  const input: Changes['register']['input'] = {
    account: relayRoot === undefined ? random(16) : accountAt(relayRoot, identityKey),
    identityKey,
    manifest,
    device,
    route: random(16),
    accessKey: random(16),
    usernameHash: undefined,
    prekeys: stockOf(1, options.oneTime ?? 0),
    prekeysMax: 100,
    day: 0,
    code: undefined,
  }
  await commits.change('register', input)
  const { account, route } = input
  return { account, route, mailbox: device.mailbox, device, manifest, registration: input }
}

function accountAt(relayRoot: Bytes, identity: Bytes): Bytes {
  const sha256 = (bytes: Uint8Array): Bytes => ownBytes(createHash('sha256').update(bytes).digest())
  return accountIdBytes(deriveAccountId({ relayRoot, identity }, sha256))
}

export function stockOf(firstId: number, oneTime: number) {
  const key = (id: number) => ({ id, publicKey: random(33), signature: random(64) })
  const ids = Array.from({ length: oneTime }, (_, index) => firstId + index)
  return {
    signed: key(firstId),
    lastResort: key(firstId),
    oneTimeEc: ids.map(key),
    oneTimeKyber: ids.map(key),
    replace: false,
  }
}

/** A step after the other until all of a mailbox are looked at; answers how many it took. */
export async function forgetKeys(
  commits: GroupCommit,
  input: { readonly mailbox: Bytes; readonly day: number; readonly max: number },
): Promise<number> {
  while (await commits.change('file-keys', { max: input.max }));
  let after: Bytes | undefined
  let steps = 0
  do {
    after = (await commits.change('forget-keys', { ...input, after })).next
    steps++
  } while (after !== undefined)
  return steps
}

export async function list(store: Store, mailbox: Bytes): Promise<readonly Waiting[]> {
  const query = { mailbox, afterSeq: 0, envelopesMax: 1000, bytesMax: 2 ** 30 }
  return (await store.listWaiting(query)).rows
}

export function seqs(rows: readonly Waiting[]): number[] {
  return rows.map((row) => row.seq)
}
