import type {
  AccountDetailObject,
  AccountObject,
  OutboxObject,
  SendResultObject,
  StoreKeyObject,
} from '@sotto/client-core'
import { renderStatus, safeLine, shortTime, type Look } from '@sotto/tui'

/** `alice.42  http://127.0.0.1:8470  0199…` */
export function renderAccount(account: AccountObject, { paint }: Look): string {
  const name = paint.bold(safeLine(account.username ?? 'no username'))
  return `${name}  ${safeLine(account.relay)}  ${paint.dim(account.id)}`
}

/** With what contacts see of it. */
export function renderOwnAccount(account: AccountObject, look: Look): string {
  return [renderAccount(account, look), ...profileRows(account)].join('\n')
}

function profileRows(account: AccountObject): readonly string[] {
  const { name, status, readReceipts } = account
  const receipts = readReceipts === false ? 'off: none are sent, none are shown' : null
  const typing = account.typing === false ? 'off: not told, not shown' : null
  return Object.entries({ name, status, receipts, typing }).flatMap(([what, value]) =>
    value == null ? [] : [accountRow(what, value)],
  )
}

function accountRow(name: string, value: string): string {
  return `  ${name.padEnd(12)}${safeLine(value)}`
}

export function renderDeleted(
  deleted: { readonly account: AccountObject; readonly atRelay: boolean },
  { paint }: Look,
): string {
  const { username, id } = deleted.account
  const where = deleted.atRelay ? 'here and at its relay' : 'here only'
  return `deleted, ${where}  ${paint.bold(safeLine(username ?? 'no username'))}  ${paint.dim(id)}`
}

export function renderAccountDetail(account: AccountDetailObject, look: Look): string {
  return [
    renderAccount(account, look),
    ...profileRows(account),
    accountRow('device', String(account.device)),
    accountRow('created', account.createdAt),
    accountRow('store', account.path),
    accountRow('store key', KEY_PLACES[account.keyIn]),
    accountRow('relay root', account.relayRoot),
  ].join('\n')
}

/** Where a store's key rests, in words. */
export const KEY_PLACES: Readonly<Record<StoreKeyObject['keyIn'], string>> = {
  keyring: 'in the keyring',
  file: 'in a file beside the store',
  passphrase: 'locked under a passphrase',
}

export function renderStoreKey({ keyIn }: StoreKeyObject): string {
  return `the key of the store is ${KEY_PLACES[keyIn]}`
}

/** `✓ accepted  m_01J9…  @bob.42` */
export function renderSent(result: SendResultObject, { paint }: Look): string {
  const status = renderStatus(result.status, paint)
  const why = result.error === undefined ? '' : `  ${safeLine(result.error.message)}`
  const id = result.id === undefined ? '' : `  ${result.id}`
  return `${status}${id}  ${safeLine(result.recipient)}${why}`
}

/** `… queued  m_01J9…  @bob.42  3 attempts, next 14:05` */
export function renderOutbox(row: OutboxObject, look: Look): string {
  const attempts = `${String(row.attempts)} ${row.attempts === 1 ? 'attempt' : 'attempts'}`
  const next =
    row.nextAttemptAt === null ? '' : `, next ${shortTime(row.nextAttemptAt, look.nowMs)}`
  const why = row.error === undefined ? '' : `: ${safeLine(row.error.message)}`
  const to = row.recipients.map(safeLine).join(' ')
  return `${renderStatus(row.status, look.paint)}  ${row.id}  ${to}  ${attempts}${next}${why}`
}
