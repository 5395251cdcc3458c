import type {
  ContactDetailObject,
  ContactObject,
  IdentityLogObject,
  VerifyObject,
} from '@sotto/client-core'
import { safeLine, shortTime, type Look } from '@sotto/tui'

/** `@bob.42  known  @bob  Bob`: how they are written to, trust, other names. */
export function renderContact(contact: ContactObject, { paint }: Look): string {
  const { conversation, trust, blocked, successor } = contact
  const colour = { verified: paint.good, known: (text: string) => text, request: paint.warn }[trust]
  const others = [contact.handle ?? claimed(contact), contact.alias, contact.name]
  return [
    paint.bold(safeLine(conversation.name)),
    colour(trust),
    ...(blocked ? [paint.bad('blocked')] : []),
    ...(successor === undefined ? [] : [paint.warn('safety number changed')]),
    ...others.flatMap((name) =>
      name === null || name === '' || name === conversation.name ? [] : [safeLine(name)],
    ),
  ].join('  ')
}

export function renderContactDetail(contact: ContactDetailObject, look: Look): string {
  const { status, successor, claimHeldBy, messages } = contact
  const row = (name: string, value: string) => `  ${name.padEnd(14)}${value}`
  const { held, dropped } = messages
  return [
    renderContact(contact, look),
    ...(status === null ? [] : [row('says', safeLine(status))]),
    row('account', contact.id),
    ...(successor === undefined ? [] : [row('name now of', successor)]),
    ...(claimHeldBy === undefined ? [] : [row('name held by', claimHeldBy)]),
    row('conversation', contact.conversation.id),
    row('since', shortTime(contact.since, look.nowMs)),
    row(
      'messages',
      `${messages.sent} sent, ${messages.received} received, ${messages.unread} unread`,
    ),
    ...(held + dropped === 0 ? [] : [row('waiting', `${held}, and ${dropped} let go`)]),
  ].join('\n')
}

function claimed({ claimedHandle }: ContactObject): string | null {
  return claimedHandle === undefined ? null : `(says ${claimedHandle})`
}

/** Sixty digits in three rows of four groups, as people read them to each other. */
export function renderVerify(verify: VerifyObject, { paint }: Look): string {
  const groups = verify.safetyNumber.match(/\d{5}/g) ?? []
  const rows = [0, 4, 8].map((begin) => `  ${groups.slice(begin, begin + 4).join(' ')}`)
  const state = verify.verified ? paint.good('verified') : paint.warn('not verified')
  const changed = verify.changed === true ? `  ${paint.warn('changed')}` : ''
  return [`${paint.bold(safeLine(verify.handle))}  ${state}${changed}`, ...rows].join('\n')
}

const EVENTS: Readonly<Record<IdentityLogObject['event'], string>> = {
  met: 'met',
  changed: 'another account has the username:',
  trusted: 'went on as',
  verified: 'verified',
  reset: 'no longer verified',
}

/** `14:02  @bob.42  verified` */
export function renderIdentity({ at, event, name, other }: IdentityLogObject, look: Look): string {
  const time = look.paint.dim(shortTime(at, look.nowMs))
  const what = other === null ? [EVENTS[event]] : [EVENTS[event], `acct:${other}`]
  return [`${time}  ${look.paint.bold(safeLine(name))} `, ...what].join(' ')
}
