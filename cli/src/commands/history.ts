import { renderMessage } from '@sotto/tui'

import { parseTime } from '../flags/times.js'
import { parseCount } from '../flags/values.js'
import { requireRecipient } from '../recipients.js'
import { withClient } from '../with-client.js'
import type { Invocation } from './command.js'

const LIMIT = 50

export async function run(invocation: Invocation): Promise<number> {
  const { args, flags, output, world } = invocation
  const conversation = requireRecipient(args[0] ?? '')
  const limit = flags.read('limit', parseCount) ?? LIMIT
  const place = (text: string) => parsePlace(text, world.nowMs())
  const before = flags.read('before', place)
  const after = flags.read('after', place)
  return withClient(invocation, async (client) => {
    const lines = client.history(conversation, {
      limit,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    })
    for (const line of lines) output.result(line, (look) => renderMessage(line, look))
    return 0
  })
}

/** A message id or its beginning stays as it is; anything else is a time. */
function parsePlace(text: string, nowMs: number): string {
  return /^m_[0-9A-Z]+$/.test(text) ? text : parseTime(text, nowMs)
}
