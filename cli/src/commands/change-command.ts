import type { Client, SendOutcome } from '@sotto/client-core'

import type { FlagSpec } from '../flags/flag.js'
import { parseChoice, parseDuration } from '../flags/values.js'
import { renderSent } from '../print/lines.js'
import { errorOfOutcome, notesOfOutcome } from '../print/outcome.js'
import { withClient } from '../with-client.js'
import type { CommandSpec, Invocation } from './command.js'

const LEVELS = ['queued', 'accepted'] as const

/** Of every command that changes a message. */
export const CHANGE_FLAGS: readonly FlagSpec[] = [
  {
    name: 'wait',
    value: 'level',
    summary: 'queued or accepted (default)',
    complete: ['queued', 'accepted'],
  },
  { name: 'timeout', value: 'duration', summary: 'how long to wait for that; default 30s' },
]

/** What every command that changes a message prints, and may end with. */
export const CHANGE_SPEC = {
  group: 'Talking',
  object: { schema: 'send', many: false },
  exits: [65, 67, 69, 77, 79, 80],
} as const satisfies Partial<CommandSpec>

export const CHANGE_DETAIL =
  'Prints the message’s id and how far the change has come; only the id where stdout is not a terminal. Exit 79 means: kept, and it will be sent.'

export interface ChangeWait {
  readonly wait: (typeof LEVELS)[number]
  readonly timeoutMs: number | undefined
}

export function readChangeWait({ flags, globals }: Invocation): ChangeWait {
  return {
    wait:
      flags.read('wait', (text) => parseChoice(text, LEVELS, 'level to wait for')) ?? 'accepted',
    timeoutMs: flags.read('timeout', parseDuration) ?? globals.timeoutMs,
  }
}

/** Makes one change and tells what became of it, as a send does. */
export function runChange(
  invocation: Invocation,
  change: (client: Client) => Promise<SendOutcome>,
): Promise<number> {
  return withClient(invocation, async (client) => {
    const outcome = await change(client)
    printChange(invocation, outcome)
    return outcome.exitCode
  })
}

function printChange({ output }: Invocation, outcome: SendOutcome): void {
  const { result } = outcome
  output.result(result, (look) =>
    output.watched
      ? result.results.map((each) => renderSent(each, look)).join('\n')
      : (result.id ?? ''),
  )
  for (const note of notesOfOutcome(outcome)) output.note(note)
  const error = errorOfOutcome(outcome, 'change')
  if (error !== undefined) output.error(error)
}
