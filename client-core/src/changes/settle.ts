import { errorObject, type ErrorObject } from '@sotto/protocol'
import type { SendResultObject } from '../objects.js'
import { flag, rowError, waitUntil, type Settling, type WaitOptions } from '../outbox/settle.js'
import type { SendOutcome } from '../outcomes.js'
import type { Changed } from './own.js'

/** How far whoever asks for a change may wait: nobody says that one has arrived. */
export type ChangeWait = WaitOptions & { readonly wait?: 'queued' | 'accepted' | undefined }

/** Waits until the relay has a change, or as long as it makes sense; answers as a send does. */
export async function settleChange(
  parts: Settling,
  changed: Changed,
  options: ChangeWait,
): Promise<SendOutcome> {
  const isWaiting = (patient: boolean): boolean => {
    if (options.wait === 'queued' || standing(parts, changed).status !== 'queued') return false
    return patient || changed.row === undefined || rowError(parts, changed.row) === undefined
  }
  await waitUntil(parts, options, (patient) => (isWaiting(patient) ? [changed.message.id] : []))
  return outcome(parts, changed, options)
}

type Standing =
  | { readonly status: 'queued' | 'accepted' }
  | { readonly status: 'failed'; readonly error: ErrorObject }

function standing({ core }: Settling, { message, row }: Changed): Standing {
  if (row === undefined) return { status: 'accepted' }
  const { read } = core.store
  if (read.outbox.row(row) !== undefined) return { status: 'queued' }
  const peer = read.contacts.conversation(message.conversation)?.account
  const error = peer === undefined ? undefined : read.timeline.changeFailure(peer, row)
  return error === undefined ? { status: 'accepted' } : { status: 'failed', error }
}

function outcome(parts: Settling, changed: Changed, { wait }: ChangeWait): SendOutcome {
  const { core } = parts
  const { id, conversation: place } = changed.message
  const stored = core.store.read.contacts.conversation(place)
  const where = stored === undefined ? {} : { conversation: core.views.conversation(stored) }
  const stands = standing(parts, changed)
  const { status } = stands
  const waits = status === 'queued' && changed.row !== undefined
  const cause = waits ? rowError(parts, changed.row) : undefined
  const error = stands.status === 'failed' ? stands.error : cause && errorObject(cause)
  const result: SendResultObject = {
    ...{ recipient: where.conversation?.name ?? place, status, id, ...where },
    ...(stored === undefined ? {} : flag(core, stored)),
    ...(error === undefined ? {} : { error }),
  }
  const exitCode =
    stands.status === 'failed' ? stands.error.exit : waits && wait !== 'queued' ? 79 : 0
  return { result: { id, status, ...where, results: [result] }, exitCode }
}
