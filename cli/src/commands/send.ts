import type { MethodParams } from '@sotto/client-core'
import { TEXT_BYTES_MAX, UsageError } from '@sotto/protocol'

import { parseChoice, parseDuration } from '../flags/values.js'
import { readLines } from '../lines.js'
import { renderSent } from '../print/lines.js'
import { errorOfOutcome, notesOfOutcome } from '../print/outcome.js'
import { splitAddressed } from '../recipients.js'
import { WAIT_LEVELS, type LineDefaults } from '../send/line-request.js'
import { sendLines } from '../send/send-lines.js'
import { checkText, readText } from '../text.js'
import { unlessAborted, withClient } from '../with-client.js'
import { Interrupted } from '../world.js'
import { readChangeWait, runChange } from './change-command.js'
import type { Command, Invocation } from './command.js'

export const command: Command = {
  path: ['send'],
  group: 'Talking',
  summary: 'send a message',
  arguments: [
    { usage: '[to...]', summary: 'recipients, then at most one text', complete: 'recipient' },
    { usage: '[text]', summary: 'quoted; - or nothing reads stdin' },
  ],
  flags: [
    { name: 'id', value: 'key', summary: 'sends once however often it is run, for 30 days' },
    {
      name: 'wait',
      value: 'level',
      summary: 'queued, accepted (default), delivered or read',
      complete: ['queued', 'accepted', 'delivered', 'read'],
    },
    { name: 'timeout', value: 'duration', summary: 'how long to wait for that; default 30s' },
    { name: 'no-queue', summary: 'keep nothing when the relay cannot be reached now' },
    {
      name: 'reply-to',
      value: 'message',
      summary: 'id or the beginning of one, @last, @last:@bob',
      complete: 'message',
    },
    {
      name: 'edit',
      value: 'message',
      summary: 'write this own message anew instead; as sotto message edit',
      complete: 'message',
    },
    { name: 'lines', summary: 'a message per line of stdin' },
    { name: 'ndjson', summary: 'a request per line of stdin: {"to":["@bob.42"],"text":"hi"}' },
    { name: 'silent', summary: 'ask their devices to make no sound' },
  ],
  details: [
    'The leading arguments that look like recipients are the recipients; the next one is the text. Words after -- are text whatever they look like. Without a text the message is what stdin holds, less one line end.',
    '--lines and --ndjson read stdin as it comes and print one result a line, in order; empty lines are no messages. A line that fails is told with its number and the others go on: 81 where some failed, their own code where all failed alike. With --id KEY the key of each line is KEY:1, KEY:2 …, so that the same lines sent again are sent once. A request has to, text, id, replyTo, silent and wait; what it leaves out is taken from the command line. Once nobody reads the results, no further lines are sent.',
    'Prints one line a recipient with the exact state; only the message id where stdout is not a terminal. Exit 79 means: kept, and it will be sent; do not send it again.',
  ],
  examples: [
    'sotto send @bob.42 "on my way"',
    'make 2>&1 | tail -40 | sotto send @bob --id build-4312',
    'sotto send @bob.42 @carol.77 "lunch?" --wait delivered --timeout 1m',
    'tail -f app.log | grep --line-buffered ERROR | sotto send @ops.77 --lines',
  ],
  object: { schema: 'send', many: true },
  exits: [65, 67, 69, 77, 79, 80, 81, 82, 85],
  run,
}

async function run(invocation: Invocation): Promise<number> {
  const { output } = invocation
  const options = readOptions(invocation)
  const isStream = invocation.flags.isOn('lines') || invocation.flags.isOn('ndjson')
  try {
    const edited = invocation.flags.text('edit')
    if (edited !== undefined) return await sendEdit(invocation, edited)
    if (isStream) return await sendStream(invocation, readDefaults(invocation, options))
    return await sendOnce(invocation, { ...options, ...(await readRequest(invocation)) })
  } catch (error) {
    if (error instanceof Interrupted) output.note('interrupted; what is kept: sotto outbox list')
    throw error
  }
}

