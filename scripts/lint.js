import { spawn } from 'node:child_process'

import { Failure, root, runAsScript, toolPath } from './workspace.js'

await runAsScript(import.meta.url, async () => {
  const files = process.argv.slice(2)
  const targets = files.length > 0 ? files : ['.']
  const findings = await Promise.all([
    run('eslint/bin/eslint.js', ['--max-warnings=0', ...targets]),
    run('prettier/bin/prettier.cjs', ['--check', '--log-level=warn', ...targets]),
  ])
  if (findings.some((status) => status !== 0)) {
    throw new Failure('lint: see above; `npm run format` puts the layout right')
  }
})

/** Its exit code; null where a signal ended it. */
function run(tool, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [toolPath(tool), ...args], {
      cwd: root,
      stdio: 'inherit',
    })
    child.once('error', reject)
    child.once('exit', resolve)
  })
}
