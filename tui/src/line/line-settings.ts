import { UsageError } from '@sotto/protocol'

import {
  parseSettings,
  savedSetting,
  SCREEN_SETTINGS,
  valueOf,
  withValue,
} from '../model/settings.js'
import type { LineCommand, LineDoor } from './line-command.js'

const RECEIPTS = 'receipts'

/** What is set, by the names that `/settings` of the screen has; what is set here is set there. */
export const settingsCommand: LineCommand = {
  usage: '[NAME VALUE]',
  summary: 'what is set, read receipts too; with a name and a value, set it',
  run: async (door, args) => {
    const [name = '', value = ''] = args.split(/\s+/)
    if (name === '') return listSettings(door)
    if (name === RECEIPTS) return setReceipts(door, value)
    return setOfScreen(door, name, value)
  },
}

async function listSettings({ client, print, note }: LineDoor): Promise<void> {
  const { readReceipts } = await client.call('account.current', {})
  const settings = await settingsNow(client)
  print(`  ${RECEIPTS} ${readReceipts === false ? 'off' : 'on'}`)
  for (const name of SCREEN_SETTINGS) print(`  ${name} ${valueOf(settings, name)}`)
  note('/settings receipts off changes one; all but receipts are for the full screen')
}

async function setReceipts({ client, note }: LineDoor, value: string): Promise<void> {
  if (value !== 'on' && value !== 'off') throw noSuchSetting(RECEIPTS)
  await client.call('account.edit', { readReceipts: value === 'on' })
  note(
    value === 'on'
      ? 'read receipts are sent, and those of others shown'
      : 'no read receipt is sent, and none of others is shown',
  )
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
