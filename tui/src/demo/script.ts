import type { MessageStatus, TimelineEventObject, Trust } from '@sotto/client-core'

/** Who does something: oneself, or the other of the conversation. */
export type By = 'me' | 'them'

/** A message of the made-up world, before it has an id and a time of day. */
export interface Line {
  /** Minutes before now. */
  readonly ago: number
  readonly text: string
  /** Set for own messages alone. */
  readonly status?: MessageStatus
  /** How many lines above is what it answers. */
  readonly answers?: number
  /** Minutes before now when it was written anew. */
  readonly edited?: number
  readonly deleted?: true
  readonly reacted?: readonly (readonly [by: By, emoji: string])[]
}

/** What happened beside the messages, without where and when. */
export type Happening = TimelineEventObject extends infer Event
  ? Event extends TimelineEventObject
    ? Omit<Event, 'id' | 'ts' | 'after' | 'conversation'>
    : never
  : never

/** Somebody, and what was said with them. */
export interface Part {
  /** The username, or what a list shows of somebody without one. */
  readonly handle: string
  readonly name: string | null
  readonly alias?: string
  /** What they say about themselves. */
  readonly about?: string
  readonly trust: Trust
  readonly unread?: number
  readonly is?: readonly ('pinned' | 'muted' | 'archived' | 'marked' | 'changed' | 'bot')[]
  readonly lines: readonly Line[]
  /** Oldest first. */
  readonly happened?: readonly { readonly ago: number; readonly what: Happening }[]
}

const HOUR = 60
const DAY = 24 * HOUR

export const them = (ago: number, text: string, answers?: number): Line => ({
  ...{ ago, text },
  ...(answers === undefined ? {} : { answers }),
})

export const mine = (
  ago: number,
  text: string,
  status: MessageStatus = 'read',
  answers?: number,
): Line => ({ ...them(ago, text, answers), status })

const PLAN = [
  'Sure. The plan:',
  '```ts',
  'const moved = await migrate({ dryRun: true })',
  'if (moved.rows !== expected) throw new Error(`only ${moved.rows} rows`)',
  '```',
  'Then *without* `dryRun`.',
].join('\n')

const MINUTES = Array.from(
  { length: 70 },
  (_, at) => `${String(at + 1)}. Point ${String(at + 1)} of the minutes, decided without a vote.`,
).join('\n')

/** Notes to self. */
export const NOTES: readonly Line[] = [
  mine(3 * DAY, 'wifi of the office: ask Bob, he changed it again', 'delivered'),
  mine(5 * HOUR, '- buy oat milk\n- call the landlord\n- **back up the keys**', 'delivered'),
]

