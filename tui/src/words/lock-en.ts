import type { LockWords } from './lock-words.js'

export const LOCK_ENGLISH: LockWords = {
  title: 'sotto is locked',
  protects: {
    passphrase:
      'The account is closed: its messages are encrypted under your passphrase, and none of them is in memory. Nothing is sent or received until it is opened.',
    key: 'Nothing is shown, and messages go on coming in. This keeps off who looks at the screen, not who uses this machine as you: the account opens without a passphrase. To give it one: sotto store passphrase',
  },
  opens: {
    passphrase: 'Type the passphrase (it is not shown), then Enter:',
    key: 'Enter opens it.',
  },
  states: { closing: 'closing …', opening: 'opening …' },
  came: (count) => (count === 1 ? 'Something has come.' : `${String(count)} messages have come.`),
  something: 'Something has come.',
}
