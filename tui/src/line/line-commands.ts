import type { NotifyRule } from '@sotto/client-core'
import { UsageError } from '@sotto/protocol'

import { renderMessage, renderStatus } from '../text/messages.js'
import { safeLine } from '../text/safe-text.js'
import { deleteCommand, editCommand, reactCommand, unreactCommand } from './line-changes.js'
import type { LineCommand, LineDoor } from './line-command.js'
import { detailsCommand, exportCommand, forwardCommand } from './line-messages.js'
import { settingsCommand } from './line-settings.js'

const FOUND_MAX = 20
const NOTIFY_RULES = ['all', 'mentions', 'none'] as const satisfies readonly NotifyRule[]
const TOLD: Readonly<Record<NotifyRule, string>> = {
  all: 'everything they write is told',
  mentions: 'only what names you is told',
  none: 'nothing they write is told',
}

type Listed = 'inbox' | 'unread' | 'archived' | 'all'
const LISTED: readonly Listed[] = ['inbox', 'unread', 'archived', 'all']

type Change =
  | 'conversation.mute'
  | 'conversation.unmute'
  | 'conversation.pin'
  | 'conversation.unpin'
  | 'conversation.archive'
  | 'conversation.unarchive'
  | 'conversation.markUnread'

function change(method: Change, summary: string, done: string): LineCommand {
  return {
    summary,
    run: async ({ client, here, note }) => {
      await client.call(method, { conversation: here() })
      note(done)
    },
  }
}

type Person = 'contact.accept' | 'contact.block' | 'contact.unblock' | 'contact.trust'

function person(method: Person, summary: string, done: string): LineCommand {
  return {
    summary,
    run: async ({ client, here, note }) => {
      await client.call(method, { to: here() })
      note(done)
    },
  }
}

async function listOf({ client, list }: LineDoor, which: Listed): Promise<void> {
  // A request is in no inbox, and still waits for an answer.
  const all = await client.call('conversation.list', { which: which === 'inbox' ? 'all' : which })
  list(which === 'inbox' ? all.filter(({ archived }) => !archived) : all)
}

