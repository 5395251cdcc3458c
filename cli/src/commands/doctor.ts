import { safeLine, type Look } from '@sotto/tui'

import { accountChecks } from '../doctor/account.js'
import { machineChecks, type Check } from '../doctor/machine.js'
import type { Command, Invocation } from './command.js'

export const command: Command = {
  path: ['doctor'],
  group: 'This device',
  summary: 'look for what is wrong, and say what to do about it',
  arguments: [],
  flags: [
    {
      name: 'fix',
      summary: 'repair what is safe: permissions, what crashes left, logs, the search index',
    },
  ],
  details: [
    'One line a check: this machine, the home, the account and its store, the relay. Works without an account, with a locked one, and beside the process that owns it. Ends 1 while something is broken; warnings are no errors.',
  ],
  examples: ['sotto doctor', 'sotto doctor --fix --json'],
  object: { schema: 'doctor', many: true },
  exits: [1],
  lenient: true,
  run,
}

const BROKEN = 1

async function run(invocation: Invocation): Promise<number> {
  const { flags, output } = invocation
  const machine = await machineChecks(invocation)
  for (const check of machine) output.result({ check }, (look) => renderCheck(check, look))
  const account = await accountChecks(invocation, flags.isOn('fix'))
  for (const check of account) output.result({ check }, (look) => renderCheck(check, look))
  return [...machine, ...account].some(({ status }) => status === 'error') ? BROKEN : 0
}

const WIDTH = 12

function renderCheck({ name, status, message, fix }: Check, { paint }: Look): string {
  const mark = { ok: paint.good('✓'), warning: paint.warn('!'), error: paint.bad('✗') }[status]
  const line = `${mark} ${name.padEnd(WIDTH)}${safeLine(message)}`
  const advice = fix === null || fix === '' ? '' : `\n  ${' '.repeat(WIDTH)}${safeLine(fix)}`
  return `${line}${advice}`
}
