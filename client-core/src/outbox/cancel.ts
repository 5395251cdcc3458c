import { errorObject } from '@sotto/protocol'
import { settled } from '../conversation/find-message.js'
import type { Core } from '../core.js'
import type { CancelledObject } from '../objects.js'
import type { StoredMessage } from '../store/tables/messages.js'
import type { OutboxRow } from '../store/tables/outbox.js'
import { cancelled, failMessage } from './delivery.js'

/**
 * Takes messages back that the relay has not accepted: each is shown as failed, and can be queued
 * again by `retrySends`. What was sealed may have been submitted, and then it may have arrived
 * although no answer came. All of them or, where one cannot be taken back, none; in the lane, so
 * that none of them is being sealed meanwhile. If we die before the commit, all are still queued.
 */
export async function cancelSends(
  core: Core,
  messages: readonly StoredMessage[],
): Promise<readonly CancelledObject[]> {
  const objects = await core.lane.run(async () =>
    core.store.transact((tx) =>
      messages.map((message): CancelledObject => {
        const row = waitingRow(core, message)
        const object = core.views.outbox(row)
        const error = cancelled()
        failMessage(tx, core, row, error)
        return {
          ...object,
          ...{ status: 'failed', nextAttemptAt: null, error: errorObject(error) },
          mayHaveArrived: row.state === 'sealed',
        }
      }),
    ),
  )
  core.ports.crashpoint('outbox.cancelled')
  return objects
}

function waitingRow(core: Core, message: StoredMessage): OutboxRow {
  // What was accepted once is only sent again: nobody can say that it did not arrive.
  const isOwn = message.author === core.own.account && message.status !== 'accepted'
  const row = isOwn ? core.store.read.outbox.ofMessage(message.id) : undefined
  if (row === undefined) throw settled(message)
  return row
}
