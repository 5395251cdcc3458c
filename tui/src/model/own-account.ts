import type { AccountObject } from '@sotto/client-core'

import type { Answer } from './answer.js'
import type { Effect } from './effect.js'
import { takeSettings } from './setting.js'
import type { UiState } from './state.js'
import { step, type Step } from './step.js'
import type { Surface } from './surface.js'
import { toast } from './toasts.js'

/** The account as it is now. With its read receipts goes how far every message has come. */
export function ownAccount(state: UiState, answer: Answer, surface: Surface): Step | undefined {
  if (answer.method === 'account.current') return withAccount(state, answer.result)
  if (answer.method === 'setting.list') return takeSettings(state, answer.result, surface)
  if (answer.method !== 'account.edit') return undefined
  return withAccount(toast(state, receiptsTold(answer.result, surface), 'good'), answer.result)
}

function receiptsTold({ readReceipts }: AccountObject, { words }: Surface): string {
  const { names, value } = words.screen.settings
  return `${names.receipts}: ${value('receipts', readReceipts === false ? 'off' : 'on')}`
}

function withAccount(before: UiState, account: AccountObject): Step {
  const state = { ...before, account }
  if (account.readReceipts === before.account.readReceipts) return step(state)
  const refresh: readonly Effect[] =
    state.open === undefined ? [] : [{ kind: 'refresh', conversation: state.open }]
  return step(state, { kind: 'load-list' }, ...refresh)
}
