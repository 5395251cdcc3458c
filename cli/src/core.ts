import type {
  ChangePassphrase,
  CreateAccount,
  ExamineHome,
  FindBegunAccount,
  FindKeyPlace,
  GreetRelay,
  IsUsernameFree,
  DeleteAccount,
  ListAccounts,
  OpenClient,
  ShowAccount,
  UseAccount,
} from '@sotto/client-core'
import type * as DaemonDoor from '@sotto/client-core/daemon'

/** What commands need of client-core. */
export interface Core {
  readonly openClient: OpenClient
  readonly createAccount: CreateAccount
  readonly listAccounts: ListAccounts
  readonly showAccount: ShowAccount
  readonly changePassphrase: ChangePassphrase
  readonly deleteAccount: DeleteAccount
  readonly useAccount: UseAccount
  readonly examineHome: ExamineHome
  readonly greetRelay: GreetRelay
  readonly isUsernameFree: IsUsernameFree
  readonly findKeyPlace: FindKeyPlace
  readonly findBegunAccount: FindBegunAccount
}

/**
 * The door to all of client-core, and with it to libsignal and the database: opened when a command
 * is known to be right and about to need them, so that help and mistakes cost neither.
 */
export async function loadCore(): Promise<Core> {
  return import('@sotto/client-core')
}

/** What commands need to ask the owner of an account. */
export type Daemon = typeof DaemonDoor

/** The door that costs next to nothing: neither libsignal nor the database is behind it. */
export async function loadDaemon(): Promise<Daemon> {
  return import('@sotto/client-core/daemon')
}
