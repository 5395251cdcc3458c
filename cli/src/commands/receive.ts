import { UsageError } from '@sotto/protocol'

import { parseCount, parseDuration, splitList } from '../flags/values.js'
import { receive } from '../receive/receive.js'
import { authorsOf, EVENT_TYPES, parseTypes, shownTypes, type Choice } from '../receive/choice.js'
import { requireRecipient } from '../recipients.js'
import { withClient } from '../with-client.js'
import type { Command, Invocation } from './command.js'

export const command: Command = {
  path: ['receive'],
  group: 'Talking',
  summary: 'print what has not been printed yet',
  arguments: [],
  flags: [
    { name: 'follow', short: 'f', summary: 'go on until a signal' },
    { name: 'timeout', value: 'duration', summary: 'wait that long for more' },
    { name: 'max', value: 'count', summary: 'stop after printing that many' },
    {
      name: 'type',
      value: 'types',
      repeat: true,
      summary: 'print only these event types, separated by commas',
      complete: EVENT_TYPES,
    },
    {
      name: 'from',
      value: 'to',
      repeat: true,
      summary: 'print only what these wrote',
      complete: 'recipient',
    },
  ],
  details: [
    'Prints the stored events that no receive has printed, oldest first, and remembers how far it got once they are handed over. What --type and --from leave out counts as seen. Ends 0 when there was nothing.',
    'People see received messages, requests, changed safety numbers, gaps and what could not be opened; --json prints every type.',
  ],
  examples: [
    'sotto receive',
    'sotto receive --timeout 5s --max 1 --json',
    'sotto receive --follow --json --type message.received | head -n 1',
  ],
  object: { schema: 'event', many: true },
  exits: [67, 69],
  run,
}

async function run(invocation: Invocation): Promise<number> {
  const { flags, output, world } = invocation
  const until = readUntil(invocation)
  const max = flags.read('max', parseCount)
  const types = flags.isOn('type') ? parseTypes(splitList(flags.texts('type'))) : undefined
  const from = splitList(flags.texts('from')).map(requireRecipient)
  return withClient(
    invocation,
    async (client) => {
      const choice: Choice = {
        types: types ?? shownTypes(output.json),
        authors: from.length === 0 ? undefined : await authorsOf(client, from),
      }
      const { connectMs, waitMs } = until
      await receive({ client, output, choice, max, waitMs, connectMs, nowMs: world.nowMs })
      return 0
    },
    { receipts: true },
  )
}

interface Until {
  /** How long to wait for more; 0: only what is there; Infinity: until a signal. */
  readonly waitMs: number
  /** How long to try to reach the relay. */
  readonly connectMs: number
}

function readUntil({ flags, globals }: Invocation): Until {
  const follow = flags.isOn('follow')
  const timeoutMs = flags.read('timeout', parseDuration)
  if (follow && timeoutMs !== undefined) {
    throw new UsageError('usage/invalid', '--follow and --timeout contradict each other', {
      fix: '--follow goes on until a signal; --timeout ends by itself. Choose one.',
    })
  }
  if (follow) return { waitMs: Number.POSITIVE_INFINITY, connectMs: Number.POSITIVE_INFINITY }
  return { waitMs: timeoutMs ?? 0, connectMs: timeoutMs ?? globals.timeoutMs ?? 0 }
}
