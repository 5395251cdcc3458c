import { CONFIG_KEYS, KEY_SPECS, type ConfigKey } from '../config/keys.js'
import { environmentName, flagUsage, GLOBAL_FLAGS } from '../flags/flag.js'
import { EXITS } from './exits.js'
import { definitions } from './layout.js'
import { SEARCH } from './search-topic.js'

/** Topics are written for this width. */
const COLUMNS = 80

/** What `sotto` prints where nobody can chat. */
export const SHORT_HELP = `sotto: end-to-end encrypted messages in the terminal

  sotto account create --relay URL --username alice.42
  sotto contact add @bob.42 --as bob
  sotto send @bob "hello"        make 2>&1 | tail | sotto send @bob
  sotto receive --follow         sotto history @bob
  sotto chat @bob                a line prompt

All commands: sotto --help     Topics: sotto help
`

const EXIT_CODES = `Exit codes never change once published.

${Object.entries(EXITS)
  .map(([code, meaning]) => `  ${code.padStart(3)}  ${meaning}`)
  .join('\n')}

When several apply: 81, then 80, then 79.
Every error names its code: docs/ERRORS.md tells what each means and what to do.
`

const FLAGS = `These stand before or after any command, and each has a variable that does the
same where the flag is not given:

${definitions(
  GLOBAL_FLAGS.map((flag) => [flagUsage(flag), `${flag.summary} (${environmentName(flag)})`]),
  COLUMNS,
).join('\n')}

A command's own --timeout wins over the global one. -- ends the flags: what
follows it is text.
`

const CONFIG = `Settings come from flags first, then variables, then these files, in TOML:

  .sotto.toml             a project's: in this folder or above it, up to the first
                          .git. It may be somebody else's, and so chooses among
                          what you have and nothing more
  config.toml             yours: in --home where that is given, else in
                          $XDG_CONFIG_HOME/sotto, else in ~/.config/sotto; --config
                          names another
  /etc/sotto/config.toml  the system's

${definitions(
  CONFIG_KEYS.map((key) => [key, keySummary(key)]),
  COLUMNS,
).join('\n')}

  sotto config list --origin     what holds, and who says so
  sotto config set timeout 30s   written into yours; comments stay
  sotto config path              where yours is

Every fault of every file is told at once, with its line, and ends a command with 78.
`

function keySummary(key: ConfigKey): string {
  const { summary, standard, inProject } = KEY_SPECS[key]
  const usual = standard === undefined ? '' : `; ${standard} unless said otherwise`
  return `${summary}${usual}${inProject ? '' : ' (not in a project)'}`
}

const BOTS = `Nothing here asks a question when stdin is not a terminal, and every end has an
exit code that never changes (sotto help exit-codes).

Follow and answer:

  sotto receive --follow --json --type message.received |
  while read -r event; do
    from=$(jq -r .conversation.id <<<"$event")
    text=$(jq -r .message.text <<<"$event")
    id=$(jq -r .id <<<"$event")
    printf 'you said: %s' "$text" | sotto send "id:$from" --id "reply-$id"
  done

- A conversation's id is an address: it stays when names change.
- Commands beside the one that follows are served by it.
- receive remembers what it handed over. What was not read comes again, under the
  same "id"; so let --id carry it, and a message is never sent twice.
- --as NAME is a reader with a place of its own. With --ack manual the place moves
  only to the seq that a line on stdin names.
- A reader that goes away is noticed at the next event: end with --max, --timeout
  or --drain where there may be none.
- Strangers ask first. To accept everybody: sotto config set contacts.accept everyone
- Retry only what says "retryable":true, with the same --id. 79 is no failure: the
  message is kept and will be sent.
- --wait delivered --timeout 30s ends 85 when nobody was seen: the moment to try
  another way.
- Loss is never silent: look for "gap" and "message.undecryptable".
- Ignore fields and event types you do not know.

Shapes: sotto help json. Names of whom to write to: sotto help recipients.
`

