import type { Connection } from '../connection.js'
import type { Core } from '../core.js'
import type { AnonymousDoor } from '../net/anonymous-door.js'
import { Stage } from '../session/stage.js'
import type { Transactor } from '../store/store.js'
import type { NewOutboxRow } from '../store/tables/outbox.js'
import type { Draft } from './compose.js'
import { devicesOf, needsBundle, noteSealed, sealInStage, type Sealed } from './seal-pending.js'

/** What sealing at once needs of an open account. */
export interface SealingAtOnce {
  readonly core: Core
  readonly anonymous: Pick<AnonymousDoor, 'isOpen'>
  readonly connection: Pick<Connection, 'storedCertificate'>
}

/** Called in the transaction that adds an outbox row: seals it there, or leaves it to the worker. */
export type SealHere = (tx: Transactor, row: number) => void

/** Commits tx1; calls `committed` as soon as it is on disk. */
export type WriteDrafts<Result> = (seal: SealHere, committed: () => void) => Promise<Result>

/**
 * Runs `write`, which commits tx1 of these drafts. A single text that could leave at once is sealed
 * before, in the lane, and `write` commits tx2 with it: no disk is waited for in between. Everything
 * else is left to the worker, which seals what is on disk already.
 *
 * If we die before that commit, nothing has happened: no ratchet has moved, and no bytes exist.
 */
export async function sealingAtOnce<Result>(
  open: SealingAtOnce,
  drafts: readonly Draft[],
  write: WriteDrafts<Result>,
): Promise<Result> {
  const { core } = open
  const row = drafts.length === 1 ? drafts[0]?.row : undefined
  const certificate = open.connection.storedCertificate()
  if (row === undefined || certificate === undefined || !couldLeave(open, row))
    return write(leaveIt, nothing)
  return core.lane.run(async () => {
    const step = { row: { ...row, state: 'queued' }, certificate, removed: [] } as const
    const devices = devicesOf(core, row.recipient)
    const sealed = await sealInStage(core, new Stage(core.store.read), { ...step, devices }).catch(
      () => undefined, // The worker meets it again, and says why.
    )
    if (sealed === undefined) return write(leaveIt, nothing)
    return writeWith(core, { row, sealed }, write)
  })
}

function writeWith<Result>(
  core: Core,
  { row, sealed }: { readonly row: NewOutboxRow; readonly sealed: Sealed },
  write: WriteDrafts<Result>,
): Promise<Result> {
  const written: Sealed[] = []
  const seal = (tx: Transactor, added: number): void => {
    // Something may have been queued, or their key forgotten, while we sealed.
    if (tx.outbox.oldestOf(row.recipient)?.row !== added || !isKnown(tx, row)) return
    sealed.write(tx, added)
    written.push(sealed)
  }
  return write(seal, () => {
    for (const each of written) noteSealed(core, each)
  })
}

/** Whether nothing has to be asked, nor waited for, before this can be submitted. */
function couldLeave({ core, anonymous }: SealingAtOnce, row: NewOutboxRow): boolean {
  const { read } = core.store
  return (
    core.lane.isIdle &&
    core.knowsRelayTime() &&
    anonymous.isOpen(row.recipient) &&
    read.outbox.oldestOf(row.recipient) === undefined &&
    isKnown(read, row) &&
    !needsBundle(core, row)
  )
}

/** Without their access key a text becomes a request, which the worker makes of it. */
function isKnown(
  { contacts }: Pick<Core['store']['read'], 'contacts'>,
  row: NewOutboxRow,
): boolean {
  return contacts.byAccount(row.recipient)?.accessKey != null
}

function leaveIt(): void {
  // It is queued, and the worker seals it.
}

function nothing(): void {
  // Nothing was sealed.
}
