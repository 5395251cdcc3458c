import {
  formatUsername,
  NotFoundError,
  parseAccountId,
  parseInviteLink,
  parseUsername,
  UsageError,
  type AccountId,
  type InviteLink,
} from '@sotto/protocol'
import type { Reader } from '../store/store.js'
import type { Contact } from '../store/tables/contacts.js'

/** A recipient as written, in the grammar of cli.md; a bare word is never guessed. */
export type Recipient =
  | { readonly kind: 'self' }
  /** `@alice.42`: a username on one's own relay, which `@alice.42@host` may name. */
  | { readonly kind: 'username'; readonly username: string; readonly host?: string }
  /** `@alice`: a local name. */
  | { readonly kind: 'alias'; readonly alias: string }
  /** `id:c_…`, whole or a unique prefix. */
  | { readonly kind: 'conversation'; readonly prefix: string }
  | { readonly kind: 'account'; readonly account: AccountId }
  /** `sotto://relay/invite#…`: whoever made the invite. */
  | { readonly kind: 'invite'; readonly link: InviteLink }

/** Throws a UsageError that shows the grammar. Needs no store. */
export function parseRecipient(written: string): Recipient {
  if (written === 'me') return { kind: 'self' }
  if (written.startsWith('@')) return parseHandle(written)
  if (written.startsWith('id:'))
    return { kind: 'conversation', prefix: written.slice('id:'.length) }
  if (written.startsWith('acct:')) return parseAccount(written)
  if (written.startsWith('#')) throw unsupported(written, 'groups')
  if (written.startsWith('sotto:')) return { kind: 'invite', link: parseInviteLink(written) }
  throw new UsageError('usage/invalid', `not a recipient: ${written}`, {
    fix: 'A recipient is @alice.42 (username), @alice (local name), me, id:… (conversation) or acct:… (account).',
  })
}

/** A local name in its one form: no dot, so that it is never taken for a username. */
export function parseAlias(value: string): string {
  const written = value.startsWith('@') ? value.slice(1) : value
  // İ becomes an i with a mark of its own, which nobody types (Unicode, SpecialCasing).
  const alias = written.toLowerCase().normalize('NFC').replaceAll('i\u0307', 'i')
  if (!/^[\p{L}\p{N}_-]{1,32}$/u.test(alias)) {
    throw new UsageError('usage/invalid', `not a local name: ${value}`, {
      fix: 'A local name has 1 to 32 letters, digits, _ or -, and no dot.',
    })
  }
  return alias
}

function parseHandle(written: string): Recipient {
  const [name = '', host, ...rest] = written.slice(1).split('@')
  if (rest.length > 0 || (host !== undefined && !/^[\w.:[\]-]+$/.test(host)))
    throw new UsageError('usage/invalid', `not a recipient: ${written}`, {
      fix: 'An account on a relay is written @alice.42@relay.example.',
    })
  if (host === undefined && !name.includes('.')) return { kind: 'alias', alias: parseAlias(name) }
  const recipient: Recipient = {
    kind: 'username',
    username: formatUsername(parseUsername(name)),
  }
  return host === undefined ? recipient : { ...recipient, host: host.toLowerCase() }
}

function parseAccount(written: string): Recipient {
  try {
    return { kind: 'account', account: parseAccountId(written.slice('acct:'.length).toLowerCase()) }
  } catch {
    throw new UsageError('usage/invalid', `not an account: ${written}`, {
      fix: 'acct: is followed by a whole account id.',
    })
  }
}

function unsupported(written: string, what: string): UsageError {
  return new UsageError(
    'usage/invalid',
    `${written}: this version of sotto does not know ${what} yet`,
    { fix: 'Nothing was sent. Who can be written to: sotto help recipients' },
  )
}

/** What a recipient means on this device. `unknown` usernames and accounts can be looked up. */
export type Resolved =
  | { readonly kind: 'self' }
  | { readonly kind: 'contact'; readonly contact: Contact }
  | { readonly kind: 'stranger'; readonly username: string }
  | { readonly kind: 'stranger-account'; readonly account: AccountId }
  /** Whoever made an invite, and what we know of them. */
  | { readonly kind: 'invited'; readonly link: InviteLink; readonly contact: Contact | undefined }

