import { renderOutbox } from '../print/lines.js'
import { withClient } from '../with-client.js'
import type { Command, Invocation } from './command.js'

export const command: Command = {
  path: ['outbox', 'retry'],
  group: 'Talking',
  summary: 'try now what waits; queue again what failed',
  arguments: [{ usage: '[message...]', summary: 'which; all that wait', complete: 'message' }],
  flags: [],
  details: [
    'Without messages, whatever waits is due now. A message that is named and has failed is queued again under its own id: whoever has it already does not get it twice.',
  ],
  examples: ['sotto outbox retry', 'sotto outbox retry m_01J9ABCD'],
  object: { schema: 'outbox', many: true },
  exits: [65, 67],
  run,
}

/** How long what is due may take to be tried before the command ends. */
const FLUSH_MS_MAX = 10_000

async function run(invocation: Invocation): Promise<number> {
  const { args, globals, output } = invocation
  return withClient(invocation, async (client) => {
    const messages = args.length === 0 ? undefined : args
    const tried = await client.call('outbox.retry', { messages })
    for (const outbox of tried) output.result({ outbox }, (look) => renderOutbox(outbox, look))
    await client.call('relay.flush', { timeoutMs: globals.timeoutMs ?? FLUSH_MS_MAX })
    const left = await client.call('outbox.list', {})
    const waiting = tried.filter(({ id }) => left.some((row) => row.id === id)).length
    if (tried.length > 0)
      output.note(`${String(tried.length - waiting)} sent, ${String(waiting)} still waiting`)
    return 0
  })
}
