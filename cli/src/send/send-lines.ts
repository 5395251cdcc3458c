import type { Client } from '@sotto/client-core'
import { asSottoError } from '@sotto/protocol'

import type { Line } from '../lines.js'
import type { Output } from '../print/output.js'
import { readRequest, type LineDefaults, type LineOutcome } from './line-request.js'
import { Tally } from './tally.js'
import { Window } from './window.js'

/** Lines under way at a time: many enough to keep the relay busy, few enough to hold. */
const WINDOW_LINES = 64

export interface SendLinesOptions {
  readonly client: Pick<Client, 'call'>
  readonly output: Output
  readonly lines: AsyncIterable<Line>
  readonly defaults: LineDefaults
}

/**
 * Sends a message a line, in order, several under way; prints what became of each in the order of
 * the lines, when it is known. What was printed is on disk. A line that is wrong, or whose recipient
 * fails, is told and the rest goes on; what no line can get past (a full disk, an account that is
 * gone) ends it, and so does a reader that goes away: lines not read by then are not sent. Throws
 * `file/unknown` where lines could not be read, when what was begun has been told.
 */
export async function sendLines(options: SendLinesOptions): Promise<Tally> {
  const underWay = new Window<Promise<LineOutcome>>(WINDOW_LINES)
  const tally = new Tally(options.output)
  try {
    const beginning = begin(options, underWay, tally)
    beginning.catch(() => undefined) // It is heard below, once what was begun has been told.
    await finish(underWay, tally)
    await beginning
    return tally
  } finally {
    underWay.close()
  }
}

async function begin(
  { client, lines, defaults }: SendLinesOptions,
  underWay: Window<Promise<LineOutcome>>,
  tally: Tally,
): Promise<void> {
  try {
    for await (const line of lines) {
      const request = readRequest(line, defaults)
      if (request.kind === 'nothing') {
        tally.skip()
        continue
      }
      if (!(await underWay.room())) return
      underWay.put(send(client, request))
    }
  } finally {
    underWay.end()
  }
}

/** Never rejects: what went wrong has its place among the others. */
async function send(
  client: Pick<Client, 'call'>,
  request: LineOutcome['request'],
): Promise<LineOutcome> {
  if (request.kind === 'wrong') return { request, outcome: request.error }
  try {
    return { request, outcome: await client.call('message.send', request.params) }
  } catch (thrown) {
    return { request, outcome: asSottoError(thrown) }
  }
}

async function finish(underWay: Window<Promise<LineOutcome>>, tally: Tally): Promise<void> {
  for await (const outcome of underWay.take()) await tally.tell(outcome)
}
