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
      '/accept: you can talk, and they see your name. /block: nothing of them comes any more, and they are not told.',
  },
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
}
