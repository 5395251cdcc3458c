import { randomBytes } from 'node:crypto'
import { statSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { UsageError, ownBytes } from '@sotto/protocol'
import { askRelay, notAllowed } from '../admin/ask-relay.js'
import { countRows } from '../admin/row-counts.js'
import { makeBackup } from '../backup/make-backup.js'
import { restoreBackup } from '../backup/restore-backup.js'
import { parseDataFolder } from '../config/parse-config.js'
import { readConfigFile } from '../config/read-config-file.js'
import type { Flags } from '../config/sources.js'
import { printFields, printObject, printsJson, timeText } from './printing.js'
import { addSettings } from './settings-options.js'

const DAY_MS = 86_400_000
const UNITS_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: DAY_MS }
const EXPIRES_MS_MAX = 365 * DAY_MS

/** `sotto-relay admin …`: what the operator of a relay asks it, or does to its folder. */
export function addAdmin(program: Command): void {
  const admin = program
    .command('admin')
    .description('ask the relay that runs on a data folder, back it up, restore it')
    .exitOverride()
  verb(admin, 'stats', 'what it is doing, and what it holds').action(stats)
  verb(admin, 'limits', 'the limits that are in force').action(limits)
  verb(admin, 'drain', 'send clients away, spread over seconds, and end').action(drain)
  verb(admin, 'code', 'make a sign-up code')
    .option('--uses <n>', 'accounts it makes', '1')
    .option('--expires <time>', 'how long it is good: 12h, 7d', '7d')
    .action(code)
  verb(admin, 'backup', 'write a backup, whether a relay runs or not')
    .requiredOption('--out <file>', 'where to; there must be nothing yet')
    .option('--with-keys', 'the keys too: then the backup is as secret as they are', false)
    .action(backup)
  verb(admin, 'restore', 'put a backup in the place of the database; no relay may run')
    .argument('<file>', 'what admin backup wrote')
    .action(restore)
}

function verb(admin: Command, name: string, what: string): Command {
  const command = admin.command(name).description(what).exitOverride()
  return addSettings(command, ['data']).option('--json', 'print JSON', false)
}

async function stats(flags: Flags): Promise<void> {
  const folder = folderOf(flags)
  const { answer, leave } = await askRelay(folder, { ask: 'stats' })
  leave()
  const all = { ...answer, ...countRows(folder) }
  if (printsJson(flags)) printObject({ stats: all })
  else printFields(all)
}

async function limits(flags: Flags): Promise<void> {
  const { answer, leave } = await askRelay(folderOf(flags), { ask: 'limits' })
  leave()
  if (printsJson(flags)) printObject({ limits: answer })
  else printFields(answer)
}

/** Ends when the relay has. */
async function drain(flags: Flags): Promise<void> {
  const begunMs = Date.now()
  const { answer, closed } = await askRelay(folderOf(flags), { ask: 'drain' })
  const sockets = Number(answer['sockets'])
  if (!printsJson(flags)) process.stderr.write(`draining, ${sockets} sockets …\n`)
  await closed
  const tookMs = Date.now() - begunMs
  if (printsJson(flags)) printObject({ drained: { sockets, tookMs } })
  else process.stdout.write('the relay has ended\n')
}

async function code(flags: Flags): Promise<void> {
  const uses = Number(flags['uses'])
  if (!Number.isSafeInteger(uses) || uses < 1) throw usage('--uses: a whole number from 1')
  const expiresMs = Date.now() + durationMs(String(flags['expires']))
  const { answer, leave } = await askRelay(folderOf(flags), { ask: 'code', uses, expiresMs })
  leave()
  if (printsJson(flags)) printObject({ code: answer['code'] })
  else process.stdout.write(`${String(answer['code'])}\n`)
}

async function backup(flags: Flags): Promise<void> {
  process.umask(0o077)
  const folder = folderOf(flags)
  checkOwner(folder)
  const withKeys = flags['withKeys'] === true
  setPriority(constants.priority.PRIORITY_LOW) // The relay goes first where both want the processor.
  const made = makeBackup({ folder, file: String(flags['out']), withKeys, nowMs: Date.now() })
  await tellOfBackup(folder, made.madeMs)
  if (printsJson(flags)) printObject({ backup: { ...made, withKeys } })
  else process.stdout.write(`${made.file}  ${made.bytes} bytes\n`)
}

/** A relay that runs tells its operator’s alarms when it was backed up last. */
async function tellOfBackup(folder: string, madeMs: number): Promise<void> {
  try {
    const { leave } = await askRelay(folder, { ask: 'backed-up', madeMs })
    leave()
  } catch {
    // None runs, or it is just leaving: the backup is there all the same.
  }
}

function restore(file: string, flags: Flags): void {
  process.umask(0o077)
  const folder = folderOf(flags)
  checkOwner(folder)
  const restored = restoreBackup({
    folder,
    file: resolve(file),
    nowMs: Date.now(),
    random: (bytes) => ownBytes(randomBytes(bytes)),
  })
  if (printsJson(flags)) {
    printObject({ restored: { ...restored, kept: restored.kept ?? null } })
    return
  }
  const { madeMs, kept, keysFromBackup } = restored
  process.stdout.write(
    `restored what was there at ${timeText(madeMs)}; start the relay: clients are told of the break\n` +
      (kept === undefined ? '' : `what was there before: ${kept}\n`) +
      (keysFromBackup ? 'the keys came from the backup\n' : ''),
  )
}

function folderOf(flags: Flags): string {
  const file = readConfigFile(flags, process.env)
  return resolve(parseDataFolder({ flags, environment: process.env, file }))
}

/** What root would write, the relay could not read. */
function checkOwner(folder: string): void {
  const stat = statSync(folder, { throwIfNoEntry: false })
  if (stat !== undefined && stat.uid !== process.getuid?.()) throw notAllowed(folder)
}

function durationMs(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? []
  const ms = Number(count) * (UNITS_MS[unit] ?? 0)
  if (ms > 0 && ms <= EXPIRES_MS_MAX) return ms
  throw usage(`--expires ${text}: a time as in 30m, 12h or 7d, up to 365d`)
}

function usage(message: string): UsageError {
  return new UsageError('usage/invalid', message, { fix: 'See sotto-relay admin code --help.' })
}
