import type {
  ContactObject,
  HistoryObject,
  MethodName,
  MethodParams,
  MethodResult,
  OutboxObject,
  TimelineEventObject,
} from '@sotto/client-core'
import { base64url, InputError, NotFoundError, UsageError } from '@sotto/protocol'

import type { Happening } from './script.js'
import { changeAnswers, type ChangeDoor, type DemoChanges } from './changes.js'
import type { Talk, DemoWorld } from './world.js'

/** What the made-up world answers; what is not in it needs a real account. */
export type DemoAnswers = {
  readonly [Name in MethodName]?: (params: MethodParams<Name>) => MethodResult<Name>
}

export interface DemoDoor extends ChangeDoor {
  readonly changes: DemoChanges
  /** Carries a message on, some time later. */
  readonly deliver: (talk: Talk, line: HistoryObject) => void
}

const PAGE = 50
const USERNAME = /^@[a-z_][a-z0-9_]*\.\d{1,9}$/i
/** 60 digits, and the same for the same person. */
const DIGITS = 60

/** The methods that the screen and the line chat call, over a world in memory. */
export function demoAnswers(world: DemoWorld, door: DemoDoor): DemoAnswers {
  const { emit, deliver } = door
  const changed = (talk: Talk, change: Partial<ContactObject>): ContactObject => {
    const contact = world.changeContact(talk, change)
    emit({ type: 'contact.changed', contact })
    return contact
  }
  const noted = (to: string, what: Happening): Talk => {
    const talk = world.talk(to)
    world.note(talk, what)
    return talk
  }
  const change =
    (to: Parameters<DemoWorld['change']>[1]) =>
    ({ conversation }: { readonly conversation: string }) =>
      world.change(world.talk(conversation), to)
  const verifyOf = (to: string) => {
    const { contact, detail } = world.talk(to)
    if (contact === undefined)
      throw new UsageError('usage/invalid', 'there is no safety number with oneself')
    return {
      ...{ handle: contact.handle ?? detail.name, verified: detail.trust === 'verified' },
      safetyNumber: safetyNumberOf(contact.id),
    }
  }
  return {
    ...changeAnswers(world, door.changes, door),
    'account.current': () => world.account,
    'account.edit': ({ readReceipts, typing }) => {
      if (readReceipts != null) world.switchReadReceipts(readReceipts)
      return typing == null ? world.account : world.switchTyping(typing)
    },
    'relay.connect': () => ({}),
    'conversation.list': ({ which = 'all', limit }) =>
      listed(world, which).slice(0, limit ?? Number.MAX_SAFE_INTEGER),
    'conversation.show': ({ conversation }) => world.talk(conversation).detail,
    'conversation.history': ({ conversation, ...page }) => pageOf(world, conversation, page),
    'conversation.lines': ({ conversation, messages, from, through }) => {
      const { lines } = world.talk(conversation)
      const ids = lines.map(({ message }): string => message.id)
      const [first, last] = [from, through].map((end) =>
        end == null ? undefined : ids.indexOf(end),
      )
      const idAt = (at: number) => lines[at]?.message.id ?? null
      return lines.flatMap((line, at) =>
        messages.includes(line.message.id) && at >= (first ?? 0) && at <= (last ?? at)
          ? [{ line, previous: idAt(at - 1), next: idAt(at + 1) }]
          : [],
      )
    },
    'conversation.events': ({ conversation, from, through }) =>
      eventsOf(world, world.talk(conversation), { from, through }),
    'conversation.count': ({ conversation, before, after }) => ({
      messages: between(world, world.talk(conversation).lines, { before, after }).length,
    }),
    'conversation.markRead': change({ unread: 0, markedUnread: false }),
    // Whoever repeats what one writes begins when one does.
    'conversation.typing': ({ conversation, started }) => {
      const talk = world.talk(conversation)
      const event = talk.isBot ? world.typing(talk, started) : undefined
      if (event !== undefined) emit(event)
      return {}
    },
    'conversation.markUnread': change({ markedUnread: true }),
    'conversation.mute': ({ conversation, until }) =>
      world.change(world.talk(conversation), { muted: true, mutedUntil: until ?? null }),
    'conversation.unmute': change({ muted: false, mutedUntil: null }),
    'conversation.notify': ({ conversation, rule }) =>
      world.change(world.talk(conversation), { notify: rule }),
    'conversation.archive': change({ archived: true }),
    'conversation.unarchive': change({ archived: false }),
    'conversation.pin': change({ pinned: true }),
    'conversation.unpin': change({ pinned: false }),
    'contact.list': () => world.talks.flatMap(({ contact }) => contact ?? []),
    'contact.show': ({ to }) => {
      const { contact, detail, lines } = world.talk(to)
      if (contact === undefined) throw new NotFoundError('recipient/unknown', 'no contact')
      const sent = lines.filter(({ sender }) => sender.self).length
      const received = lines.length - sent
      const since = lines[0]?.message.sentAt ?? detail.lastActivityAt
      const messages = { sent, received, unread: detail.unread, held: 0, dropped: 0 }
      return { ...contact, since, messages }
    },
    'contact.add': ({ to, alias }) => {
      if (!USERNAME.test(to)) return changed(world.talk(to), alias === undefined ? {} : { alias })
      const talk = known(world, to) ?? world.meet(to.slice(1))
      return changed(talk, { trust: 'known', ...(alias === undefined ? {} : { alias }) })
    },
    'contact.held': () => [], // What a request wrote is in its history here.
    'contact.accept': ({ to }) => changed(world.talk(to), { trust: 'known' }),
    'contact.trust': ({ to }) => changed(world.talk(to), { trust: 'known' }),
    'contact.block': ({ to }) =>
      changed(noted(to, { type: 'block', blocked: true }), { blocked: true }),
    'contact.unblock': ({ to }) =>
      changed(noted(to, { type: 'block', blocked: false }), { blocked: false }),
    'contact.rename': ({ to, alias = null }) => {
      const from = world.talk(to).contact?.alias?.slice(1) ?? null
      return changed(noted(to, { type: 'name', what: 'alias', from, to: alias }), { alias })
    },
    'contact.remove': ({ to }) => {
      world.forget(world.talk(to))
      return {}
    },
    'verify.show': ({ to }) => verifyOf(to),
    'verify.qr': ({ to }) => {
      const verify = verifyOf(to)
      return { ...verify, qr: base64url(Buffer.from(`demo ${verify.safetyNumber}`)) }
    },
    'verify.confirm': ({ to, number }) => {
      if (number?.replace(/\D/g, '') === verifyOf(to).safetyNumber)
        return changed(noted(to, { type: 'identity', change: 'verified', other: null }), {
          trust: 'verified',
        })
      throw new UsageError('usage/invalid', 'that is another number', {
        fix: 'Compare all 60 digits.',
      })
    },
    'verify.reset': ({ to }) =>
      changed(noted(to, { type: 'identity', change: 'reset', other: null }), { trust: 'known' }),
    'verify.log': () => [],
    'invite.create': ({ uses = 1 }) => world.invite(uses),
    'invite.list': () => world.invites,
    'invite.revoke': ({ id }) => world.revoke(id),
    'draft.list': () => [...world.drafts].map(([conversation, draft]) => ({ conversation, draft })),
    'store.forgetRead': () => ({}),
    'setting.list': () => [...world.settings].map(([name, value]) => ({ name, value })),
    'setting.save': ({ name, value }) => {
      if (value === '') world.settings.delete(name)
      else world.settings.set(name, value)
      return {}
    },
    'draft.save': ({ conversation, draft }) => {
      const { id } = world.talk(conversation).detail
      if (draft === '') world.drafts.delete(id)
      else world.drafts.set(id, draft)
      return {}
    },
    'message.show': ({ message }) => detailOf(world.line(message)),
    'message.receipts': () => [],
    'message.search': ({ query = '', limit = PAGE }) => found(world, query).slice(0, limit),
    'message.send': ({ to, text, replyTo }) => {
      const results = to.map((recipient) => {
        const talk = USERNAME.test(recipient)
          ? (known(world, recipient) ?? world.meet(recipient.slice(1)))
          : world.talk(recipient)
        const line = world.write(talk, {
          ...{ text, status: 'queued' as const },
          ...(replyTo === undefined ? {} : { replyTo }),
        })
        emit({ type: 'message.sent', ...line })
        deliver(talk, line)
        const { id, kind, name } = talk.detail
        const conversation = { id, kind, name }
        return { recipient, status: 'queued' as const, id: line.message.id, conversation }
      })
      const [only] = results
      const one = results.length === 1 && only !== undefined ? only : undefined
      const top = one === undefined ? {} : { id: one.id, conversation: one.conversation }
      return { result: { ...top, status: 'queued', results }, exitCode: 0 }
    },
    'outbox.list': () => waiting(world).map(({ talk, line }) => outboxOf(talk, line)),
    'outbox.show': ({ message }) => {
      const { talk, line } = waitingOne(world, message)
      return outboxOf(talk, line)
    },
    'outbox.cancel': ({ messages }) =>
      messages.map((message) => {
        const { talk, line } = waitingOne(world, message)
        world.takeBack(talk, line.message.id)
        return { ...outboxOf(talk, line), mayHaveArrived: false }
      }),
    'outbox.retry': ({ messages }) =>
      waiting(world)
        .filter(({ line }) =>
          messages === undefined
            ? line.message.status === 'queued'
            : messages.includes(line.message.id),
        )
        .map(({ talk, line }) => {
          world.setStatus(talk, line.message.id, 'queued')
          deliver(talk, line)
          return { ...outboxOf(talk, line), status: 'queued' }
        }),
  }
}

