import type { AccountId, DeviceId } from '@sotto/protocol'
import type { Core } from '../core.js'
import type { Passing } from '../net/identified-door.js'
import { open, type Opened } from '../session/open.js'
import { hasLeapt } from '../session/passing.js'
import { Stage } from '../session/stage.js'
import { apply } from './apply.js'

/** Somebody writes, or writes no more: true while it happens. */
export interface Typist {
  readonly account: AccountId
  readonly device: DeviceId
  readonly started: boolean
  readonly arrivalMs: number
}

/**
 * Opens an ephemeral envelope in the lane and commits the ratchet that it moved. What it is worth
 * keeping for (a text that somebody sent so) is applied like anything else in that transaction; who is
 * writing is answered. What does not open is dropped: it was worth nothing later, nobody is asked to
 * send it again, and nothing is shown. If we die here, it is lost, and its key is never used.
 */
export async function receivePassing(core: Core, passing: Passing): Promise<Typist | undefined> {
  const committed = new Stage(core.store.read)
  const stage = new Stage(core.store.read)
  const opened = await open(stage, core.own, passing)
  const isKept = opened.kind === 'opened' && !hasLeapt(stage, committed, opened.author)
  core.ports.log.debug('inbox.passing', { opened: isKept })
  if (!isKept) return undefined
  const { arrivalMs } = passing
  const isNew = core.store.transact((tx) => {
    stage.commit(tx, core.ports.clock.nowMs())
    if (!tx.inbox.noteOpened(opened.digest, core.relayNowMs())) return false
    apply(tx, core, { opened, arrivalMs, stranger: false })
    return true
  })
  return isNew ? typistOf(opened, arrivalMs) : undefined
}

function typistOf(
  { author, sealed }: Extract<Opened, { readonly kind: 'opened' }>,
  arrivalMs: number,
): Typist | undefined {
  const { content } = sealed
  return content.kind === 'typing' ? { ...author, started: content.started, arrivalMs } : undefined
}
