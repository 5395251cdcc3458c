import type { Command } from 'commander'
import { SETTING_NAMES, SETTING_RULES, type SettingName } from '../config/settings.js'

/** Adds the flags of these settings and `--config` to a command. */
export function addSettings(
  command: Command,
  names: readonly SettingName[] = SETTING_NAMES,
): Command {
  for (const name of names) {
    const { value, what, many } = SETTING_RULES[name]
    if (many === true) command.option(`--${name} <${value}>`, what, append, [])
    else command.option(`--${name} <${value}>`, what)
  }
  return command.option('--config <file>', 'a TOML file that says what flags do not')
}

export function append(value: string, before: readonly string[]): readonly string[] {
  return [...before, value]
}