const JSON_HELP = `With --json stdout holds only JSON: one object for a command, one a line for
whatever lists or streams. Every object begins with "v":1. Ignore fields and
types you do not know: they are added without notice, and never changed or
removed. sotto schema prints the shapes, as JSON Schemas. Control and bidirectional
characters in texts are escaped, so that looking at it is safe.

--fields message.text,sender.handle prints JSON that keeps only these of each
object, in their places; what an object does not have is left out.

Errors are JSON too, on stderr:
  {"v":1,"error":{"code":"message/queued","message":"…","fix":"…","exit":79,
   "retryable":false,"retryAfterMs":null}}
Notes are {"v":1,"note":{"message":"…"}}, and -q leaves them out.

Events (sotto receive --json) carry "seq", which rises strictly per account on a
device, and "id", which stays the same when an event is delivered again. What was
lost is always an event: "gap" or "message.undecryptable".
  message.received  message.sent  message.status  message.undecryptable
  message.edited  message.deleted  reaction.added  reaction.removed  change.failed
  contact.request  contact.changed  identity.changed  gap
Only when --type asks for them, since they are not stored:
  typing.started  typing.stopped  conversation.changed  account.changed
  connection.state  backlog.done
`

const RECIPIENTS = `Recipients are written the same way everywhere:

  @alice.42       a username on your account's relay
  @alice          a contact's local name (contact add … --as alice); never has a dot
  me              notes to yourself
  id:c_…          a conversation, as JSON names it
  acct:UUID       an account, as JSON names it
  sotto://…       an invite link: whoever made it

A bare word is never guessed to be a recipient. If more than one fits, the command
ends with 67 and names them.

Messages: the whole id, or 6 or more characters of its beginning if only one fits;
@last, the newest there is; @last:@bob, the newest in that conversation.
Durations: 30s 5m 2h 7d.  Times: 2026-10-31T08:12:04Z, 2026-10-31, 08:12,
"yesterday 08:12", +2h.
`

const ENVIRONMENT = `Every flag has a variable; the command line wins over it.

Flags for every command:
${GLOBAL_FLAGS.map((flag) => `  ${environmentName(flag).padEnd(16)}  --${flag.name}`).join('\n')}

A command's own flag carries its name: SOTTO_SEND_WAIT is --wait of send,
SOTTO_ACCOUNT_CREATE_RELAY is --relay of account create. Switches are 1 or 0.

Also read:
  NO_COLOR, TERM=dumb   no colours
  XDG_DATA_HOME, HOME   accounts live in $XDG_DATA_HOME/sotto, else
                        ~/.local/share/sotto, unless --home says otherwise;
                        only whole paths count
  INK_SCREEN_READER     true: as --plain, which TERM=dumb says as well
  SOTTO_DEMO_CLOCK      the clock of --demo stands still at this time (RFC 3339)
  SOTTO_KEYRING=off     keep store keys in files, never in the keyring
  SOTTO_LOG=info        log to stderr as JSON: debug, info or warn

  ALL_PROXY, HTTPS_PROXY, NO_PROXY
                        how the relay is reached, where nothing of sotto's says it

Configuration files come after flags and variables: sotto help config
`

const SECURITY = `Messages are sealed on this device and opened on theirs (PQXDH, Double Ratchet with
a post-quantum ratchet, sealed sender). The relay keeps envelopes it cannot read and
does not learn who sent them.

Compare safety numbers once, by voice or in person: sotto verify show @bob.42
Until then a relay that lies could stand between at first contact. A number that
changes later is shown, and stops messages to a contact you verified.

Messages here lie in an encrypted database; its key is in the keyring, or in a file
only you can read where there is none (sotto account show says which). Who can read
both that file and the store can read the messages: encrypt the disk, or lock the
account under a passphrase: sotto store passphrase. It is asked for on the terminal,
also where a message comes on stdin, or comes from --passphrase-file, --passphrase-fd
or SOTTO_PASSPHRASE_FILE; it is never an argument or the value of a variable.

What the relay, the network and a thief can and cannot learn: docs/THREAT-MODEL.md
`

export const TOPICS: Readonly<Record<string, string>> = {
  'exit-codes': EXIT_CODES,
  json: JSON_HELP,
  recipients: RECIPIENTS,
  search: SEARCH,
  flags: FLAGS,
  environment: ENVIRONMENT,
  config: CONFIG,
  bots: BOTS,
  security: SECURITY,
}
