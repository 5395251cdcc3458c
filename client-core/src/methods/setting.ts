import { saveSetting } from '../account/settings.js'
import { method, text } from './method.js'

export const settingMethods = {
  /** What was set for whatever shows this account: names and values in its own words, by name. */
  'setting.list': method({}, ({ core }) => core.store.read.settings.all()),

  /**
   * Kept, encrypted like everything else, until it is saved anew; an empty one is forgotten. Whoever
   * shows the account hears of it after the commit, unless it was so before.
   */
  'setting.save': method(
    { name: text, value: text },
    ({ core, events }, { name, value }): Record<string, never> => {
      if (saveSetting(core, { name, value })) events.accountChanged('settings')
      return {}
    },
  ),
}
