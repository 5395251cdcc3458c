import type { Client, EventObject } from '@sotto/client-core'

import { Bell } from '../receive/bell.js'

const CONSUMER = 'echo'

/**
 * Answers every message with itself, until the client is closed. The answer's key comes from the
 * event and the cursor moves after the answer is on disk: an event that comes again, after a crash
 * or a redelivery, is answered once.
 */
export async function runEchoBot(client: Client, signal: AbortSignal): Promise<void> {
  const bell = new Bell()
  client.subscribe(() => bell.ring())
  signal.addEventListener('abort', () => bell.ring(), { once: true })
  while (!signal.aborted) {
    const after = await client.call('events.cursor', { consumer: CONSUMER })
    const { events, through } = await client.call('events.list', { after })
    for (const event of events) {
      await answer(client, event)
      const seq = event.seq ?? after
      await client.call('events.acknowledge', { consumer: CONSUMER, seq })
    }
    if (through === after) await bell.wait()
    else await client.call('events.acknowledge', { consumer: CONSUMER, seq: through })
  }
}

async function answer(client: Client, event: EventObject): Promise<void> {
  if (event.type !== 'message.received' || event.sender.self) return
  const { text } = event.message
  if (text === null || text === '') return
  await client.call('message.send', {
    ...{ to: [`acct:${event.sender.id}`], text, id: `echo ${event.id}`, wait: 'queued' },
  })
}