/** Throws `recipient/unknown`, `recipient/ambiguous`, or `recipient/self` for one's own address. */
export function resolve(read: Reader, recipient: Recipient): Resolved {
  const own = read.account.own()
  switch (recipient.kind) {
    case 'self':
      return { kind: 'self' }
    case 'username':
      if (recipient.host !== undefined && !isAt(own?.relay, recipient.host))
        throw unsupported(`@${recipient.username}@${recipient.host}`, 'accounts on another relay')
      if (own?.username?.toLowerCase() === recipient.username.toLowerCase()) throw itself()
      return resolveUsername(read, recipient.username)
    case 'alias': {
      const contact = read.contacts.byAlias(recipient.alias)
      if (contact === undefined) throw unknownAlias(read, recipient.alias)
      return { kind: 'contact', contact }
    }
    case 'account': {
      if (own?.account === recipient.account) throw itself()
      const contact = read.contacts.byAccount(recipient.account)
      return contact === undefined
        ? { kind: 'stranger-account', account: recipient.account }
        : { kind: 'contact', contact }
    }
    case 'invite': {
      const { link } = recipient
      if (own?.account === link.account) throw itself()
      return { kind: 'invited', link, contact: read.contacts.byAccount(link.account) }
    }
    case 'conversation':
      return resolveConversation(read, recipient.prefix)
  }
}

/** Whether a relay's origin is the one that a host, with or without its port, names. */
function isAt(origin: string | undefined, host: string): boolean {
  if (origin === undefined) return false
  const { protocol } = new URL(origin)
  const named = `${protocol}//${host}`
  return URL.canParse(named) && new URL(named).origin === new URL(origin).origin
}

function resolveUsername(read: Reader, username: string): Resolved {
  const [contact, other] = read.contacts.byHandle(username)
  if (contact === undefined) return { kind: 'stranger', username }
  if (other !== undefined)
    throw ambiguous(`@${username}`, [`acct:${contact.account}`, `acct:${other.account}`])
  return { kind: 'contact', contact }
}

function resolveConversation(read: Reader, prefix: string): Resolved {
  const [found, other] = prefix.length < 8 ? [] : read.contacts.conversationsByPrefix(prefix)
  if (found === undefined) {
    throw new NotFoundError('recipient/unknown', `no conversation id:${prefix}`, {
      fix: 'Give the whole id, or its first 8 characters: see the "conversation" of any message.',
    })
  }
  if (other !== undefined) throw ambiguous(`id:${prefix}`, [`id:${found.id}`, `id:${other.id}`])
  if (found.kind === 'self') return { kind: 'self' }
  const contact = read.contacts.byAccount(found.account)
  return contact === undefined
    ? { kind: 'stranger-account', account: found.account }
    : { kind: 'contact', contact }
}

function unknownAlias(read: Reader, alias: string): NotFoundError {
  const near = read.contacts
    .all()
    .filter((contact) => contact.handle?.toLowerCase().startsWith(alias.toLowerCase()) === true)
    .map((contact) => `@${contact.handle ?? ''}`)
  if (near.length > 0) return ambiguous(`@${alias}`, near)
  return new NotFoundError('recipient/unknown', `no contact is called @${alias}`, {
    fix: `A username has a number: sotto contact add @${alias}.42 --as ${alias}`,
  })
}

function ambiguous(written: string, candidates: readonly string[]): NotFoundError {
  return new NotFoundError(
    'recipient/ambiguous',
    `${written} could be ${candidates.join(' or ')}`,
    { fix: `Write out which one, as ${candidates[0] ?? 'acct:…'}.` },
  )
}

/** `recipient/self`: where somebody else is meant. */
export function itself(): NotFoundError {
  return new NotFoundError('recipient/self', 'that is your own address', {
    fix: 'To keep a note for yourself: sotto send me …',
  })
}
