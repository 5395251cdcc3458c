import { UsageError } from '@sotto/protocol'

import { nearest } from '../flags/values.js'
import { hintOfCommand } from '../help/hints.js'
import { TOPICS } from '../help/topics.js'
import type { Command, Invocation, Manual } from './command.js'

export const command: Command = {
  path: ['help'],
  group: 'About sotto',
  summary: 'explain a command or a topic',
  arguments: [
    {
      usage: '[topic...]',
      summary: `${Object.keys(TOPICS).join(' ')}, or a command`,
      complete: 'topic',
    },
  ],
  flags: [],
  details: [],
  examples: ['sotto help exit-codes', 'sotto help contact add'],
  exits: [],
  configless: true,
  run,
}

const COLUMNS = 80

async function run({ args, output, world, ...invocation }: Invocation): Promise<number> {
  const manual = await invocation.manual()
  const topic = args.join(' ')
  const text = TOPICS[topic] ?? manual.helpOf(args, world.stdout.columns ?? COLUMNS)
  if (text === undefined) throw noSuchTopic(topic, manual)
  output.text(text)
  return 0
}

function noSuchTopic(topic: string, { commands }: Manual): UsageError {
  const known = [...Object.keys(TOPICS), ...commands.map(({ path }) => path.join(' '))]
  const near = nearest(topic, known)
  const hints =
    near === undefined ? hintOfCommand(topic, commands) : [`Did you mean sotto help ${near}?`]
  return new UsageError('usage/invalid', `no help on ${topic}`, {
    fix: [...hints, `Topics: ${Object.keys(TOPICS).join(' ')}, or any command`].join('\n'),
  })
}
