import { accountMethods } from './account.js'
import { contactMethods } from './contact.js'
import { conversationMethods } from './conversation.js'
import { draftMethods } from './draft.js'
import { eventMethods } from './events.js'
import { inviteMethods } from './invite.js'
import { messageMethods } from './message.js'
import { outboxMethods } from './outbox.js'
import { relayMethods } from './relay.js'
import { searchMethods } from './search.js'
import { settingMethods } from './setting.js'
import { storeMethods } from './store.js'
import { verifyMethods } from './verify.js'

/** Everything an open account can be asked for, by the names of the JSON-RPC that asks for it. */
export const METHODS = {
  ...accountMethods,
  ...contactMethods,
  ...conversationMethods,
  ...draftMethods,
  ...eventMethods,
  ...inviteMethods,
  ...messageMethods,
  ...outboxMethods,
  ...relayMethods,
  ...searchMethods,
  ...settingMethods,
  ...storeMethods,
  ...verifyMethods,
}

export type MethodName = keyof typeof METHODS
type RunOf<Name extends MethodName> = (typeof METHODS)[Name]['run']
export type MethodParams<Name extends MethodName> = Parameters<RunOf<Name>>[1]
export type MethodResult<Name extends MethodName> = Awaited<ReturnType<RunOf<Name>>>
