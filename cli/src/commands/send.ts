import type { SendOptions, SendRequest, WaitLevel } from '@sotto/client-core'
import { UsageError } from '@sotto/protocol'

import { parseChoice, parseDuration } from '../flags/values.js'
import { renderSent } from '../print/lines.js'
import { errorOfOutcome } from '../print/outcome.js'
import { helpOf } from '../program.js'
import { splitAddressed } from '../recipients.js'
import { checkText, readText } from '../text.js'
import { unlessAborted, withClient } from '../with-client.js'
import { Interrupted } from '../world.js'
import type { Invocation } from './command.js'

const WAIT_LEVELS: readonly WaitLevel[] = ['queued', 'accepted', 'delivered', 'read']

export async function run(invocation: Invocation): Promise<number> {
  const { output } = invocation
  const options = readOptions(invocation)
  const request = await readRequest(invocation)
  try {
    return await sendOnce(invocation, request, options)
  } catch (error) {
    if (error instanceof Interrupted) output.note('interrupted; what is kept: sotto outbox list')
    throw error
  }
}

function sendOnce(
  invocation: Invocation,
  request: SendRequest,
  options: SendOptions,
): Promise<number> {
  const { output } = invocation
  return withClient(invocation, async (client) => {
    const outcome = await client.send(request, options)
    const { results } = outcome.result
    output.result(outcome.result, (look) =>
      output.watched
        ? results.map((each) => renderSent(each, look)).join('\n')
        : results.flatMap(({ id }) => id ?? []).join('\n'),
    )
    const error = errorOfOutcome(outcome)
    if (error !== undefined) output.error(error)
    return outcome.exitCode
  })
}

function readOptions({ flags, globals }: Invocation): SendOptions {
  const timeoutMs = flags.read('timeout', parseDuration) ?? globals.timeoutMs
  const wait = flags.read('wait', (text) => parseChoice(text, WAIT_LEVELS, 'level to wait for'))
  return {
    wait: wait ?? 'accepted',
    queue: !flags.isOn('no-queue'),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  }
}

async function readRequest(invocation: Invocation): Promise<SendRequest> {
  const { args, flags, literal } = invocation
  const { to, text } = splitAddressed(args, literal)
  const key = flags.text('id')
  const replyTo = flags.text('reply-to')
  return {
    to,
    text: checkText(text ?? (await readStdin(invocation))),
    ...(key === undefined ? {} : { key }),
    ...(replyTo === undefined ? {} : { replyTo }),
  }
}

async function readStdin({ args, output, world }: Invocation): Promise<string> {
  if (world.stdin.isTTY === true && args.at(-1) !== '-') {
    output.help(helpOf(['send'], 80) ?? '')
    throw new UsageError('usage/invalid', 'no text', {
      fix: 'sotto send @bob.42 "hello", or pipe the text in; - reads it from here.',
    })
  }
  return unlessAborted(world.signal, readText(world.stdin))
}
