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
    for (const event of client.journal(client.cursor(CONSUMER))) {
      await answer(client, event)
      if (event.seq !== undefined) client.moveCursor(CONSUMER, event.seq)
    }
    await bell.wait()
  }
}

async function answer(client: Client, event: EventObject): Promise<void> {
  if (event.type !== 'message.received' || event.sender.self) return
  const { text } = event.message
  if (text === null || text === '') return
  await client.send(
    { to: [`acct:${event.sender.id}`], text, key: `echo ${event.id}` },
    { wait: 'queued' },
  )
}
