import type { FirstRunWords } from './first-run-words.js'

/** English; loaded by whoever has no account yet, and by nobody else. */
export const FIRST_RUN_ENGLISH: FirstRunWords = {
  title: 'Welcome to sotto',
  stepOf: (step, steps) => `${String(step)} of ${String(steps)}`,
  tooSmall: 'Too small: sotto needs 40 columns and 10 rows.',
  relay: {
    heading: 'Which relay?',
    why: 'A relay keeps your sealed messages until they are fetched. It cannot read them and is not told who wrote them. You and the people you write to use the same one.',
    given: {
      label: 'One I was told of',
      help: 'Paste the invite link that somebody sent you, or write the address of a relay.',
    },
    own: (folder) => ({
      label: 'A private one on this machine',
      help: `Started now, for whoever uses this machine: nobody elsewhere can reach it. It goes on running until you stop it, and starts again with sotto. Its data rests in ${folder}.`,
    }),
    asking: 'asking the relay …',
    starting: 'starting the relay …',
    prompt: 'address or invite link: ',
  },
  code: {
    heading: 'Your sign-up code?',
    why: 'This relay takes nobody without one: whoever runs it gives them out, for one account or for several. 20 letters and digits; how you write them does not matter.',
    prompt: 'sign-up code: ',
  },
  username: {
    heading: 'Your username?',
    why: 'Others find you by it: a name and a number. The relay keeps only a hash of it, and you can take another one at any time.',
    form: 'A name, a dot and a number, as in dora.42.',
    asking: 'asking whether it is free …',
    free: 'free',
    taken: 'taken',
    instead: (usernames) => `free: ${usernames.join('  ')}`,
    unknown: (why) =>
      `The relay does not say whether it is free (${why}); it will when the account is made.`,
    begun: 'You have begun this account before: Enter goes on with it.',
    begunLocked:
      'An account was begun here under a passphrase: the same relay, username and passphrase go on with it.',
    onRelay: (address) => `at ${address}`,
    prompt: 'username: ',
  },
  key: {
    heading: 'Where shall the key of your messages rest?',
    why: 'All that sotto keeps on this disk is encrypted, under one key. Who has the disk and the key can read it.',
    looking: {
      label: 'Where nothing has to be typed',
      help: 'looking for a keyring; it may ask you to unlock it …',
    },
    keyring: {
      label: 'In your keyring',
      help: 'It opens with your login, so nothing has to be typed, and the disk alone opens nothing.',
    },
    file: {
      label: 'In a file that only you can read',
      help: 'There is no keyring here. Nothing has to be typed, and the file is as safe as this disk.',
    },
    passphrase: {
      label: 'Under a passphrase',
      help: 'It is asked for at each start. Without it nobody reads your messages, and neither do you: nobody can give it back.',
    },
    making: 'making your account …',
    working: 'making your account: this relay wants some seconds of this computer’s work first …',
  },
  passphrase: {
    heading: 'The passphrase?',
    why: 'Several words that you have never used elsewhere are best. It is not shown while you type, and asked for twice.',
    first: 'passphrase: ',
    again: 'once more: ',
    empty: 'Nothing was typed.',
    different: 'The two were not the same. Once more from the beginning.',
  },
  hints: {
    relay: 'Enter go on  Up Down choose  Ctrl+C leave: no account is made yet',
    code: 'Enter go on  Esc back  Ctrl+C leave: no account is made yet',
    username: 'Enter go on  Esc back  Ctrl+C leave: no account is made yet',
    key: 'Enter make the account  Up Down choose  Esc back  Ctrl+C leave',
    passphrase: 'Enter go on  Ctrl+U anew  Esc back  Ctrl+C leave',
    waiting: 'Esc back  Ctrl+C leave',
  },
  lines: {
    begin: 'back goes back one question; Ctrl+C leaves, and nothing is made before the last.',
    back: 'back',
    choose: '1 or 2: ',
    offered: (what) => `Enter alone: ${what}`,
  },
  made: {
    you: (username) => `You are @${username}.`,
    pinned: (address) => `Your relay, with its root key, which is now pinned: ${address}`,
    key: {
      keyring: 'The key of your messages rests in your keyring.',
      file: 'The key of your messages rests in a file that only you can read; to lock it: sotto store passphrase',
      passphrase: 'The key of your messages is locked under your passphrase.',
    },
    relay: ({ folder, stop }) =>
      `Your private relay runs on until you stop it: ${stop}\nIts data rests in ${folder}. sotto starts it again.`,
  },
}
