import type { AccountObject } from '@sotto/client-core'

import type { Answer } from './answer.js'
import type { Effect } from './effect.js'
import { accountSetting, takeSettings } from './setting.js'
import { ACCOUNT_SETTINGS } from './setting-names.js'
import type { UiState } from './state.js'
import { step, type Step } from './step.js'
import type { Surface } from './surface.js'
import { toast } from './toasts.js'

/** The account as it is now. With its read receipts goes how far every message has come. */
export function ownAccount(state: UiState, answer: Answer, surface: Surface): Step | undefined {
  if (answer.method === 'account.current') return withAccount(state, answer.result)
  if (answer.method === 'setting.list') return takeSettings(state, answer.result, surface)
  if (answer.method !== 'account.edit') return undefined
  const told = switchesTold(state.account, answer.result, surface)
  return withAccount(told === '' ? state : toast(state, told, 'good'), answer.result)
}

/** What was switched, as it is now. */
function switchesTold(before: AccountObject, now: AccountObject, { words }: Surface): string {
  const { names, value } = words.screen.settings
  return ACCOUNT_SETTINGS.filter(
    (name) => accountSetting(before, name) !== accountSetting(now, name),
  )
    .map((name) => `${names[name]}: ${value(name, accountSetting(now, name))}`)
    .join('  ')
}

function withAccount(before: UiState, account: AccountObject): Step {
  const state = { ...before, account }
  if (account.readReceipts === before.account.readReceipts) return step(state)
  const refresh: readonly Effect[] =
    state.open === undefined ? [] : [{ kind: 'refresh', conversation: state.open }]
  return step(state, { kind: 'load-list' }, ...refresh)
}
