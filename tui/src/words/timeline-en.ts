import type { TimelineEventObject } from '@sotto/client-core'

import type { TimelineWords } from './timeline-words.js'

type Gap = Extract<TimelineEventObject, { readonly type: 'gap' }>
type Undecryptable = Extract<TimelineEventObject, { readonly type: 'message.undecryptable' }>
type Identity = Extract<TimelineEventObject, { readonly type: 'identity' }>
type ChangeFailed = Extract<TimelineEventObject, { readonly type: 'change.failed' }>
type Name = Extract<TimelineEventObject, { readonly type: 'name' }>

export const TIMELINE_ENGLISH: TimelineWords = {
  line: (event, name) => {
    switch (event.type) {
      case 'gap':
        return gap(event, name)
      case 'message.undecryptable':
        return undecryptable(event, name)
      case 'identity':
        return identity(event, name)
      case 'change.failed':
        return `${CHANGE_FAILED[event.change]} did not reach ${name}.`
      case 'block':
        return event.blocked ? `You blocked ${name}.` : `You took back that ${name} is blocked.`
      case 'name':
        return renamed(event)
    }
  },
  title: 'What this line means',
  why: (event, name) => {
    switch (event.type) {
      case 'gap':
        return [...GAP_WHY[event.reason], ...(event.whose === 'unknown' ? [OF_ANY] : [])]
      case 'message.undecryptable':
        return undecryptableWhy(event, name)
      case 'identity':
        return identityWhy(event, name)
      case 'change.failed':
        return changeFailedWhy(event, name)
      case 'block':
        return event.blocked
          ? [
              `From here on what ${name} writes is dropped unread, and nothing goes to them. They are not told.`,
              'To take it back: /unblock.',
            ]
          : [
              `${name} is read and written to again. What they wrote meanwhile was dropped and does not come.`,
            ]
      case 'name':
        return NAME_WHY[event.what]
    }
  },
}

function messages(count: number): string {
  return count === 1 ? '1 message' : `${String(count)} messages`
}

const GAP_REASON: Readonly<Record<Gap['reason'], string>> = {
  quota: 'the mailbox at the relay was full',
  expired: 'waited too long at the relay',
  'relay-restored': 'the relay was put back from a backup',
  'store-damaged': 'the disk of this device has lost what was kept last',
  missing: 'the relay no longer has what was there',
  purged: 'waited here for longer than events are kept',
  held: 'more was written than is kept of a request',
}

/** Whether it is clear that they were of this conversation. */
function toldOf(whose: Gap['whose']): string {
  return whose === 'unknown' ? '; nobody can tell whose' : ''
}

function gap({ count, reason, whose }: Gap, name: string): string {
  const of = whose === 'unknown' ? '' : ` of ${name}`
  const what = count === 0 ? 'Messages may be missing' : `${messages(count)}${of} did not arrive`
  return `${what}: ${GAP_REASON[reason]}${toldOf(whose)}.`
}

const OF_ANY =
  'Who wrote them cannot be told: the relay does not know it either. So this line stands in every conversation that there was then; ask those from whom you expected something.'

const GAP_WHY: Readonly<Record<Gap['reason'], readonly string[]>> = {
  quota: [
    'The relay keeps a bounded number of messages for a device that is away. More came than fits, and the rest was not taken. Whoever knows you was told that theirs did not go through.',
    'They are not on the relay any more. To keep it from happening: let sotto be connected more often.',
  ],
  expired: [
    'The relay removes what nobody has fetched for 30 days. They are not on the relay any more.',
    'Ask for what you expected to be written again.',
  ],
  'store-damaged': [
    'What this device had stored last, sent or received, was damaged on its disk, and you went on without it (sotto doctor --fix).',
    'Look whether your last messages are there. What others wrote, ask for again; new sessions with them begin by themselves.',
  ],
  'relay-restored': [
    'The relay has begun anew from an older copy of itself. What it had accepted since that copy was made, for you or from you, it no longer has.',
    'Ask for what you expected, and look whether your last messages are delivered: what is not can be written again.',
  ],
  missing: [
    'The messages of a mailbox are numbered, and numbers were left out. Either this folder was put back from a copy, and they were fetched before: then they are where it was newer. Or the relay is broken, or keeps something from you.',
    'Ask for what you expected to be written again. If it happens without a copy, ask whoever runs the relay.',
  ],
  purged: ['They waited here for longer than events are kept.'],
  held: [
    'Before you accepted this request more was written than is kept of one: the first message and the newest are here, and those between them are not.',
    'They can write them again.',
  ],
}

