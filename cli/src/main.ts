import { CrashLog } from './crash-report.js'
import { personalFolder, workingFolder } from './home.js'
import { openStdin } from './input-stream.js'
import { programFolder } from './relay-program.js'
import { reportBug, run } from './run.js'
import { Interrupted, type InputStream, type World } from './world.js'

const SIGNAL_EXITS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const

const interruption = new AbortController()
for (const [signal, exitCode] of Object.entries(SIGNAL_EXITS)) {
  process.on(signal, () => {
    // The first asks: what is queued goes to disk and the store is closed. The second insists.
    if (interruption.signal.aborted) process.exit(exitCode)
    interruption.abort(new Interrupted(exitCode))
  })
}
// A closed pipe is told to whoever writes next, and must not end the process by itself.
process.stdout.on('error', () => undefined)
process.stderr.on('error', () => undefined)

let stdin: InputStream | undefined
const world: World = {
  argv: process.argv.slice(2),
  env: process.env,
  // Made when first looked at: a command that reads nothing must not touch it.
  get stdin() {
    return (stdin ??= openStdin())
  },
  stdout: process.stdout,
  stderr: process.stderr,
  terminal: process.platform === 'win32' ? undefined : '/dev/tty',
  workingDir: workingFolder(process.env),
  homeDir: personalFolder(process.env),
  signal: interruption.signal,
  nowMs: Date.now,
  crashes: new CrashLog(() => ({
    ...{ columns: process.stdout.columns, rows: process.stdout.rows, env: process.env },
    ...{ nowMs: Date.now(), programDir: programFolder() },
  })),
}
for (const event of ['uncaughtException', 'unhandledRejection']) {
  process.on(event, (thrown: unknown) => {
    // Whoever has the terminal gives it back when the process ends: what is told before would go with it.
    process.once('exit', () => {
      process.exitCode = reportBug(world, thrown)
    })
    process.exit()
  })
}
process.exitCode = 70 // A bug, should all work end and nobody say how.
void run(world).then((exitCode) => process.exit(exitCode))
