import { test, type Test } from 'tap'
import {
  saveSetting,
  SETTING_NAME_LENGTH_MAX,
  SETTING_VALUE_LENGTH_MAX,
  SETTINGS_MAX,
} from '../../src/account/settings.js'
import { beginStore } from '../store/scene.js'

function beginSettings(t: Test) {
  const { store } = beginStore(t)
  return {
    save: (name: string, value: string) => saveSetting({ store }, { name, value }),
    all: () => store.read.settings.all(),
  }
}

test('a setting is kept until it is set anew, and forgotten with an empty value', async (t) => {
  const { save, all } = beginSettings(t)
  save('screen.keys', 'vim')
  save('screen.bell', 'off')
  save('screen.keys', 'emacs')
  t.same(all(), [
    { name: 'screen.bell', value: 'off' },
    { name: 'screen.keys', value: 'emacs' },
  ])
  save('screen.bell', '')
  t.same(all(), [{ name: 'screen.keys', value: 'emacs' }])
})

test('a setting without a name, or too long, is refused and nothing is changed', async (t) => {
  const { save, all } = beginSettings(t)
  const invalid = { code: 'usage/invalid' }
  t.throws(() => save('', 'x'), invalid)
  t.throws(() => save('n'.repeat(SETTING_NAME_LENGTH_MAX + 1), 'x'), invalid)
  t.throws(() => save('name', 'x'.repeat(SETTING_VALUE_LENGTH_MAX + 1)), invalid)
  t.same(all(), [])
})

test('one setting too many is refused, and those that are there can still be changed', async (t) => {
  const { save, all } = beginSettings(t)
  for (let number = 0; number < SETTINGS_MAX; number++) save(`s${String(number)}`, 'x')
  t.throws(() => save('another', 'x'), { code: 'usage/invalid' })
  save('s0', 'y')
  save('s1', '')
  save('another', 'x')
  t.equal(all().length, SETTINGS_MAX)
})
