import type { CommandSpec } from '../commands/command.js'
import { GLOBAL_FLAGS, type FlagSpec } from '../flags/flag.js'
import { nearest } from '../flags/values.js'

/**
 * What people type who know other programs, and what it is called here. A hint is only ever said:
 * nothing runs that was not asked for by its name.
 */
const FOREIGN_COMMANDS: Readonly<Record<string, readonly string[]>> = {
  ls: ['conv list', 'contact list'],
  list: ['conv list', 'contact list', 'account list'],
  conversations: ['conv list'],
  chats: ['conv list'],
  rooms: ['conv list'],
  dialogs: ['conv list'],
  contacts: ['contact list'],
  friends: ['contact list'],
  users: ['contact list'],
  add: ['contact add'],
  invite: ['invite create', 'contact add'],
  accept: ['contact accept'],
  trust: ['contact trust'],
  block: ['contact block'],
  unblock: ['contact unblock'],
  msg: ['send'],
  message: ['send', 'message show'],
  dm: ['send'],
  say: ['send'],
  write: ['send'],
  post: ['send'],
  publish: ['send'],
  reply: ['send'],
  query: ['chat', 'search'],
  join: ['chat', 'invite accept'],
  talk: ['chat'],
  inbox: ['receive'],
  read: ['receive', 'history'],
  fetch: ['receive'],
  pull: ['receive'],
  sync: ['receive'],
  listen: ['receive'],
  subscribe: ['receive'],
  follow: ['receive'],
  tail: ['receive'],
  watch: ['receive'],
  log: ['history'],
  logs: ['history'],
  messages: ['history'],
  show: ['history', 'message show'],
  scrollback: ['history'],
  find: ['search'],
  grep: ['search'],
  queue: ['outbox list'],
  pending: ['outbox list'],
  status: ['doctor', 'outbox list', 'account show'],
  whoami: ['account show'],
  me: ['account show'],
  profile: ['account show', 'account edit'],
  user: ['account show'],
  accounts: ['account list'],
  login: ['account create', 'account use'],
  signin: ['account create', 'account use'],
  register: ['account create'],
  signup: ['account create'],
  init: ['account create'],
  setup: ['account create'],
  link: ['account create'],
  switch: ['account use'],
  use: ['account use'],
  logout: ['account delete'],
  unregister: ['account delete'],
  fingerprint: ['verify show'],
  safety: ['verify show'],
  key: ['verify show'],
  keys: ['verify show', 'store passphrase'],
  identity: ['verify show'],
  backup: ['export'],
  dump: ['export'],
  settings: ['config list'],
  set: ['config set'],
  get: ['config get'],
  passphrase: ['store passphrase'],
  password: ['store passphrase'],
  gc: ['store gc'],
  check: ['doctor'],
  diagnose: ['doctor'],
  repair: ['doctor'],
  completions: ['completion'],
  schemas: ['schema'],
  man: ['help'],
  usage: ['help'],
  commands: ['help'],
}

const JSON_HINT = '--json prints JSON'
const TEXT_HINT = 'The text is an argument, or stdin: sotto send @bob.42 "hello"'
const TO_HINT = 'Recipients are arguments, before the text: sotto send @bob.42 "hello"'
const FILE_HINT = 'Files cannot be sent by this version.'

const FOREIGN_FLAGS: Readonly<Record<string, string>> = {
  '-o': JSON_HINT,
  '-j': JSON_HINT,
  '--output': JSON_HINT,
  '--format': JSON_HINT,
  '-m': TEXT_HINT,
  '--message': TEXT_HINT,
  '--text': TEXT_HINT,
  '--body': TEXT_HINT,
  '-r': TO_HINT,
  '--to': TO_HINT,
  '--recipient': TO_HINT,
  '-a': `${FILE_HINT} The account is chosen with -A.`,
  '--attach': FILE_HINT,
  '--attachment': FILE_HINT,
  '--file': FILE_HINT,
  '-u': 'The account is chosen with -A NAME',
  '--user': 'The account is chosen with -A NAME',
  '-y': 'Did you mean --yes?',
  '-F': 'Did you mean --follow?',
  '--tail': 'Did you mean --follow?',
  '--debug': 'Did you mean --verbose?',
  '--password': 'Secrets are never given as flags: sotto help environment',
  '--passphrase': 'Secrets are never given as flags: sotto help environment',
}

