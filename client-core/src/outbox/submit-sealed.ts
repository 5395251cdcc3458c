import {
  assert,
  equalBytes,
  ProtocolError,
  SottoError,
  type AccountId,
  type Bytes,
} from '@sotto/protocol'
import { inviteLeave } from '../account/invites.js'
import type { Core } from '../core.js'
import type { AnonymousDoor, Leave, SubmitAnswer } from '../net/anonymous-door.js'
import { idempotencyKey } from '../session/wrap.js'
import type { StoredCertificate } from '../store/tables/account.js'
import type { Contact } from '../store/tables/contacts.js'
import type { OutboxRow } from '../store/tables/outbox.js'
import { cancelled } from './delivery.js'
import {
  learnBundle,
  needsBundle,
  rewrapAging,
  sealForMismatch,
  sealPending,
} from './seal-pending.js'

/** What a submission needs of the world. */
export interface Doors {
  readonly anonymous: Pick<AnonymousDoor, 'reach' | 'fetchBundle' | 'submit' | 'lookupUsername'>
  /** A certificate that lives for some hours yet; draws one where there is none. */
  readonly certificate: () => Promise<StoredCertificate>
}

/** Device lists may change while we seal for them; more often than this is not honest. */
const MISMATCHES_MAX = 3

/**
 * Takes a row from where it stands to the relay's answer: seal (unless sealed), submit the stored
 * bytes, seal again for devices that came or went. Answers the arrival the relay gave. Throws what
 * went wrong; the row then stands where it stood and the same bytes go again.
 */
export async function submitSealed(
  core: Core,
  doors: Doors,
  row: OutboxRow,
): Promise<number | undefined> {
  const certificate = await doors.certificate()
  if (row.state === 'queued') {
    if (needsBundle(core, row)) await fetchBundle(core, doors, row.recipient)
    await sealPending(core, row, certificate)
  } else {
    await rewrapAging(core, row, certificate)
  }
  const sealed = core.store.read.outbox.row(row.row)
  if (sealed === undefined) throw cancelled()
  assert(sealed.state === 'sealed', 'what is submitted is on disk')
  for (let mismatches = 0; ; mismatches++) {
    const answer = await submit(core, doors, sealed)
    core.ports.crashpoint('send.submitted')
    if (answer.kind === 'accepted') return answer.arrivalMs
    if (mismatches === MISMATCHES_MAX) throw unsettled()
    await sealForMismatch(core, sealed, { mismatch: answer.mismatch, certificate })
  }
}

/** Asks the relay for prekeys and learns them. */
export async function fetchBundle(
  core: Core,
  doors: { readonly anonymous: Pick<AnonymousDoor, 'fetchBundle'> },
  account: AccountId,
): Promise<void> {
  const contact = core.store.read.contacts.byAccount(account)
  const bundle = await withLeave(core, contact, (leave) =>
    doors.anonymous.fetchBundle({ account, leave }),
  )
  await learnBundle(core, { account, bundle })
}

async function submit(core: Core, doors: Doors, row: OutboxRow): Promise<SubmitAnswer> {
  const contact = core.store.read.contacts.byAccount(row.recipient)
  const route: Bytes | null | undefined = contact?.route
  assert(route != null, 'a sealed row has a route')
  const envelopes = core.store.read.outbox.envelopes(row.row).map((envelope) => ({
    device: envelope.device,
    registrationId: envelope.registrationId,
    idempotencyKey: idempotencyKey(envelope),
    body: envelope.body,
  }))
  return withLeave(core, contact, (leave) =>
    doors.anonymous.submit({ account: row.recipient, route, leave, envelopes }),
  )
}

/**
 * With the contact's access key; once more with a stranger's leave where the key is refused,
 * because it may have been changed while we were away. The dead key is forgotten.
 */
async function withLeave<Answer>(
  core: Core,
  contact: Contact | undefined,
  ask: (leave: Leave) => Promise<Answer>,
): Promise<Answer> {
  const key = contact?.accessKey
  if (contact === undefined || key == null) return ask(strangers(core, contact))
  try {
    return await ask({ kind: 'access-key', key })
  } catch (thrown) {
    if (!(thrown instanceof SottoError) || thrown.code !== 'relay/refused') throw thrown
    core.store.transact((tx) => {
      const now = tx.contacts.byAccount(contact.account)
      // Not a new one that has come from them meanwhile.
      if (now?.accessKey != null && equalBytes(now.accessKey, key))
        tx.contacts.save({ ...now, accessKey: null, profileSent: 0 })
    })
    return ask(strangers(core, contact))
  }
}

/** A stranger's leave, with the invite by which we know them. */
function strangers({ own }: Core, contact: Contact | undefined): Leave {
  const secret = contact?.inviteSecret ?? null
  return {
    kind: 'stranger',
    invite: secret === null ? undefined : inviteLeave(secret, own.account),
  }
}

function unsettled(): ProtocolError {
  return new ProtocolError('wire/unexpected', 'the relay keeps changing the recipient’s devices', {
    fix: 'It will be tried again. If it stays so, the relay is broken or dishonest.',
  })
}