function known(world: DemoWorld, handle: string): Talk | undefined {
  const wanted = handle.toLowerCase()
  return world.talks.find(({ contact }) => contact?.handle?.toLowerCase() === wanted)
}

type Which = NonNullable<MethodParams<'conversation.list'>['which']>

function listed(world: DemoWorld, which: Which) {
  const inbox = ({ archived, trust }: Talk['detail']): boolean => !archived && trust !== 'request'
  const choices: Readonly<Record<Which, (detail: Talk['detail']) => boolean>> = {
    all: () => true,
    inbox,
    archived: ({ archived }) => archived,
    unread: (detail) => inbox(detail) && (detail.unread > 0 || detail.markedUnread),
  }
  return world.talks
    .map(({ detail }) => detail)
    .filter(choices[which])
    .sort(
      (a, b) =>
        Number(b.pinned) - Number(a.pinned) ||
        Date.parse(b.lastActivityAt) - Date.parse(a.lastActivityAt),
    )
}

interface Range {
  readonly before?: string | undefined
  readonly after?: string | undefined
}

function pageOf(
  world: DemoWorld,
  conversation: string,
  { limit = PAGE, ...range }: Range & { readonly limit?: number | undefined },
): readonly HistoryObject[] {
  const lines = between(world, world.talk(conversation).lines, range)
  const isForward = range.after !== undefined && range.before === undefined
  return isForward ? lines.slice(0, limit) : lines.slice(Math.max(0, lines.length - limit))
}

