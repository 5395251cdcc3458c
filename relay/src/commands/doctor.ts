import type { Command } from 'commander'
import { ConfigError } from '@sotto/protocol'
import { parseConfig, parseDataFolder } from '../config/parse-config.js'
import { readConfigFile } from '../config/read-config-file.js'
import type { Flags } from '../config/sources.js'
import { verdictsOf, type Check } from '../doctor/check.js'
import { folderChecks } from '../doctor/folder-checks.js'
import { machineChecks } from '../doctor/machine-checks.js'
import { printObject, printsJson } from './printing.js'
import { addSettings, append } from './settings-options.js'

const BROKEN = 1
const WIDTH = 10
const MARKS = { ok: '✓', warning: '!', error: '✗' } as const

/** `sotto-relay doctor`; `ended` gets the exit code: 1 while something is broken. */
export function addDoctor(program: Command, ended: (exitCode: number) => void): void {
  const command = program
    .command('doctor')
    .description('look for what is wrong, and say what to do; takes the flags that the relay gets')
  addSettings(command)
    .option('--limit <name=value>', 'as the relay gets it; repeatable', append, [])
    .option('--json', 'print a JSON object for each check', false)
    .exitOverride()
    .action(async (flags: Flags) => {
      const checks = await allChecks(flags)
      for (const check of checks) {
        if (printsJson(flags)) printObject({ check })
        else process.stdout.write(lineOf(check))
      }
      ended(checks.some(({ status }) => status === 'error') ? BROKEN : 0)
    })
}

async function allChecks(flags: Flags): Promise<readonly Check[]> {
  const { well, fail } = verdictsOf('config')
  const input = {
    flags,
    environment: process.env,
    file: readConfigFile(flags, process.env),
  }
  try {
    const config = parseConfig(input)
    const folder = await folderChecks(config.dataFolder)
    return [well('no fault'), ...machineChecks(config, Date.now()), ...folder]
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw thrown
    const faults = thrown.message.split('\n').map((fault) => fail(fault, thrown.fix))
    return [...faults, ...(await folderChecks(parseDataFolder(input)))]
  }
}

function lineOf({ name, status, message, fix }: Check): string {
  const advice = fix === null ? '' : `  ${' '.repeat(WIDTH)}${fix}\n`
  return `${MARKS[status]} ${name.padEnd(WIDTH)}${message}\n${advice}`
}
