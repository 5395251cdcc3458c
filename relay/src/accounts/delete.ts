import { DONE, type Answer } from '../answers.js'
import type { Context, Session } from '../context.js'

/**
 * Forgets an account for good. Each of its devices is let go once that is on disk, the one that asks
 * after it has its answer; asking again is impossible and unnecessary, for nobody can prove to be it.
 */
export async function deleteAccount(context: Context, session: Session): Promise<Answer> {
  const { closed } = await context.commits.change('delete-account', { account: session.account })
  context.log.info('account.deleted', {})
  // The answer goes into the socket first; then the socket goes.
  setImmediate(() => {
    for (const mailbox of closed) context.doorbell.ring(mailbox, { kind: 'closed' })
  })
  return DONE
}
