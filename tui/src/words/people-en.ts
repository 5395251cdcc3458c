import type { PeopleWords } from './people-words.js'

export const PEOPLE_ENGLISH: PeopleWords = {
  fixes: {
    'contact/blocked': '/unblock takes that back.',
    'identity/changed': '/why says what that means; /verify compares the numbers.',
    'identity/mismatch':
      'Read it to each other again. If it stays different, somebody stands between.',
  },
  confirmHint: 'y yes  n or Esc no',
  waiting: 'One moment.',
  request: {
    title: 'Somebody you do not know.',
    claims: (claims) => `They call themselves ${claims}; nobody has checked that.`,
    held: (claimed, holder) =>
      `You know somebody else as ${claimed}: ${holder}. Whoever writes here may only want to be taken for them.`,
    choice:
      '/accept: you can talk, and they see your name. /block: nothing of them comes any more, and they are not told. /remove: this is deleted, they may ask again.',
  },
  requestFrom: (claimed) =>
    claimed === undefined ? 'request' : `request: ${claimed}, they say; not checked`,
  accepted: (name) => `${name} is a contact now.`,
  blockedBanner: (name) => `${name} is blocked: nothing comes or goes. /unblock takes that back.`,
  blockedShort: 'blocked',
  block: {
    title: (name) => `Block ${name}?`,
    lines: [
      'What they write is dropped before it is opened, and what waits for them is not sent.',
      'They are not told. What was said stays here, and /unblock takes the block back.',
    ],
  },
  blocked: (name) => `${name} is blocked.`,
  unblocked: (name) => `${name} is not blocked any more.`,
  remove: {
    title: (name) => `Remove ${name} from your contacts?`,
    lines: [
      'Their names are forgotten here, and that you verified them; what waits for them is not sent.',
      'What was said stays here. They are not told, and can ask again with a request.',
    ],
  },
  removed: (name) => `${name} is no contact any more.`,
  welcome: {
    title: 'Your first conversation',
    you: (username) => `You are @${username}.`,
    why: 'There is no list of people to search: one of you tells the other how to be found.',
    ways: (key) => [
      {
        label: '1  Write to somebody',
        help: 'They told you their username, or sent you an invite link: you paste or write it.',
      },
      {
        label: '2  Have somebody write to you',
        help: 'Makes an invite link and its QR code. Whoever uses it is your contact at once.',
      },
      {
        label: '3  Look around first',
        help: `${key('conversation.new')} and /invite do the same at any time; whoever knows your username can ask.`,
      },
    ],
    hint: 'Up Down choose  Enter go on  Esc close',
  },
  meetTitle: 'Write to somebody',
  meetHelp: 'Write a username, as in bob.42, or paste an invite link or acct:… of an account.',
  meetHint: 'Enter looks them up  Up Down choose  Esc close',
  lookUp: (to) => `Look up ${to}`,
  lookingUp: 'Looking them up at the relay. Esc leaves it.',
  inviteTitle: 'Invite',
  invitesTitle: 'Your invites',
  inviteHint: 'c copy  l all invites  n another one  r revoke  Esc close',
  invitesHint: 'Enter show  c copy  n new  r revoke  Esc close',
  noInvites: 'There are none. n makes one.',
  inviteCopied: 'The link is copied, where the terminal allows that.',
  inviteFor: ({ state, uses, usesLeft, until }) => {
    if (state !== 'live') return `This invite is ${state}.`
    const who =
      uses === null
        ? 'Whoever has this link becomes your contact'
        : usesLeft === 1
          ? 'The first one to use this link becomes your contact'
          : `The first ${String(usesLeft)} to use this link become your contacts`
    const end = until === undefined ? '' : `, until ${until}`
    return `${who}${end}. Give it only to whom it is meant for.`
  },
  invite: ({ state, uses, usesLeft, until }) => {
    if (state !== 'live') return state
    const left = uses === null ? 'any number' : `${String(usesLeft)} of ${String(uses)} left`
    return until === undefined ? left : `${left}, until ${until}`
  },
  revoke: {
    title: (id) => `Revoke the invite ${id}?`,
    lines: [
      'Its link makes nobody a contact any more: whoever uses it asks as a stranger does.',
      'Who became a contact by it stays one.',
    ],
    done: (id) => `${id} is revoked.`,
  },
  qrNeeds: ({ columns, rows }) =>
    `For its QR code the terminal needs ${String(columns)} columns and ${String(rows)} rows.`,
  infoTitle: 'About them',
  info: {
    username: 'username',
    alias: 'called here',
    name: 'name',
    status: 'says',
    trust: 'trust',
    blocked: 'blocked',
    muted: 'muted',
    told: 'told of',
    since: 'known since',
    messages: 'messages',
    account: 'account',
    yes: 'yes',
    until: (moment) => `until ${moment}`,
    unchecked: (claimed) => `${claimed}, they say; nobody has checked that`,
    counts: ({ sent, received, held }) => {
      const waiting = held > 0 ? `, ${String(held)} waiting to be accepted` : ''
      return `${String(sent)} sent, ${String(received)} received${waiting}`
    },
  },
  rename: {
    title: (name) => `What is ${name} called here?`,
    help: 'Letters, digits, _ and -, without a dot. Only you see it; an empty line takes it away.',
  },
  renameHint: 'Enter keep  Esc close',
  renamed: (name, alias) =>
    alias === null ? `${name} has no local name any more.` : `${name} is ${alias} here.`,
  mute: {
    title: (name) => `What of ${name} you are told`,
    now: 'now',
    alerts: {
      rules: { all: 'every message', mentions: 'only what names you', none: 'nothing' },
      done: {
        all: (name) => `You are told of every message of ${name}.`,
        mentions: (name) => `Of ${name} you are told only what names you.`,
        none: (name) => `You are told nothing of ${name}.`,
      },
      noSuchRule: 'One of: /alerts all, /alerts mentions, /alerts none',
    },
    durations: [
      'mute for 1 hour',
      'mute for 8 hours',
      'mute for a day',
      'mute for a week',
      'mute until you say otherwise',
    ],
    done: (name, until) =>
      until === undefined ? `${name} is muted.` : `${name} is muted until ${until}.`,
  },
  verify: {
    title: (name) => `Verify ${name}`,
    waiting: 'Working the number out; the relay may be asked for their keys.',
    hint: 'm they match  d they differ  c copy  Esc close',
    help: (name) => [
      `${name} sees the same number under /verify, if nobody stands between you. Read it to each other by voice or in person, not in a message.`,
      'm: it is the same, they are verified.  d: it is another one.  c: copy it.',
    ],
    changed: (name) =>
      `This is the number of the account that is called ${name} now, not of the one you knew.`,
    already: ' You have verified this number.',
    differs: (name) => [
      'Read it to each other once more: a digit is soon misheard.',
      `If it stays different, whoever answers as ${name} is somebody else, or somebody stands between you. They are not verified; do not send what only they may read.`,
    ],
    done: (name) => `${name} is verified.`,
  },
  numberCopied: 'The number is copied, where the terminal allows that.',
  changed: {
    paused: (name) =>
      `! ${name}'s safety number changed, and you had verified it. What you write is not sent until you decide.`,
    goesOn: (name) =>
      `! ${name}'s safety number changed: another account has that name now. What you write goes to the one you know.`,
    claimant: (name) =>
      `! This account is called ${name} now, and you know another one by that name: it may be them with a new device, or somebody else.`,
    choice: 'Alt+V compare the numbers   /trust take the new account   /why',
  },
  notSentPaused: (name) =>
    `Not sent: ${name}'s safety number changed. Alt+V compares it, /trust takes the new one, /why.`,
  notSentBlocked: (name) => `Not sent: ${name} is blocked. /unblock takes that back.`,
  trust: {
    title: (name) => `Take the new account as ${name}?`,
    lines: (name) => [
      `From here on ${name} is the account that has the name now, and what you write goes to it. What was said stays where it is.`,
      'Nobody has checked that it is the same person: whoever got the name gets your messages.',
    ],
    verifiedLines: ['You had verified them; that ends with it. Safer is to compare: Alt+V.'],
    done: (name) => `${name} is the new account now.`,
  },
  why: {
    title: (name) => `Why ${name}'s safety number changed`,
    lines: (name) => [
      `Each account has keys of its own, and they never change. But ${name} is a name, and the relay says that another account has it now.`,
      'Most often that is harmless: they lost their device, made a new account and took their name again.',
      'It may also be that they gave the name up and somebody else took it, or that the relay lies to bring itself between you. From here nobody can tell these apart. The two of you can: compare the numbers by voice or in person.',
      'v: compare the numbers. If they match, the new account takes the place of the old, verified.',
      't: take the new account without comparing.',
      'Esc: decide later. To somebody verified nothing is sent until then; to anybody else it goes to the account you know.',
    ],
    hint: 'v compare  t take the new account  Esc later',
  },
  failed: (why) => `Not sent: ${why} Shift+R tries again.`,
  failedTo: (name, why) => `To ${name} not sent: ${why}`,
  waits: (attempts, nextAt, why) => {
    const tried = attempts === 0 ? '' : ` Tried ${String(attempts)} times.`
    const next = nextAt === undefined ? '' : ` Next at ${nextAt}.`
    return `Waiting to be sent.${tried}${why === '' ? '' : ` ${why}`}${next} c takes it back.`
  },
  cancelled: 'Taken back: it was not sent. Shift+R on it sends it after all.',
  mayHaveArrived: 'Taken back, but it may have reached the relay already.',
  nothingQueued: 'Nothing of yours waits here.',
}