function undecryptable(event: Undecryptable, name: string): string {
  const { count, resendAsked, resent, whose } = event
  const from = whose === 'unknown' ? '' : ` of ${name}`
  if (resent === count)
    return `${messages(count)}${from} could not be opened at first, and came when sent again.`
  const lost = `${messages(count)}${from} could not be opened`
  if (!resendAsked) return `${lost}${toldOf(whose)}.`
  const come = resent === 0 ? '' : `; ${String(resent)} came since`
  return `${lost}: they were asked to send ${count === 1 ? 'it' : 'them'} again${come}.`
}

function undecryptableWhy(event: Undecryptable, name: string): readonly string[] {
  const { resendAsked, resent, count, whose } = event
  if (resent === count)
    return [
      'Keys did not fit, as happens when one side was put back from a copy. Here that was noticed at once, and what was lost was sent again by itself.',
      'Nothing is missing. What came stands where it arrived; a receipt, or a change of a name, stands nowhere.',
    ]
  if (resendAsked)
    return [
      `The keys of this device did not fit to what ${name} had sealed, as happens when one side was put back from a copy. Their sotto is asked to send it again, by itself.`,
      'That needs both to be connected, and may take an hour. When it has come, this line says so. If it does not, ask them what they wrote here.',
    ]
  return [
    whose === 'unknown'
      ? 'Something arrived that does not open, and that does not prove who made it: it is damaged, or was never meant to open.'
      : `Something arrived in the name of ${name} that does not open, and that does not prove to be of them.`,
    'It is kept unopened and nothing was answered. If somebody says that a message is missing, let them write it again.',
  ]
}

function identity({ change, other }: Identity, name: string): string {
  const elsewhere = other?.name ?? 'another account'
  switch (change) {
    case 'changed':
      return `${name}'s safety number changed: another account has that name.`
    case 'trusted':
      return `You took the account that has the name now: it goes on with ${elsewhere}.`
    case 'succeeded':
      return 'You took this account for the one that had the name before.'
    case 'verified':
      return other === null
        ? `You compared the safety number of ${name}: verified.`
        : `You compared the safety number: ${name} is still the account that you know.`
    case 'reset':
      return `${name} is not verified any more.`
  }
}

function identityWhy({ change }: Identity, name: string): readonly string[] {
  switch (change) {
    case 'changed':
      return [
        `Each account has keys of its own, and they never change; but ${name} is a name, and the relay says that another account has it now. Most often they lost their device and took their name again. It may also be somebody else.`,
        'To find out, compare the number by voice or in person: /verify. To take the new account without that: /trust. More: /why.',
      ]
    case 'trusted':
      return [
        'What was said before stays in this conversation. What you write by that name goes to the new account, in a conversation of its own.',
        'Nobody has checked that both are the same person, unless a line says that you compared numbers: /verify.',
      ]
    case 'succeeded':
      return [
        'What was said with the account before stands in a conversation of its own.',
        'Nobody has checked that both are the same person, unless a line says that you compared numbers: /verify.',
      ]
    case 'verified':
      return [
        'From here on nobody stood between you, the relay included. If the name goes to another account, nothing is sent to it until you decide.',
        'To take it back: /verify, and d.',
      ]
    case 'reset':
      return [
        'It was taken back that the numbers were compared, by you, or since another account was taken for theirs.',
        'To compare them again: /verify.',
      ]
  }
}

const CHANGE_FAILED: Readonly<Record<ChangeFailed['change'], string>> = {
  reaction: 'Your reaction',
  edit: 'Your edit of a message',
  delete: 'Your deletion of a message',
}

function changeFailedWhy({ change, error }: ChangeFailed, name: string): readonly string[] {
  const still = {
    reaction: `${name} does not see it.`,
    edit: `${name} still has the text as it was before.`,
    delete: `It is gone here. ${name} still has it.`,
  }
  return [`${still[change]} The reason: ${error.message}.`, 'It is not tried again by itself.']
}

const CALLED: Readonly<Record<Name['what'], readonly [now: string, none: string]>> = {
  alias: ['You call them', 'You call them by their own name again'],
  handle: ['Their username is', 'They gave up their username'],
  name: ['They call themselves', 'They do not say a name any more'],
}

function renamed({ what, from, to }: Name): string {
  const [now, none] = CALLED[what]
  const sign = what === 'name' ? '' : '@'
  const before =
    from === null ? '' : to === null ? `, ${sign}${from}` : `, no longer ${sign}${from}`
  return to === null ? `${none}${before}.` : `${now} ${sign}${to} now${before}.`
}

const NAME_WHY: Readonly<Record<Name['what'], readonly string[]>> = {
  alias: ['This name is yours for them: only you see it. /rename changes it, or takes it away.'],
  handle: [
    'They said so themselves, sealed, from the account that you know: the keys are the same as before. The relay was asked whose the new name is before it is shown.',
    'Whoever has the old name from now on is somebody else.',
  ],
  name: [
    'They said so themselves, from the account that you know. A name is not checked by anybody: what counts is the safety number (/verify).',
  ],
}
