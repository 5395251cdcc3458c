import { commandOfSlash, namedCommands } from './model/commands/names.js'
import { COMMANDS } from './model/commands/table.js'
import type { CommandName } from './model/command-name.js'
import type { NamedCommand } from './words/commands-en.js'
import type { KeyContext } from './model/bindings.js'
import { bindingsOf } from './model/keymap.js'
import { DEFAULT_SETTINGS } from './model/settings.js'
import { LINE_COMMANDS } from './line/line-commands.js'
import { COLOR_NAMES } from './rows/colors.js'
import { COLORED_ROLES } from './rows/theme.js'
import { markdownTable } from './text/markdown-table.js'
import { ENGLISH } from './words/en.js'
import { firstRunState, type FirstRun } from './model/first-run/state.js'
import { makeLook } from './rows/look.js'
import { STANDARD } from './text/widths.js'
import { firstRunRows } from './view/first-run-rows.js'
import { FIRST_RUN_ENGLISH } from './words/first-run-en.js'

/** What a document shows of the screen: a title, and the picture below it. */
export interface DocumentedPicture {
  readonly title: string
  readonly text: string
}

const WHERE: readonly (readonly [KeyContext, string])[] = [
  ['anywhere', 'Anywhere'],
  ['composer', 'While you write'],
  ['timeline', 'On a message'],
  ['list', 'In the list'],
  ['overlay', 'In a list or question above the rest'],
]

/** docs/TUI.md: the screen as it is, and everything that can be done there, out of the tables. */
export function renderScreenDocs(pictures: readonly DocumentedPicture[]): string {
  return [
    '# The chat screen',
    'Made by `npm run docs` from the tables of keys and commands, and from the pictures that `test/journeys/screen-golden.test.ts` holds the screen to. `sotto` opens it; `sotto --demo` opens it among made-up people, without an account, a relay or a file.',
    ...pictures.flatMap(({ title, text }) => [`## ${title}`, `\`\`\`text\n${text}\n\`\`\``]),
    '## The first time',
    'Without an account `sotto` asks four things, each with the reason, and offers what will do for most: Enter goes on, Esc goes back, Ctrl+C leaves with nothing made. A private relay is told of in [OPERATING.md](OPERATING.md#a-private-one-that-sotto-starts).',
    ...firstRunPictures().map((text) => `\`\`\`text\n${text}\n\`\`\``),
    '## Keys',
    'What a key means depends on where it is pressed; F1 shows those of this table on the screen. None needs more of a terminal than it had forty years ago: chords that newer ones have stand beside a plain one.',
    ...WHERE.flatMap(([context, title]) => [`### ${title}`, keyTable(context)]),
    '## Commands',
    'Typed where a message is written. `//` begins a message that begins with a slash.',
    slashTable(),
    '## Reactions, edits and deletions',
    '`r` on a message lists emoji: 1 to 6 take a quick one, a name is looked for as you type, and the same emoji once more takes your reaction back. Below the message stands who reacted, or how many where they are more, with yours in brackets: `[👍 2]  ❤ @bob`. Nothing rings for a reaction, and nothing counts as unread.',
    '`e` puts a message of your own into the composer. Enter sends it as it is then, and everybody sees that it was edited, and when; Esc leaves it as it was. Your draft stands aside meanwhile. What is written in an edit is not kept when sotto is left or locked before Enter.',
    '`d` asks for whom: for you alone, and the message is gone on this device; or, where it is yours, for everyone, and a line says that it was deleted. Its text is then on neither disk, nor in the memory of an open screen; what is seen of it in answers goes with it.',
    'Without a chosen message `/react` is about the newest of somebody else, `/edit` and `/delete` are about your newest. A change of yours that can never arrive becomes a line between the messages.',
    '## Keys of your own',
    'F1 shows every key where it is pressed. Enter on a line asks for another, and says what that would no longer do; Del brings back the old one, `/reset-keys` all of them. They stand on top of the profile (`/keys default`, `vim` or `emacs`), are kept with the account, and cannot lock you out: Esc, Ctrl+C, and a way to the palette and the help stay.',
    '## Themes of your own',
    'A file `themes/NAME.toml` in the folder of `sotto config path` is the theme `NAME`, from `/theme NAME` on; that reads it anew after each change. Each line is optional:',
    '```toml\nbackground = "dark" # what the rest is chosen for; left out: what the terminal says\naccent = "#5fafff"  # lowered to what the terminal has\ndim = 244           # of the 256\nbad = "bright-red"  # as the terminal shows its own\n```',
    `A colour has one of these names, beside its number: ${listed(COLOR_NAMES)}. What can have one: ${listed(COLORED_ROLES)}. A line that is wrong is told, with what it may be, and the rest of the file holds. In sixteen colours a shade that could not be read on the background becomes the nearest that can.`,
    '## Lines',
    '`sotto chat`, and `sotto --plain`, `TERM=dumb` or `INK_SCREEN_READER=true`: the same as lines. With the last three each line is printed once and nothing is redrawn, for screen readers and logs. A line is sent to the open conversation; what others write is told wherever one is, unless it is muted.',
    markdownTable(
      ['typed', ''],
      Object.entries(LINE_COMMANDS).map(([name, { usage = '', summary }]) => [
        `\`/${`${name} ${usage}`.trimEnd()}\``,
        summary,
      ]),
    ),
    'Only the screen has drafts that are kept, scrolling, copying and an editor of your own.',
  ]
    .join('\n\n')
    .concat('\n')
}