/** Commands that have a flag are named up to so many. */
const OWNERS_MAX = 3

/** For a word where a command or a verb of `noun` should be: what was probably meant. */
export function hintOfCommand(
  word: string,
  commands: readonly CommandSpec[],
  noun?: string,
): readonly string[] {
  const shown = commands.filter(({ hidden }) => hidden !== true)
  if (noun !== undefined) return hintOfVerb(word, shown, noun)
  if (/^[@#]|^(id|acct):/.test(word)) {
    return [`A command comes first: sotto send ${word} "hello"   sotto chat ${word}`]
  }
  const foreign = foreignCommands(word, shown)
  if (foreign.length > 0) return [`Did you mean ${foreign.join(' or ')}?`]
  const names = [...new Set(shown.map(({ path }) => path[0] ?? ''))]
  return meant(nearest(word, names), (near) => `sotto ${near}`)
}

function hintOfVerb(
  word: string,
  commands: readonly CommandSpec[],
  noun: string,
): readonly string[] {
  const verbs = commands.filter(({ path }) => path.length === 2 && path[0] === noun)
  const names = verbs.map(({ path }) => path[1] ?? '')
  const near = SAME_VERBS[word]?.find((each) => names.includes(each)) ?? nearest(word, names)
  return near === undefined
    ? [`There are: ${names.map((name) => `sotto ${noun} ${name}`).join(', ')}`]
    : meant(near, (verb) => `sotto ${noun} ${verb}`)
}

/** Verbs of other programs. */
const SAME_VERBS: Readonly<Record<string, readonly string[]>> = {
  ls: ['list'],
  all: ['list'],
  rm: ['remove', 'delete', 'revoke', 'cancel'],
  delete: ['remove', 'cancel', 'revoke'],
  remove: ['delete', 'cancel', 'revoke'],
  del: ['remove', 'delete', 'cancel', 'revoke'],
  new: ['create', 'add'],
  add: ['create'],
  create: ['add'],
  info: ['show'],
  get: ['show'],
  view: ['show'],
  cat: ['show'],
  mv: ['rename'],
  update: ['edit', 'set'],
  set: ['edit'],
  switch: ['use'],
  select: ['use'],
  default: ['use'],
  ok: ['confirm'],
  read: ['mark-read'],
  unread: ['mark-unread'],
}

/** The same for a flag that its command does not have. */
export function hintOfFlag(
  flag: string,
  spec: CommandSpec | undefined,
  commands: readonly CommandSpec[],
): readonly string[] {
  const name = flag.replace(/=.*$/s, '')
  const foreign = FOREIGN_FLAGS[name]
  const own = [...(spec?.flags ?? []), ...GLOBAL_FLAGS]
  const owners = commands.filter((each) => each.hidden !== true && has(each.flags, name))
  const near = name.startsWith('--')
    ? nearest(
        name,
        own.map((each) => `--${each.name}`),
      )
    : undefined
  if (near !== undefined) return meant(near, (each) => each)
  if (owners.length > 0) {
    const named = owners.slice(0, OWNERS_MAX).map(({ path }) => `sotto ${path.join(' ')}`)
    return [`${name} is a flag of ${named.join(', ')}`]
  }
  return [foreign ?? 'Put -- before a text that begins with a dash.']
}

function has(flags: readonly FlagSpec[], name: string): boolean {
  return flags.some((flag) => name === `--${flag.name}` || name === `-${flag.short ?? ''}`)
}

/** Those of them that this version has, as they are typed. */
function foreignCommands(word: string, commands: readonly CommandSpec[]): readonly string[] {
  const known = new Set(commands.map(({ path }) => path.join(' ')))
  return Object.hasOwn(FOREIGN_COMMANDS, word)
    ? (FOREIGN_COMMANDS[word] ?? [])
        .filter((each) => known.has(each))
        .map((each) => `sotto ${each}`)
    : []
}

function meant(near: string | undefined, write: (near: string) => string): readonly string[] {
  return near === undefined ? [] : [`Did you mean ${write(near)}?`]
}
