import { saveSetting } from '../account/settings.js'
import { method, text } from './method.js'

export const settingMethods = {
  /** What was set for whatever shows this account: names and values in its own words, by name. */
  'setting.list': method({}, ({ core }) => core.store.read.settings.all()),

  /** Kept, encrypted like everything else, until it is saved anew; an empty one is forgotten. */
  'setting.save': method(
    { name: text, value: text },
    ({ core }, { name, value }): Record<string, never> => {
      saveSetting(core, { name, value })
      return {}
    },
  ),
}
