import { assert } from '@sotto/protocol'
import { safetyNumber } from '../account/safety-number.js'
import { unknownConversation } from '../conversation/conversation-named.js'
import { parseRecipient, resolve } from '../conversation/recipient.js'
import type { VerifyObject } from '../objects.js'
import { fetchBundle } from '../outbox/submit-sealed.js'
import { method, text } from './method.js'

export const verifyMethods = {
  /** The 60 digits shared with somebody; asks the relay for their key where it is not known yet. */
  'verify.show': method(
    { to: text },
    async ({ core, anonymous }, { to }): Promise<VerifyObject> => {
      const resolved = resolve(core.store.read, parseRecipient(to))
      if (resolved.kind !== 'contact') throw unknownConversation(to)
      const { account } = resolved.contact
      if (core.store.read.peers.peer(account) === undefined) {
        await fetchBundle(core, { anonymous }, account)
      }
      const peer = core.store.read.peers.peer(account)
      assert(peer !== undefined, 'a fetched bundle leaves a peer')
      return {
        handle: core.views.nameOf(account),
        safetyNumber: safetyNumber(
          { account: core.own.account, identity: core.own.identity.publicKey },
          { account, identityKey: peer.identityKey },
        ),
        verified: peer.verified,
      }
    },
  ),
}
