import { asSottoError, UsageError, type SottoError } from '@sotto/protocol'
import { knownContact, type LookupDoor } from '../conversation/contacts.js'
import { refuseUnwritable } from '../conversation/may-write.js'
import { parseRecipient, resolve, type Recipient } from '../conversation/recipient.js'
import type { Core } from '../core.js'
import type { Contact } from '../store/tables/contacts.js'

/** One recipient of a send, from name to outcome. */
export type Target =
  | { readonly kind: 'contact'; readonly recipient: string; readonly contact: Contact }
  | { readonly kind: 'self'; readonly recipient: string }
  | { readonly kind: 'failed'; readonly recipient: string; readonly error: SottoError }

/** A recipient as written, and read. */
export interface Addressed {
  readonly written: string
  readonly recipient: Recipient
}

/** Throws a UsageError for the first that is none, or for nobody, before anything is looked up. */
export function parseRecipients(to: readonly string[]): readonly Addressed[] {
  if (to.length === 0)
    throw new UsageError('usage/invalid', 'there is nobody to send to', {
      fix: 'Recipients: sotto help recipients',
    })
  return [...new Set(to)].map((written) => ({ written, recipient: parseRecipient(written) }))
}

/** Each recipient's contact, looked up where needed. One that fails does not hold up the others. */
export async function resolveTargets(
  parts: { readonly core: Core; readonly door: LookupDoor },
  recipients: readonly Addressed[],
): Promise<readonly Target[]> {
  const targets: Target[] = []
  for (const { written, recipient } of recipients) {
    try {
      targets.push(await targetOf(parts, written, recipient))
    } catch (thrown) {
      targets.push({ kind: 'failed', recipient: written, error: asSottoError(thrown) })
    }
  }
  return withoutRepeats(targets)
}

async function targetOf(
  parts: { readonly core: Core; readonly door: LookupDoor },
  written: string,
  recipient: Recipient,
): Promise<Target> {
  const resolved = resolve(parts.core.store.read, recipient)
  if (resolved.kind === 'self') return { kind: 'self', recipient: written }
  if ('contact' in resolved && resolved.contact !== undefined)
    refuseUnwritable(parts.core, resolved.contact)
  const contact = await knownContact(parts.core, parts.door, resolved)
  return { kind: 'contact', recipient: written, contact }
}

/** Two names of one account are one recipient. */
function withoutRepeats(targets: readonly Target[]): readonly Target[] {
  const seen = new Set<string>()
  return targets.filter((target) => {
    if (target.kind !== 'contact') return true
    if (seen.has(target.contact.account)) return false
    seen.add(target.contact.account)
    return true
  })
}