const { screen } = ENGLISH

function listed(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(' ')
}

/** Its first two steps, the second with a name that somebody else has. */
function firstRunPictures(): readonly string[] {
  const size = { columns: 80, rows: 19 }
  const first = firstRunState({
    ...{ size, offered: 'dora.42', begun: undefined, hasPrivateRelay: false },
  })
  const chosen = {
    address: 'https://relay.example',
    invite: undefined,
    needsCode: false,
    needsWork: false,
    own: undefined,
  }
  const instead = ['dora.57', 'dora.310']
  const known = new Map([['dora.42', { state: 'taken', instead } as const]])
  const second: FirstRun = {
    ...{ ...first, step: 'username', size: { ...size, rows: 12 } },
    ...{ relay: { ...first.relay, chosen }, username: { ...first.username, known } },
  }
  const room = { words: FIRST_RUN_ENGLISH, relayFolder: '~/.local/share/sotto/relay' }
  const look = makeLook({ columns: size.columns, probed: STANDARD, words: ENGLISH })
  return [first, second].map((state) =>
    firstRunRows(state, { ...room, look })
      .rows.map(({ spans }) =>
        spans
          .map(({ text }) => text)
          .join('')
          .trimEnd(),
      )
      .join('\n'),
  )
}

function isNamed(name: CommandName): name is NamedCommand {
  return (namedCommands(COMMANDS) as readonly CommandName[]).includes(name)
}

function keyTable(context: KeyContext): string {
  const chords = new Map<NamedCommand, string[]>()
  for (const [chord, name] of Object.entries(bindingsOf(DEFAULT_SETTINGS)[context])) {
    if (!isNamed(name)) continue
    chords.set(name, [...(chords.get(name) ?? []), `\`${screen.chord(chord)}\``])
  }
  const rows = [...chords].map(([name, keys]) => [keys.join(', '), screen.commands[name]])
  return markdownTable(['key', ''], rows)
}

function slashTable(): string {
  const rows = namedCommands(COMMANDS).flatMap((name) => {
    const { slash } = COMMANDS[name]
    if (slash === undefined || commandOfSlash(COMMANDS, slash) !== name) return []
    return [[`\`/${slash}\``, screen.commands[name]]]
  })
  return markdownTable(['typed', ''], rows)
}
