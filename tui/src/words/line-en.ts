import { LOCALE, plural } from './plural-en.js'
import type { LineWords } from './words.js'

/** What is said on lines too: it comes without the words of the screen, and without dates. */
export const LINE_ENGLISH: LineWords = {
  locale: LOCALE,
  you: 'You',
  status: {
    queued: 'queued',
    accepted: 'accepted',
    delivered: 'delivered',
    read: 'read',
    failed: 'failed',
  },
  edited: 'edited',
  silent: 'silent',
  retry: '[R]etry',
  deleted: 'message deleted',
  unsupported: '[needs a newer sotto]',
  safetyNumberChanged: 'safety number changed',
  trust: { verified: 'verified', known: 'known', request: 'request' },
  connection: { connecting: 'connecting', online: 'online', offline: 'offline' },
  caughtUp: 'caught up',
  typing: {
    'typing.started': (who) => `${who} is typing`,
    'typing.stopped': (who) => `${who} stopped typing`,
  },
  claimHeld: 'you know somebody else by that name',
  held: 'request, not accepted yet',
  quoteMissing: 'a message that is not here',
  gapReason: {
    quota: 'the mailbox at the relay was full',
    expired: 'they waited too long at the relay',
    'relay-restored': 'the relay was restored from a backup',
    'store-damaged': 'the disk of this device lost them',
    missing: 'the relay no longer has them',
    purged: 'they waited here for longer than events are kept',
    held: 'more was written than is kept of a request',
  },
  request: (who) => `request from ${who}`,
  claims: (claims) => `calls themselves ${claims}`,
  identityChanged: (who) => `${who}'s safety number changed`,
  conversationChanged: (name) => `${name}: the conversation was changed`,
  accountChanged: { profile: 'the account was changed', settings: 'settings were changed' },
  contactChanged: (who, trust) => `${who} is now ${LINE_ENGLISH.trust[trust]}`,
  undecryptable: (who, resendAsked) => {
    const from = who === undefined ? '' : ` from ${who}`
    // All refusals of a sealed thing say the same: the reason adds nothing for a reader.
    const asked = resendAsked ? '; asked to send it again' : ''
    return `a message${from} could not be opened${asked}`
  },
  reacted: (emoji) => `reacted with ${emoji}`,
  unreacted: (emoji) => `took back ${emoji}`,
  deletedOne: 'deleted a message',
  changeFailed: (change, who) => {
    const changes = { reaction: 'reaction', edit: 'edit', delete: 'deletion' }
    return `your ${changes[change]} did not reach ${who}`
  },
  missing: (count) => {
    if (count === 0) return 'messages may be missing'
    return plural(count, 'message is missing', 'messages are missing')
  },
  newMessages: (count) => plural(count, 'new message', 'new messages'),
  newBelow: (count) => `${String(count)} new below (End)`,
  exported: (messages, path) => `${plural(messages, 'message', 'messages')}, unencrypted: ${path}`,
  moreLines: (count) => `${plural(count, 'more line', 'more lines')} (Enter)`,
}
