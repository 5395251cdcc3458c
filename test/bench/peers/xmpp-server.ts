import type { Running } from '../relay/subject.js'
import { dial, type startServer } from './server.js'
import { XmppClient } from './xmpp.js'

/** Accounts of a server that are there for the mailboxes of a load: who writes, and who is written to. */
export const SENDER = 'sender'
export function receiverName(mailbox: number): string {
  return `receiver${mailbox}`
}

/** A server of XMPP that is running, as the load generator sees it. */
export function xmppRunning(
  server: Awaited<ReturnType<typeof startServer>>,
  prepare: Running['prepare'],
): Running {
  const { port } = server
  return {
    ...server,
    prepare,
    async openSender(mailbox) {
      const client = await XmppClient.login(await dial(port), { name: SENDER, isPresent: false })
      return {
        submit: (body, accepted) => client.message(receiverName(mailbox), body, accepted),
        close: () => client.close(),
      }
    },
    async openReceiver(mailbox, onDeliver, from) {
      let seq = 0
      const client = await XmppClient.login(await dial(port, from?.localAddress), {
        name: receiverName(mailbox),
        isPresent: true,
        onMessage: (body) => onDeliver({ seq: ++seq, body }),
      })
      // What was handled is said whenever the server asks.
      return { acknowledge: () => undefined, close: () => client.close() }
    },
  }
}
