import { NotFoundError, UsageError, type AccountId } from '@sotto/protocol'
import type { Core } from '../core.js'
import type { SearchObject } from '../objects.js'
import type { Choice, Search } from '../store/tables/search.js'
import type { StoredMessage } from '../store/tables/messages.js'
import { parseTime } from '../times.js'
import { conversationId, unknownConversation } from './conversation-named.js'
import { findMessage } from './find-message.js'
import { parseRecipient, resolve } from './recipient.js'
import { parseSearchQuery, type Operator, type OperatorName } from './search-query.js'

const SEARCH_LIMIT = 50
/** Random, so that no message can hold the marks put into it. */
const MARK_BYTES = 12

export interface SearchRequest {
  /** Words, phrases and operators; may be left out where something else narrows the search. */
  readonly query?: string | undefined
  /** The same as the operators. Recipients; of several, any. */
  readonly from?: readonly string[] | undefined
  readonly in?: readonly string[] | undefined
  /** Message ids, unique beginnings of them, or times; exclusive. */
  readonly before?: string | undefined
  readonly after?: string | undefined
  readonly has?: readonly string[] | undefined
  readonly type?: readonly string[] | undefined
  readonly limit?: number | undefined
}

type Shared = Pick<Core, 'store' | 'views' | 'own' | 'ports'>

/**
 * The newest messages that a query finds. Throws `usage/invalid` for a query that is none,
 * `recipient/unknown` for a `from:` or `in:` this device does not know, `message/unknown`.
 */
export function searchMessages(core: Shared, request: SearchRequest): readonly SearchObject[] {
  const query = parseSearchQuery(request.query ?? '')
  const operators = [...query.operators, ...operatorsOf(request)]
  if (query.all.length + query.none.length + operators.length === 0)
    throw new UsageError('usage/invalid', 'there is nothing to search for', {
      fix: 'Give words, or an operator: sotto search deploy, sotto search from:@bob',
    })
  checkKinds(operators)
  const search: Search = {
    all: query.all,
    none: query.none,
    authors: choiceOf(operators, 'from', (written) => accountNamed(core, written)),
    conversations: choiceOf(operators, 'in', (written) => {
      refuseBareWord(written)
      return conversationId(core, written)
    }),
    ...rangeOf(core, operators),
    links: operators.some(({ name, value }) => name === 'has' && value === 'link'),
    limit: request.limit ?? SEARCH_LIMIT,
    marks: marks(core),
  }
  return core.store.read.search
    .find(search)
    .map(({ message, match }) => ({ ...core.views.history(message), match }))
}

function operatorsOf(request: SearchRequest): readonly Operator[] {
  const operator = (name: OperatorName) => (value: string) => ({ name, value, excluded: false })
  return [
    ...(request.from ?? []).map(operator('from')),
    ...(request.in ?? []).map(operator('in')),
    ...(request.before === undefined ? [] : [operator('before')(request.before)]),
    ...(request.after === undefined ? [] : [operator('after')(request.after)]),
    ...(request.has ?? []).map(operator('has')),
    ...(request.type ?? []).map(operator('type')),
  ]
}

/** What a message can be, or have, so far. */
const KINDS: Readonly<Partial<Record<OperatorName, string>>> = { has: 'link', type: 'text' }

function checkKinds(operators: readonly Operator[]): void {
  for (const { name, value, excluded } of operators) {
    if (excluded && name !== 'from' && name !== 'in')
      throw new UsageError('usage/invalid', `-${name}: cannot be left out`, {
        fix: 'Words, phrases, from: and in: can: -word -"two words" -from:@bob',
      })
    const only = KINDS[name]
    if (only !== undefined && value !== only)
      throw new UsageError('usage/invalid', `this version does not know ${name}:${value}`, {
        fix: `It knows ${name}:${only}. There are no files, polls or reactions yet.`,
      })
  }
}

function choiceOf<Id>(
  operators: readonly Operator[],
  wanted: OperatorName,
  find: (written: string) => Id,
): Choice<Id> {
  const named = operators.filter(({ name }) => name === wanted)
  return {
    any: named.filter(({ excluded }) => !excluded).map(({ value }) => find(value)),
    none: named.filter(({ excluded }) => excluded).map(({ value }) => find(value)),
  }
}

function accountNamed(core: Shared, written: string): AccountId {
  refuseBareWord(written)
  const resolved = resolve(core.store.read, parseRecipient(written))
  switch (resolved.kind) {
    case 'self':
      return core.own.account
    case 'contact':
      return resolved.contact.account
    case 'stranger':
      throw unknownConversation(written)
    case 'stranger-account':
    case 'invited': {
      const account = resolved.kind === 'invited' ? resolved.link.account : resolved.account
      if (core.store.read.contacts.conversationWith(account) === undefined)
        throw unknownConversation(`acct:${account}`)
      return account
    }
  }
}

/** A bare word is never guessed to be somebody. */
function refuseBareWord(written: string): void {
  if (/^[@#]|^(id|acct|sotto):|^me$/.test(written)) return
  throw new NotFoundError('recipient/unknown', `${written} is not a recipient`, {
    fix: `Did you mean @${written}? See: sotto help recipients`,
  })
}

/** The earliest `before` and the latest `after` count. */
function rangeOf(
  core: Shared,
  operators: readonly Operator[],
): Pick<Search, 'beforeMs' | 'afterMs' | 'beforeMessage' | 'afterMessage'> {
  const places = (wanted: OperatorName) =>
    operators.filter(({ name }) => name === wanted).map(({ value }) => placeOf(core, value))
  const before = places('before')
  const after = places('after')
  const timesOf = (among: readonly Bound[]) =>
    among.flatMap((bound) => (bound.kind === 'time' ? [bound.ms] : []))
  return {
    beforeMs: timesOf(before).sort((a, b) => a - b)[0],
    afterMs: timesOf(after).sort((a, b) => b - a)[0],
    beforeMessage: messageAmong(before),
    afterMessage: messageAmong(after),
  }
}

type Bound =
  | { readonly kind: 'time'; readonly ms: number }
  | { readonly kind: 'message'; readonly message: StoredMessage }

/** `7d` is seven days ago: nothing here lies ahead. */
function placeOf(core: Shared, written: string): Bound {
  if (/^(m_|@last)/.test(written)) return { kind: 'message', message: findMessage(core, written) }
  const time = /^\d{1,9}[smhd]$/.test(written) ? `-${written}` : written
  return { kind: 'time', ms: Date.parse(parseTime(time, core.ports.clock.nowMs())) }
}

function messageAmong(bounds: readonly Bound[]): StoredMessage | undefined {
  const messages = bounds.flatMap((bound) => (bound.kind === 'message' ? [bound.message] : []))
  if (messages.length > 1)
    throw new UsageError('usage/invalid', 'only one message can be the end of a search')
  return messages[0]
}

function marks({ ports }: Shared): readonly [string, string] {
  const mark = Buffer.from(ports.random.bytes(MARK_BYTES)).toString('base64url')
  return [`<${mark}>`, `</${mark}>`]
}
