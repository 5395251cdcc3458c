import { spawn } from 'node:child_process'
import { join } from 'node:path'

import { ensure } from './ensure.js'
import { root, runAsScript } from './workspace.js'

await runAsScript(import.meta.url, async () => {
  await ensure()
  await become(join(root, 'cli/dist/scene.js'), process.argv.slice(2))
})

/** Runs a program in this one's place: its terminal, its arguments, its end. */
export async function become(program, args) {
  const child = spawn(process.execPath, [program, ...args], { stdio: 'inherit' })
  // A terminal sends Ctrl-C to both; only the program decides what it means.
  const ignore = () => {}
  process.on('SIGINT', ignore)
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  const [code, signal] = await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (...end) => resolve(end))
  })
  if (signal === null) {
    process.exitCode = code
    return
  }
  process.off('SIGINT', ignore)
  for (const each of ['SIGTERM', 'SIGHUP']) process.removeAllListeners(each)
  process.kill(process.pid, signal)
}
