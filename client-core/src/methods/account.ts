import { isDeepStrictEqual } from 'node:util'
import { currentAccount } from '../core.js'
import { editAccount } from '../account/edit.js'
import { flag, method, optional, text } from './method.js'

export const accountMethods = {
  'account.current': method({}, ({ core }) => currentAccount(core)),

  /**
   * Changes what contacts know of us. A username is asked of the relay first; name and status are
   * changed here, and go out when it can be reached.
   * A proxy, or `none`, counts from the next connection on. Without read receipts none is sent from
   * now on, and nobody else's is shown; the same with `typing`. What is left out stays; empty takes it away. Whoever shows the
   * account hears of it after the commit, unless nothing is otherwise than it was.
   */
  'account.edit': method(
    {
      name: optional(text),
      status: optional(text),
      username: optional(text),
      noUsername: optional(flag),
      proxy: optional(text),
      readReceipts: optional(flag),
      typing: optional(flag),
    },
    async (open, { noUsername, ...change }) => {
      const before = currentAccount(open.core)
      const account = await editAccount(
        open,
        noUsername === true ? { ...change, username: null } : change,
      )
      if (!isDeepStrictEqual(before, account)) open.events.accountChanged('profile')
      open.typing.switched()
      open.worker.kick()
      return account
    },
  ),
}