/** Everybody else. The first is open first. */
export const PARTS: readonly Part[] = [
  {
    ...{ handle: 'alice.42', name: 'Alice Moreau', about: 'out of office on Friday' },
    ...{ trust: 'verified', unread: 2, is: ['pinned'] },
    lines: [
      them(2 * DAY, 'Are you in on Thursday?'),
      mine(2 * DAY - 4, 'Yes, from nine.'),
      them(66, 'can you look at the migration before we ship?'),
      them(65, 'https://example.org/pr/81'),
      mine(63, PLAN, 'read', 2),
      { ...them(58, 'the ratchet test fails on CI, flaky since Tuesday'), reacted: [['me', '👀']] },
      {
        ...mine(55, 'I have seen it. It is the clock of the machine, not the ratchet.', 'read', 1),
        ...{ edited: 53, reacted: [['them', '❤️']] },
      },
      mine(54, 'Restarted.', 'delivered'),
      {
        ...them(3, 'green now 🎉'),
        reacted: [
          ['them', '🚀'],
          ['me', '🚀'],
        ],
      },
      them(2, 'merge when you like', 3),
    ],
  },
  {
    ...{ handle: 'echo.11', name: 'Echo', about: 'I am a bot.', trust: 'known', is: ['bot'] },
    lines: [
      them(20, 'Hello! I am a bot and repeat what you write. Try it: nothing leaves this screen.'),
    ],
  },
  {
    ...{ handle: 'bob.7', name: 'Bob', alias: 'bob', trust: 'known' },
    lines: [
      them(90, 'lunch?'),
      { ...mine(88, 'In ten minutes.', 'read'), reacted: [['them', '👍']] },
      { ...them(87, ''), deleted: true },
      mine(31, 'Where are you?', 'accepted'),
    ],
  },
  {
    ...{ handle: 'carol.19', name: 'Carol', trust: 'known' },
    lines: [
      them(DAY + 200, 'Did the parcel arrive?'),
      mine(40, 'It did, thank you!', 'queued'),
      mine(39, 'I will write to them about the box.', 'queued'),
    ],
  },
  {
    ...{ handle: 'dan.88', name: 'Dan', trust: 'known' },
    happened: [
      {
        ago: DAY + 290,
        what: {
          ...{ type: 'message.undecryptable', count: 2, whose: 'theirs' },
          ...{ resendAsked: true, resent: 1 },
        },
      },
      { ago: 50, what: { type: 'name', what: 'name', from: 'Daniel', to: 'Dan' } },
    ],
    lines: [
      them(DAY + 300, 'send me the address'),
      mine(45, 'Lindenstraße 12, the door on the left', 'failed'),
    ],
  },
  {
    ...{ handle: 'quiet_otter.3', name: 'Sam', trust: 'request', unread: 1 },
    lines: [them(15, 'Hi, we met at the conference on Monday. Is this the right address?')],
  },
  {
    ...{ handle: 'news.100', name: 'Release news', trust: 'known', unread: 14, is: ['muted'] },
    lines: Array.from({ length: 14 }, (_, at) =>
      them(60 * (14 - at) + 5, `1.${String(at)}.0 is out. See https://example.org/1.${String(at)}`),
    ),
  },
  {
    ...{ handle: 'erin.5', name: 'Erin', trust: 'verified', is: ['marked'] },
    lines: [them(DAY + 20, 'Think about it, no hurry.')],
    happened: [{ ago: DAY, what: { type: 'identity', change: 'verified', other: null } }],
  },
  {
    ...{ handle: 'frank.61', name: 'Frank', trust: 'known', is: ['changed'] },
    lines: [mine(2 * DAY, 'See you tomorrow'), them(DAY + 30, 'New phone, who is this?')],
  },
  {
    ...{ handle: 'minutes.9', name: 'Grace', trust: 'known' },
    lines: [them(DAY + 40, MINUTES), mine(DAY + 35, 'Seventy! Thank you for writing them down.')],
  },
  {
    ...{ handle: 'links.4', name: 'Heidi', trust: 'known' },
    happened: [
      { ago: DAY + 58, what: { type: 'gap', count: 12, reason: 'held', whose: 'theirs' } },
    ],
    lines: [
      them(DAY + 60, 'Log in here: [https://bank.example](https://bank.example.evil.test/login)'),
      mine(DAY + 55, 'That label and that host are not the same. Are you all right?'),
      them(DAY + 50, 'Somebody had my laptop. Fixed, see <https://example.org/notes>'),
    ],
  },
  {
    ...{ handle: 'ivan.12', name: 'Иван', trust: 'known' },
    lines: [them(2 * DAY + 10, 'Привет! Всё работает?'), mine(2 * DAY, 'Да, спасибо 🙏')],
  },
  {
    ...{ handle: 'yuki.8', name: '山田雪', alias: '雪', trust: 'verified' },
    lines: [
      them(2 * DAY + 30, '明日の会議は十時からです。資料は先ほど送りました。'),
      mine(2 * DAY + 25, 'ありがとうございます 🎌'),
    ],
  },
  {
    ...{ handle: 'layla.27', name: 'ليلى', alias: 'ليلى', trust: 'known' },
    lines: [
      them(3 * DAY, 'مرحبا، متى تصل؟'),
      mine(3 * DAY - 5, 'At 18:30, I think.'),
      them(3 * DAY - 6, 'שלום from the train, קרון 7'),
    ],
  },
  {
    ...{ handle: 'family.77', name: '👨‍👩‍👧‍👦', alias: '👨‍👩‍👧‍👦 home', trust: 'verified' },
    lines: [them(3 * DAY + 90, '🏳️‍🌈👩🏽‍🚀🇯🇵 e\u0301 ﷽ ok?'), mine(3 * DAY + 80, 'Widths are hard.')],
  },
  {
    ...{ handle: 'mallory.66', name: '\u202Eecila\u001b[31m', trust: 'request', unread: 1 },
    lines: [
      them(4 * DAY, '\u001b]0;owned\u0007\u001b[2J\u202Egnitirw thgir ot tfel\u202C\u0000 plain'),
    ],
  },
  {
    ...{ handle: 'a_very_long_username_indeed.4711', name: 'L'.repeat(60), trust: 'known' },
    lines: [
      them(4 * DAY + 30, `one word: ${'wide'.repeat(60)}`),
      them(4 * DAY + 20, `https://example.org/${'path/'.repeat(40)}?q=1`),
    ],
  },
  {
    ...{ handle: 'zalgo.13', name: 'Zed', trust: 'known' },
    lines: [them(5 * DAY, `Z${'\u0335\u0322\u0321\u0327'.repeat(12)}algo`)],
  },
  {
    ...{ handle: 'nina.33', name: 'Nina', trust: 'known' },
    lines: [],
  },
  {
    ...{ handle: 'old.1', name: 'The old team', trust: 'known', is: ['archived'] },
    lines: [mine(40 * DAY, 'It was good working with you all.')],
  },
]