/** The same as `message edit`, where it must have been said to this recipient. */
async function sendEdit(invocation: Invocation, message: string): Promise<number> {
  const { args, literal, flags } = invocation
  const others = ['id', 'reply-to', 'lines', 'ndjson', 'silent', 'no-queue'].filter((name) =>
    flags.isOn(name),
  )
  const { to, text: written } = splitAddressed(args, literal)
  if (others.length > 0 || to.length !== 1) {
    throw new UsageError('usage/invalid', '--edit changes one message of one conversation', {
      fix: 'Nothing was changed. As in: sotto send --edit @last:@bob @bob "at eight"',
    })
  }
  const wait = readChangeWait(invocation)
  const text = checkText(written ?? (await readStdin(invocation)))
  return runChange(invocation, (client) =>
    client.call('message.edit', { message, to: to[0], text, ...wait }),
  )
}

type Request = MethodParams<'message.send'>

function sendOnce(invocation: Invocation, request: Request): Promise<number> {
  const { output } = invocation
  return withClient(invocation, async (client) => {
    const outcome = await client.call('message.send', request)
    const { results } = outcome.result
    output.result(outcome.result, (look) =>
      output.watched
        ? results.map((each) => renderSent(each, look)).join('\n')
        : results.flatMap(({ id }) => id ?? []).join('\n'),
    )
    for (const note of notesOfOutcome(outcome)) output.note(note)
    const error = errorOfOutcome(outcome)
    if (error !== undefined) output.error(error)
    return outcome.exitCode
  })
}

function sendStream(invocation: Invocation, defaults: LineDefaults): Promise<number> {
  const { output, world } = invocation
  const lines = readLines(world.stdin, defaults.ndjson ? REQUEST_BYTES_MAX : TEXT_BYTES_MAX)
  return withClient(invocation, async (client) => {
    const tally = await sendLines({ client, output, lines, defaults })
    return tally.end()
  })
}

/** A text may be written in escapes, six characters for one byte; then there are the recipients. */
const REQUEST_BYTES_MAX = 8 * TEXT_BYTES_MAX

function readDefaults(invocation: Invocation, options: Options): LineDefaults {
  const { args, flags, literal } = invocation
  const ndjson = flags.isOn('ndjson')
  if (ndjson && flags.isOn('lines')) {
    throw new UsageError('usage/invalid', '--lines and --ndjson contradict each other', {
      fix: '--lines reads texts, --ndjson requests. Choose one.',
    })
  }
  const { to, text } =
    ndjson && args.length === 0 ? { to: [], text: undefined } : splitAddressed(args, literal)
  if (text !== undefined) {
    throw new UsageError('usage/invalid', 'a text and lines from stdin contradict each other', {
      fix: 'Leave out the text, or --lines.',
    })
  }
  return { ...options, ...readExtras(invocation), to, ndjson }
}

type Options = Pick<Request, 'wait' | 'queue' | 'timeoutMs'>

function readOptions({ flags, globals }: Invocation): Options {
  const timeoutMs = flags.read('timeout', parseDuration) ?? globals.timeoutMs
  const wait = flags.read('wait', (text) => parseChoice(text, WAIT_LEVELS, 'level to wait for'))
  return {
    wait: wait ?? 'accepted',
    queue: !flags.isOn('no-queue'),
    timeoutMs,
  }
}

async function readRequest(
  invocation: Invocation,
): Promise<Pick<Request, 'to' | 'text' | 'id' | 'replyTo' | 'silent'>> {
  const { args, literal } = invocation
  const { to, text } = splitAddressed(args, literal)
  return { to, text: checkText(text ?? (await readStdin(invocation))), ...readExtras(invocation) }
}

function readExtras({ flags }: Invocation): Pick<Request, 'id' | 'replyTo' | 'silent'> {
  const id = flags.text('id')
  if (id === '') {
    throw new UsageError('usage/invalid', '--id is empty', {
      fix: 'Nothing was sent. A key that says nothing would stop the same text for 30 days: give one, or leave it out.',
    })
  }
  return {
    id,
    replyTo: flags.text('reply-to'),
    silent: flags.isOn('silent'),
  }
}

async function readStdin({ args, output, world, manual }: Invocation): Promise<string> {
  if (world.stdin.isTTY === true && args.at(-1) !== '-') {
    const { helpOf } = await manual()
    output.help(helpOf(['send'], 80) ?? '')
    throw new UsageError('usage/invalid', 'no text', {
      fix: 'sotto send @bob.42 "hello", or pipe the text in; - reads it from here.',
    })
  }
  return unlessAborted(world.signal, readText(world.stdin))
}
