import { renderOutbox } from '../print/lines.js'
import { withClient } from '../with-client.js'
import type { Invocation } from './command.js'

export async function run(invocation: Invocation): Promise<number> {
  const { output } = invocation
  return withClient(invocation, async (client) => {
    for (const outbox of client.listOutbox()) {
      output.result({ outbox }, (look) => renderOutbox(outbox, look))
    }
    return 0
  })
}
