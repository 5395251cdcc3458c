import { test } from 'tap'

import { COMMANDS } from '../src/commands/table.js'
import { TOPICS } from '../src/help/topics.js'
import { run } from '../src/run.js'
import { worldOf } from './support/world.js'

async function refusalOf(
  line: string,
): Promise<{ readonly exitCode: number; readonly err: string }> {
  const world = worldOf(line.split(' '))
  const exitCode = await run(world)
  return { exitCode, err: world.err() }
}

/** What people type, and the hint that helps them. */
const HINTS: Readonly<Record<string, RegExp>> = {
  recieve: /Did you mean sotto receive\?/,
  sned: /Did you mean sotto send\?/,
  'contact acept @bob': /Did you mean sotto contact accept\?/,
  'contact lits': /Did you mean sotto contact list\?/,
  'contact ls': /Did you mean sotto contact list\?/,
  'contact frobnicate': /There are: .*sotto contact add/,
  'recieve --help': /Did you mean sotto receive\?/,
  ls: /Did you mean .*sotto contact list/,
  msg: /Did you mean sotto send\?/,
  inbox: /Did you mean sotto receive\?/,
  whoami: /Did you mean sotto account show\?/,
  login: /Did you mean sotto account create/,
  register: /Did you mean sotto account create\?/,
  '@bob hello': /sotto send @bob/,
  '-o json inbox': /--json prints JSON/,
  'receive -o json': /--json prints JSON/,
  'receive --output json': /--json prints JSON/,
  'receive --output=json': /--json prints JSON/,
  'send @bob -m hello': /The text is an argument/,
  'send @bob --wiat read': /Did you mean --wait\?/,
  'send @bob --jsno hello': /Did you mean --json\?/,
  'history @bob --follow': /--follow is a flag of sotto receive/,
  'send @bob -x': /Put -- before a text/,
  'send @bob hi --wait raed': /Did you mean read\?/,
  'receive --type message.recieved': /Did you mean message\.received\?/,
  'help exit-cods': /Did you mean sotto help exit-codes\?/,
  'help recipeints': /Did you mean sotto help recipients\?/,
  'help inbox': /Did you mean sotto receive\?/,
  contact: /sotto contact add <to> +look somebody up/,
  history: /As in: sotto history @bob\.42/,
}

for (const [line, hint] of Object.entries(HINTS)) {
  test(`sotto ${line} is refused with a hint, and does nothing`, async (t) => {
    const { exitCode, err } = await refusalOf(line)
    t.equal(exitCode, 64)
    t.match(err, hint)
  })
}

test('a word of no known kind has no guess', async (t) => {
  t.notMatch((await refusalOf('frobnicate')).err, /Did you mean/)
})

test('names of objects that every object has are no commands', async (t) => {
  for (const word of ['constructor', '__proto__', 'toString'])
    t.match(await refusalOf(word), { exitCode: 64, err: /no such command/ })
})

test('no command is called like a topic, save the ones the topic is about', async (t) => {
  const nouns = new Set(COMMANDS.map(({ path }) => path[0] ?? ''))
  t.same(
    Object.keys(TOPICS).filter(
      (topic) => nouns.has(topic) && !['search', 'config'].includes(topic),
    ),
    [],
  )
})
