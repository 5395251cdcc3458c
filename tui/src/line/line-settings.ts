import { UsageError } from '@sotto/protocol'

import {
  parseSettings,
  savedSetting,
  SCREEN_SETTINGS,
  valueOf,
  withValue,
} from '../model/settings.js'
import type { LineCommand, LineDoor } from './line-command.js'

/** What is the account's to say. */
const SWITCHES = {
  receipts: {
    change: (on: boolean) => ({ readReceipts: on }),
    on: 'read receipts are sent, and those of others shown',
    off: 'no read receipt is sent, and none of others is shown',
  },
  typing: {
    change: (on: boolean) => ({ typing: on }),
    on: 'others see that you are typing, and you that they are',
    off: 'nobody sees that you are typing, and you do not see that they are',
  },
} as const

/** What is set, by the names that `/settings` of the screen has; what is set here is set there. */
export const settingsCommand: LineCommand = {
  usage: '[NAME VALUE]',
  summary: 'what is set, for the account too; with a name and a value, set it',
  run: async (door, args) => {
    const [name = '', value = ''] = args.split(/\s+/)
    if (name === '') return listSettings(door)
    if (name === 'receipts' || name === 'typing') return setSwitch(door, name, value)
    return setOfScreen(door, name, value)
  },
}

async function listSettings({ client, print, note }: LineDoor): Promise<void> {
  const { readReceipts, typing } = await client.call('account.current', {})
  const settings = await settingsNow(client)
  for (const [name, isOn] of Object.entries({ receipts: readReceipts, typing }))
    print(`  ${name} ${isOn === false ? 'off' : 'on'}`)
  for (const name of SCREEN_SETTINGS) print(`  ${name} ${valueOf(settings, name)}`)
  note('/settings receipts off changes one; all but receipts and typing are for the full screen')
}

async function setSwitch(
  { client, note }: LineDoor,
  name: keyof typeof SWITCHES,
  value: string,
): Promise<void> {
  if (value !== 'on' && value !== 'off') throw noSuchSetting(name)
  await client.call('account.edit', SWITCHES[name].change(value === 'on'))
  note(SWITCHES[name][value])
}

async function setOfScreen(
  { client, note }: LineDoor,
  written: string,
  value: string,
): Promise<void> {
  const name = SCREEN_SETTINGS.find((each) => each === written)
  const settings = name && withValue(await settingsNow(client), name, value)
  if (name === undefined || settings === undefined) throw noSuchSetting(written)
  await client.call('setting.save', savedSetting(settings, name))
  note(`${name} is ${valueOf(settings, name)} on the full screen`)
}

/** Keys of one's own are of no matter here, and stay as they are. */
async function settingsNow(client: LineDoor['client']) {
  return parseSettings(await client.call('setting.list', {}), isNone)
}

const isNone = (_name: string): _name is never => false

function noSuchSetting(name: string): UsageError {
  return new UsageError('usage/invalid', `nothing is set so: ${name}`, {
    fix: 'As in: /settings receipts off. /settings alone lists them.',
  })
}
