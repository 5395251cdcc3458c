import { markdownTable } from '@sotto/tui'

import type { CommandSpec } from '../commands/command.js'
import { COMMANDS } from '../commands/table.js'
import { environmentName, flagUsage, GLOBAL_FLAGS, type FlagSpec } from '../flags/flag.js'
import { EXITS } from './exits.js'
import { TOPICS } from './topics.js'

/** What people are told of; groups stand in the order of their first command. */
const SHOWN = COMMANDS.filter(({ hidden }) => hidden !== true)
const GROUPS = [...new Set(SHOWN.map(({ group }) => group))]

/** Topics that are not said above already. */
const DOCUMENTED_TOPICS = Object.keys(TOPICS).filter(
  (topic) => topic !== 'exit-codes' && topic !== 'flags',
)

/** docs/CLI.md: the command table as people read it. */
export function renderCommandDocs(): string {
  return [
    '# The command line',
    'Made from the command table by `npm run docs`; a test holds it to that. What stands here is a contract: it is only ever added to.',
    ...GROUPS.flatMap((group) => [
      `## ${group}`,
      ...SHOWN.filter((spec) => spec.group === group).flatMap(renderCommand),
    ]),
    '## Flags for every command',
    'Before or after the command. The command line wins over the environment.',
    flagTable(GLOBAL_FLAGS, []),
    '## Exit codes',
    markdownTable(['code', 'meaning'], Object.entries(EXITS)),
    'When several apply: 81, then 80, then 79. What each error code means and what to do about it: [ERRORS.md](ERRORS.md).',
    'What is offered while you type, and how: `sotto completion`. Man pages: [man/](man).',
    ...DOCUMENTED_TOPICS.flatMap(renderTopic),
  ]
    .join('\n\n')
    .concat('\n')
}

function renderCommand(spec: CommandSpec): readonly string[] {
  const usage = [...spec.path, ...spec.arguments.map((argument) => argument.usage)].join(' ')
  return [
    `### sotto ${spec.path.join(' ')}`,
    `\`sotto ${usage}\`: ${spec.summary}.`,
    fence('sh', spec.examples.join('\n')),
    ...spec.details,
    ...(spec.flags.length === 0 ? [] : [flagTable(spec.flags, spec.path)]),
    ...(spec.object === undefined ? [] : [renderObject(spec.object)]),
    ...(spec.exits.length === 0 ? [] : [`Exits besides 0: ${spec.exits.join(', ')}.`]),
  ]
}

function renderObject({ schema, many }: NonNullable<CommandSpec['object']>): string {
  const amount = many ? 'one object a line' : 'one object'
  return `\`--json\` prints ${amount}: [${schema}.json](schemas/${schema}.json).`
}

function renderTopic(topic: string): readonly string[] {
  return [`## ${topic}`, fence('text', (TOPICS[topic] ?? '').trimEnd())]
}

function flagTable(flags: readonly FlagSpec[], command: readonly string[]): string {
  return markdownTable(
    ['flag', 'variable', ''],
    flags.map((flag) => [
      `\`${flagUsage(flag)}\``,
      `\`${environmentName(flag, command)}\``,
      flag.summary,
    ]),
  )
}

function fence(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``
}