/** Messages or times, both exclusive. */
function between(
  world: DemoWorld,
  lines: readonly HistoryObject[],
  { before, after }: Range,
): readonly HistoryObject[] {
  const indexOf = (reference: string): number => {
    const { message } = world.line(reference)
    return lines.findIndex((line) => line.message.id === message.id)
  }
  const isTime = (reference: string): boolean => !Number.isNaN(Date.parse(reference))
  return lines.filter(({ message }, at) => {
    const sentMs = Date.parse(message.sentAt)
    const isBefore =
      before === undefined || (isTime(before) ? sentMs < Date.parse(before) : at < indexOf(before))
    const isAfter =
      after === undefined || (isTime(after) ? sentMs > Date.parse(after) : at > indexOf(after))
    return isBefore && isAfter
  })
}

/** Behind the messages of a page. */
function eventsOf(
  world: DemoWorld,
  { lines, events }: Talk,
  { from, through }: { readonly from?: string | undefined; readonly through?: string | undefined },
): readonly TimelineEventObject[] {
  const indexOf = (reference: string | null): number =>
    reference === null ? -1 : lines.findIndex(({ message }) => message.id === reference)
  const first = from === undefined ? -1 : indexOf(world.line(from).message.id)
  const last = through === undefined ? lines.length : indexOf(world.line(through).message.id)
  return events.filter(({ after }) => indexOf(after) >= first && indexOf(after) <= last)
}

/** Every word must be in it; the newest first. */
function found(world: DemoWorld, query: string): MethodResult<'message.search'> {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const [first = ''] = words
  if (first === '') return []
  return world.talks
    .flatMap(({ lines }) => lines)
    .filter(({ message }) => {
      const text = message.text?.toLowerCase() ?? ''
      return words.every((word) => text.includes(word))
    })
    .sort((a, b) => Date.parse(b.message.sentAt) - Date.parse(a.message.sentAt))
    .map((line) => {
      const start = line.message.text?.toLowerCase().indexOf(first) ?? 0
      return { ...line, match: { start, end: start + first.length } }
    })
}

function waiting(world: DemoWorld) {
  return world.talks.flatMap((talk) =>
    talk.lines
      .filter(({ message: { status } }) => status === 'queued' || status === 'failed')
      .map((line) => ({ talk, line })),
  )
}

function waitingOne(world: DemoWorld, message: string) {
  const { id } = world.line(message).message
  const found = waiting(world).find(({ line }) => line.message.id === id)
  if (found !== undefined) return found
  throw new InputError('message/settled', 'it does not wait any more')
}

function outboxOf({ detail }: Talk, { message }: HistoryObject): OutboxObject {
  const isFailed = message.status === 'failed'
  return {
    ...{ id: message.id, status: isFailed ? 'failed' : 'queued', recipients: [detail.name] },
    ...{ attempts: 1, sentAt: message.sentAt, nextAttemptAt: null },
  }
}

function detailOf({ message, ...line }: HistoryObject): MethodResult<'message.show'> {
  return {
    ...line,
    message: {
      ...{ ...message, edited: message.edited === true, deleted: message.deleted === true },
      ...{ reactions: message.reactions ?? [], receipts: [] },
    },
  }
}

function safetyNumberOf(account: string): string {
  const digits = Array.from(account.replaceAll('-', ''), (digit, at) =>
    String((parseInt(digit, 16) * 7 + at * 3) % 10),
  ).join('')
  return digits.repeat(2).slice(0, DIGITS)
}
