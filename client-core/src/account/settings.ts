import { UsageError } from '@sotto/protocol'
import type { Core } from '../core.js'
import type { StoredSetting } from '../store/tables/settings.js'

export const SETTINGS_MAX = 256
export const SETTING_NAME_LENGTH_MAX = 64
export const SETTING_VALUE_LENGTH_MAX = 32 * 1024

/**
 * Keeps what a person has set for whatever shows their account, until it is set anew; with an empty
 * value it is forgotten. If we die here, it is as it was or as it was asked for. Throws `usage/invalid`
 * for a name or a value that is too long, and for one setting too many. False where it was so before.
 */
export function saveSetting(
  { store }: Pick<Core, 'store'>,
  { name, value }: StoredSetting,
): boolean {
  if (name === '' || name.length > SETTING_NAME_LENGTH_MAX)
    throw new UsageError('usage/invalid', 'the setting has no name, or too long a one')
  if (value.length > SETTING_VALUE_LENGTH_MAX)
    throw new UsageError('usage/invalid', `the setting ${name} is too long`)
  if (store.read.settings.valueOf(name) === value) return false
  store.transact((tx) => {
    if (value === '') tx.settings.forget(name)
    else if (tx.settings.countOthers(name) < SETTINGS_MAX) tx.settings.save({ name, value })
    else throw new UsageError('usage/invalid', 'there are too many settings')
  })
  return true
}
