import { UsageError } from '@sotto/protocol'

import { nearest } from '../flags/values.js'
import type { Command, Invocation } from './command.js'

export const command: Command = {
  path: ['schema'],
  group: 'About sotto',
  summary: 'print the JSON Schema of what --json prints',
  arguments: [
    {
      usage: '[type]',
      summary: 'event, rpc, an object or an event type; left out: list them',
      complete: 'schema',
    },
  ],
  flags: [],
  details: [
    'Prints one whole schema (JSON Schema 2020-12) that needs no other file; with --json, on one line inside an object. rpc describes requests: methods and their parameters.',
    'Fields and types are only ever added: ignore what you do not know.',
  ],
  examples: [
    'sotto schema',
    'sotto schema event',
    'sotto schema message.received',
    'sotto schema rpc',
  ],
  object: { schema: 'schema', many: true },
  exits: [],
  configless: true,
  run,
}

async function run({ args: [name], output }: Invocation): Promise<number> {
  const schemas = await import('../schema/schemas.js')
  const names = schemas.schemaNames()
  if (name === undefined) {
    const width = Math.max(...names.map((each) => each.length))
    for (const each of names) {
      const description = schemas.descriptionOf(each)
      output.result({ name: each, description }, () => `${each.padEnd(width)}  ${description}`)
    }
    return 0
  }
  const known = [...names, ...schemas.eventTypeNames()]
  if (!known.includes(name)) throw noSuchSchema(name, known)
  const schema = schemas.selfContained(name)
  output.result({ name, schema }, () => JSON.stringify(schema, undefined, 2))
  return 0
}

function noSuchSchema(name: string, known: readonly string[]): UsageError {
  const near = nearest(name, known)
  return new UsageError('usage/invalid', `no such schema: ${name}`, {
    fix: [
      ...(near === undefined ? [] : [`Did you mean sotto schema ${near}?`]),
      'All of them: sotto schema',
    ].join('\n'),
  })
}
