import { UsageError } from '@sotto/protocol'

import { nearest } from '../flags/values.js'
import { TOPICS } from '../help/topics.js'
import { helpOf } from '../program.js'
import type { Invocation } from './command.js'
import { COMMANDS } from './table.js'

const COLUMNS = 80

export async function run({ args, output, world }: Invocation): Promise<number> {
  const topic = args.join(' ')
  const text = TOPICS[topic] ?? helpOf(args, world.stdout.columns ?? COLUMNS)
  if (text === undefined) throw noSuchTopic(topic)
  output.text(text)
  return 0
}

function noSuchTopic(topic: string): UsageError {
  const known = [...Object.keys(TOPICS), ...COMMANDS.map(({ path }) => path.join(' '))]
  const near = nearest(topic, known)
  return new UsageError('usage/invalid', `no help on ${topic}`, {
    fix: [
      ...(near === undefined ? [] : [`Did you mean sotto help ${near}?`]),
      `Topics: ${Object.keys(TOPICS).join(' ')}, or any command`,
    ].join('\n'),
  })
}
