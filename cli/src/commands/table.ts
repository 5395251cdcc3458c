import type { Command } from './command.js'
import { command as accountCreate } from './account-create.js'
import { command as accountDelete } from './account-delete.js'
import { command as accountEdit } from './account-edit.js'
import { command as accountList } from './account-list.js'
import { command as accountShow } from './account-show.js'
import { command as accountUse } from './account-use.js'
import { command as chat } from './chat.js'
import { command as complete } from './complete.js'
import { command as completion } from './completion.js'
import { command as configGet } from './config-get.js'
import { command as configList } from './config-list.js'
import { command as configPath } from './config-path.js'
import { command as configSet } from './config-set.js'
import { command as contactAccept } from './contact-accept.js'
import { command as contactAdd } from './contact-add.js'
import { command as contactBlock } from './contact-block.js'
import { command as contactList } from './contact-list.js'
import { command as contactRemove } from './contact-remove.js'
import { command as contactRename } from './contact-rename.js'
import { command as contactShow } from './contact-show.js'
import { command as contactTrust } from './contact-trust.js'
import { command as contactUnblock } from './contact-unblock.js'
import { command as convArchive } from './conv-archive.js'
import { command as convList } from './conv-list.js'
import { command as convMarkRead } from './conv-mark-read.js'
import { command as convMarkUnread } from './conv-mark-unread.js'
import { command as convMute } from './conv-mute.js'
import { command as convNotify } from './conv-notify.js'
import { command as convPin } from './conv-pin.js'
import { command as convShow } from './conv-show.js'
import { command as convTyping } from './conv-typing.js'
import { command as convUnarchive } from './conv-unarchive.js'
import { command as convUnmute } from './conv-unmute.js'
import { command as convUnpin } from './conv-unpin.js'
import { command as doctor } from './doctor.js'
import { command as exportAccount } from './export.js'
import { command as help } from './help.js'
import { command as history } from './history.js'
import { command as inviteAccept } from './invite-accept.js'
import { command as inviteCreate } from './invite-create.js'
import { command as inviteList } from './invite-list.js'
import { command as inviteRevoke } from './invite-revoke.js'
import { command as messageDelete } from './message-delete.js'
import { command as messageEdit } from './message-edit.js'
import { command as messageReact } from './message-react.js'
import { command as messageReceipts } from './message-receipts.js'
import { command as messageShow } from './message-show.js'
import { command as messageUnreact } from './message-unreact.js'
import { command as outboxCancel } from './outbox-cancel.js'
import { command as outboxList } from './outbox-list.js'
import { command as outboxRetry } from './outbox-retry.js'
import { command as outboxShow } from './outbox-show.js'
import { command as receive } from './receive.js'
import { command as schema } from './schema.js'
import { command as search } from './search.js'
import { command as send } from './send.js'
import { command as storeGc } from './store-gc.js'
import { command as storePassphrase } from './store-passphrase.js'
import { command as storeStats } from './store-stats.js'
import { command as verifyConfirm } from './verify-confirm.js'
import { command as verifyLog } from './verify-log.js'
import { command as verifyQr } from './verify-qr.js'
import { command as verifyReset } from './verify-reset.js'
import { command as verifyShow } from './verify-show.js'
import { command as version } from './version.js'

/**
 * Every command of this version, as the help lists them. All of it is small and lies in one file of
 * the bundle; what is large (client-core, the chat) is loaded by those who need it, when they do.
 */
export const COMMANDS: readonly Command[] = [
  send,
  receive,
  chat,
  history,
  search,
  messageShow,
  messageReceipts,
  messageReact,
  messageUnreact,
  messageEdit,
  messageDelete,
  convList,
  convShow,
  convMarkRead,
  convMarkUnread,
  convMute,
  convUnmute,
  convNotify,
  convArchive,
  convUnarchive,
  convPin,
  convUnpin,
  convTyping,
  outboxList,
  outboxShow,
  outboxRetry,
  outboxCancel,
  contactAdd,
  contactAccept,
  contactList,
  contactShow,
  contactRename,
  contactTrust,
  contactBlock,
  contactUnblock,
  contactRemove,
  inviteCreate,
  inviteList,
  inviteRevoke,
  inviteAccept,
  verifyShow,
  verifyQr,
  verifyConfirm,
  verifyReset,
  verifyLog,
  accountCreate,
  accountList,
  accountShow,
  accountUse,
  accountEdit,
  accountDelete,
  exportAccount,
  schema,
  storePassphrase,
  storeStats,
  storeGc,
  configGet,
  configSet,
  configList,
  configPath,
  doctor,
  completion,
  complete,
  help,
  version,
]

/** What stands under the name of a group of commands. */
export const NOUNS: Readonly<Record<string, string>> = {
  account: 'your accounts',
  config: 'your settings',
  contact: 'the people you write to',
  conv: 'your conversations',
  invite: 'links that make somebody a contact',
  message: 'one message',
  outbox: 'what waits to be sent',
  store: 'the messages on this device, and their key',
  verify: 'safety numbers',
}
