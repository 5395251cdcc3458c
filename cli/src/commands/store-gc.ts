import { sizeText } from '../print/sizes.js'
import { withClient } from '../with-client.js'
import type { Command, Invocation } from './command.js'

export const command: Command = {
  path: ['store', 'gc'],
  group: 'This device',
  summary: 'forget what nobody needs any more, and give its space back',
  arguments: [],
  flags: [],
  details: [
    'Events that every receive has passed and that are older than a week, --id keys older than 30 days, copies kept for sending again. No message goes. It happens by itself now and then; this does it now.',
  ],
  examples: ['sotto store gc'],
  object: { schema: 'store-gc', many: false },
  exits: [74, 86],
  run,
}

async function run(invocation: Invocation): Promise<number> {
  return withClient(invocation, async (client) => {
    const gc = await client.call('store.gc', {})
    const sizes = `${sizeText(gc.bytesBefore)} before, ${sizeText(gc.bytesAfter)} now`
    const events = `${String(gc.eventsForgotten)} ${gc.eventsForgotten === 1 ? 'event' : 'events'}`
    invocation.output.result({ gc }, () => `${sizes}; ${events} forgotten`)
    return 0
  })
}
