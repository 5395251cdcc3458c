import { run as createAccount } from './account-create.js'
import { run as listAccounts } from './account-list.js'
import { run as showAccount } from './account-show.js'
import { run as chat } from './chat.js'
import { run as acceptContact } from './contact-accept.js'
import { run as addContact } from './contact-add.js'
import { run as listContacts } from './contact-list.js'
import { run as printHelp } from './help.js'
import { run as printHistory } from './history.js'
import { run as listOutbox } from './outbox-list.js'
import { run as receive } from './receive.js'
import { run as send } from './send.js'
import { run as showSafetyNumber } from './verify-show.js'
import { run as printVersion } from './version.js'
import type { Verb } from './command.js'

/**
 * What each command of the table does. All of it is small and lies in one file of the bundle; what is
 * large (client-core, the chat) is loaded by those who need it, when they do.
 */
export const VERBS: Readonly<Record<string, Verb>> = {
  'account create': createAccount,
  'account list': listAccounts,
  'account show': showAccount,
  chat: chat,
  'contact accept': acceptContact,
  'contact add': addContact,
  'contact list': listContacts,
  help: printHelp,
  history: printHistory,
  'outbox list': listOutbox,
  receive: receive,
  send: send,
  'verify show': showSafetyNumber,
  version: printVersion,
}