/** Everything that can be typed behind a slash; the help is made of it. */
export const LINE_COMMANDS: Readonly<Record<string, LineCommand>> = {
  help: { summary: 'this', run: ({ note }) => note(helpText()) },
  list: {
    usage: '[unread|archived|all]',
    summary: 'the conversations, numbered',
    run: (door, args) => {
      const which = LISTED.find((each) => each === args)
      if (which === undefined && args !== '') throw usage('/list, /list unread, /list archived')
      return listOf(door, which ?? 'inbox')
    },
  },
  unread: {
    summary: 'the conversations with something unread, numbered',
    run: (door) => listOf(door, 'unread'),
  },
  open: {
    usage: 'NUMBER|@NAME',
    summary: 'write to that one from now on, and show what was said',
    run: ({ open }, args) => open(args),
  },
  new: {
    usage: '@NAME.42|LINK',
    summary: 'find somebody by username or invite link, and open the conversation',
    run: async ({ client, open }, args) => {
      if (args === '') throw usage('/new @bob.42')
      const { id } = await client.call('contact.add', { to: args })
      await open(`acct:${id}`)
    },
  },
  more: { summary: 'what was said before that', run: ({ older }) => older() },
  search: {
    usage: 'WORDS',
    summary: 'find messages everywhere; sotto help search tells the language',
    run: async ({ client, look, print, note }, args) => {
      if (args === '') throw usage('/search lunch')
      const found = await client.call('message.search', { query: args, limit: FOUND_MAX })
      for (const line of found.toReversed())
        print(`[${safeLine(line.conversation.name)}] ${renderMessage(line, look)}`)
      note(found.length === 0 ? 'nothing found' : `${String(found.length)} found, the newest last`)
    },
  },
  reply: {
    usage: 'TEXT',
    summary: 'answer the last message that came here',
    run: ({ reply }, args) => {
      if (args === '') throw usage('/reply yes')
      return reply(args)
    },
  },
  react: reactCommand,
  unreact: unreactCommand,
  edit: editCommand,
  delete: deleteCommand,
  details: detailsCommand,
  forward: forwardCommand,
  export: exportCommand,
  outbox: {
    summary: 'what waits to be sent, and what has failed',
    run: async ({ client, look, print, note }) => {
      const waiting = await client.call('outbox.list', {})
      for (const { status, recipients, error } of waiting) {
        const why = error === undefined ? '' : `: ${safeLine(error.message)}`
        print(`${renderStatus(status, look.paint)}  ${recipients.map(safeLine).join(', ')}${why}`)
      }
      note(waiting.length === 0 ? 'nothing waits' : '/retry tries all of them now')
    },
  },
  retry: {
    summary: 'try now what waits, and again what has failed',
    run: async ({ client, note }) => {
      const waiting = await client.call('outbox.list', {})
      if (waiting.length > 0)
        await client.call('outbox.retry', { messages: waiting.map(({ id }) => id) })
      note(`${String(waiting.length)} tried again`)
    },
  },
  accept: person('contact.accept', 'answer a request: what they wrote is shown', 'accepted'),
  block: person('contact.block', 'drop what they write, unread', 'blocked; /unblock undoes it'),
  unblock: person('contact.unblock', 'hear them again', 'not blocked any more'),
  trust: person(
    'contact.trust',
    'the account that has their username now is they',
    'taken for them; not verified',
  ),
  verify: {
    usage: '[60 DIGITS]',
    summary: 'the safety number; with what they read out, compare it',
    run: async ({ client, here, note }, args) => {
      if (args !== '') {
        await client.call('verify.confirm', { to: here(), number: args })
        note('verified')
        return
      }
      const { safetyNumber, verified } = await client.call('verify.show', { to: here() })
      const groups = (safetyNumber.match(/\d{5}/g) ?? []).join(' ')
      const then = verified ? 'verified' : 'the same? /verify and what they read out'
      note(`compare by voice or in person:\n  ${groups}\n  ${then}`)
    },
  },
  rename: {
    usage: '[NAME]',
    summary: 'a name of your own for them; without one, theirs again',
    run: async ({ client, here, note }, args) => {
      const alias = args === '' ? {} : { alias: args }
      const { conversation } = await client.call('contact.rename', { to: here(), ...alias })
      note(`now ${safeLine(conversation.name)}`)
    },
  },
  invite: {
    summary: 'a link for one person, good for 7 days',
    run: async ({ client, note }) => {
      const { link } = await client.call('invite.create', {})
      note(`whoever writes by it is a contact at once:\n  ${link ?? ''}`)
    },
  },
  mute: change('conversation.mute', 'say nothing when they write', 'muted'),
  alerts: {
    usage: 'all|mentions|none',
    summary: 'say everything they write, only what names you, or nothing',
    run: async ({ client, here, note }, args) => {
      const rule = NOTIFY_RULES.find((each) => each === args)
      if (rule === undefined) throw usage('/alerts all, /alerts mentions, /alerts none')
      await client.call('conversation.notify', { conversation: here(), rule })
      note(TOLD[rule])
    },
  },
  unmute: change('conversation.unmute', 'say it again', 'not muted any more'),
  pin: change('conversation.pin', 'first in the list', 'pinned'),
  unpin: change('conversation.unpin', 'where it belongs by time', 'not pinned any more'),
  archive: change('conversation.archive', 'out of the list until something comes', 'archived'),
  unarchive: change('conversation.unarchive', 'into the list again', 'in the list again'),
  'mark-unread': change('conversation.markUnread', 'to be looked at later', 'marked as unread'),
  remove: {
    usage: 'yes',
    summary: 'forget them: names, verification, what waits; what was said stays',
    run: async ({ client, here, shut, note }, args) => {
      const to = here()
      if (args !== 'yes') throw usage('/remove yes, for good')
      await client.call('contact.remove', { to })
      shut()
      note('forgotten; what they write is a request again, and /list shows the others')
    },
  },
  settings: settingsCommand,
  lock: {
    summary: 'close the account and leave; what was printed stays on the terminal',
    run: ({ note, leave }) => {
      note('closed; what was printed stays here until you clear the terminal')
      leave()
    },
  },
  quit: { summary: 'leave; so does Ctrl-D', run: ({ leave }) => leave() },
}

function usage(example: string): UsageError {
  return new UsageError('usage/invalid', 'what is meant?', { fix: `As in: ${example}` })
}

/** What only the full screen can do is said, so that nobody looks for it. */
function helpText(): string {
  const rows = Object.entries(LINE_COMMANDS).map(([name, { usage: args = '', summary }]) => {
    const typed = `/${name} ${args}`.trimEnd()
    return `  ${typed}  ${summary}`
  })
  return [
    'a line is sent to the open conversation; //text sends a text that begins with /',
    ...rows,
    '  Only the full screen has drafts that are kept, scrolling, copying and an editor of your own.',
  ].join('\n')
}
