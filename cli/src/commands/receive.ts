import type { Client } from '@sotto/client-core'
import { errorObject, NotFoundError, UsageError } from '@sotto/protocol'

import { parseTime } from '../flags/times.js'
import { parseChoice, parseCount, parseDuration } from '../flags/values.js'
import { readLines } from '../lines.js'
import { receive } from '../receive/receive.js'
import { authorsOf, EVENT_TYPES, parseTypes, shownTypes, type Choice } from '../receive/choice.js'
import type { ReceiveOptions } from '../receive/options.js'
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
    { name: 'drain', summary: 'only what waits here and at the relay; --timeout: to reach it' },
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
    { name: 'requests', summary: 'what strangers write after their request, too' },
    { name: 'since', value: 'seq|time', summary: 'print what came after, seen or not' },
    { name: 'as', value: 'name', summary: 'a consumer with a cursor of its own' },
    {
      name: 'ack',
      value: 'how',
      summary: 'auto (default), or manual: a seq a line on stdin acknowledges up to it',
      complete: ['auto', 'manual'],
    },
    { name: 'fail-if-empty', summary: 'end with 1 when nothing was printed' },
  ],
  details: [
    'Prints the stored events that no receive has printed, oldest first, and remembers how far it got once they are handed over. What --type and --from leave out counts as seen, and so does what a stranger writes after their request, without --requests: when the request is accepted, all of it is printed. Ends 0 when there was nothing.',
    'A consumer of --as NAME begins with what is kept and has a cursor of its own; what it has not acknowledged is kept 7 days and 1 GB, and what went is told as a gap. With --ack manual only stdin moves the cursor: at most 256 events are printed ahead of it, and whatever was not acknowledged comes again on the next run. The end of stdin ends it.',
    'Of two that run at once under one name, each prints what that consumer has not seen when it looks: an event is printed by either or by both, and the cursor never goes back. Readers that must not share take a name each.',
    'People see received messages, requests, changed safety numbers, gaps and what could not be opened; --json prints every type.',
  ],
  examples: [
    'sotto receive',
    'sotto receive --timeout 5s --max 1 --json',
    'sotto receive --follow --max 1 --json --type message.received | jq -r .message.text',
    'sotto receive --as backup --drain --json >> events.ndjson',
  ],
  object: { schema: 'event', many: true },
  exits: [1, 65, 67, 69],
  run,
}

const ACKS = ['auto', 'manual'] as const
/** Longer than any seq. */
const ACKNOWLEDGEMENT_BYTES_MAX = 64

async function run(invocation: Invocation): Promise<number> {
  const { flags, output, world } = invocation
  const until = readUntil(invocation)
  const max = flags.read('max', parseCount)
  const types = flags.isOn('type') ? parseTypes(flags.list('type')) : undefined
  const from = flags.list('from').map(requireRecipient)
  const since = flags.read('since', (text) => parseSince(text, world.nowMs()))
  const consumer = readConsumer(invocation)
  return withClient(
    invocation,
    async (client) => {
      const choice: Choice = {
        types: types ?? shownTypes(output.json),
        authors: from.length === 0 ? undefined : await authorsOf(client, from),
        requests: flags.isOn('requests'),
      }
      const printed = await receive({
        ...{ client, output, choice, max, ...consumer, ...until, nowMs: world.nowMs },
        since: await seqOf(client, since),
      })
      if (printed > 0 || !flags.isOn('fail-if-empty')) return 0
      output.error(errorObject(nothing()))
      return 1
    },
    { receipts: true, serveAtOnce: true },
  )
}

type Until = Pick<ReceiveOptions, 'waitMs' | 'connectMs'>

function readUntil({ flags, globals }: Invocation): Until {
  const follow = flags.isOn('follow')
  const drain = flags.isOn('drain')
  const timeoutMs = flags.read('timeout', parseDuration)
  if (follow && (drain || timeoutMs !== undefined)) {
    throw new UsageError(
      'usage/invalid',
      `--follow and --${drain ? 'drain' : 'timeout'} contradict each other`,
      { fix: '--follow goes on until a signal; the others end by themselves. Choose one.' },
    )
  }
  if (follow) return { waitMs: Number.POSITIVE_INFINITY, connectMs: Number.POSITIVE_INFINITY }
  const connectMs = timeoutMs ?? globals.timeoutMs ?? 0
  return { waitMs: drain ? 0 : (timeoutMs ?? 0), connectMs }
}

function readConsumer({
  flags,
  world,
}: Invocation): Pick<ReceiveOptions, 'consumer' | 'acknowledgements'> {
  const name = flags.read('as', parseConsumer)
  const ack = flags.read('ack', (text) => parseChoice(text, ACKS, 'way to acknowledge')) ?? 'auto'
  if (ack === 'auto') return { consumer: name ?? 'default', acknowledgements: undefined }
  if (name === undefined) {
    throw new UsageError('usage/invalid', '--ack manual needs a consumer', {
      fix: 'Name one: sotto receive --as backup --ack manual --json',
    })
  }
  const acknowledgements = readLines(world.stdin, ACKNOWLEDGEMENT_BYTES_MAX)
  return { consumer: name, acknowledgements }
}

function parseConsumer(text: string): string {
  if (/^[a-z0-9._-]{1,64}$/.test(text)) return text
  throw new UsageError('usage/invalid', `not the name of a consumer: ${text}`, {
    fix: 'A name has 1 to 64 of a-z, 0-9, dot, _ and -.',
  })
}

/** A seq, or a time as RFC 3339. */
function parseSince(text: string, nowMs: number): number | string {
  return /^\d{1,15}$/.test(text) ? Number(text) : parseTime(text, nowMs)
}

async function seqOf(
  client: Pick<Client, 'call'>,
  since: number | string | undefined,
): Promise<number | undefined> {
  return typeof since === 'string' ? client.call('events.before', { time: since }) : since
}

function nothing(): NotFoundError {
  return new NotFoundError('events/none', 'nothing was received', {
    fix: 'That is what --fail-if-empty asks about.',
  })
}
