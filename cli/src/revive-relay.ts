import { isLoopback } from '@sotto/protocol'

/** Has a relay started again that is the person's own and not running; nothing waits for it. */
export function reviveRelay(dataDir: string, relay: string): void {
  if (!isLoopback(relay)) return
  // Behind the first frame of the chat.
  setImmediate(() => {
    void import('./private-relay.js')
      .then(({ revivePrivateRelay }) => revivePrivateRelay(dataDir, relay))
      .catch(() => undefined) // The chat says that it is offline, and goes on.
  })
}
