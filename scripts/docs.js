import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { ensure } from './ensure.js'
import { root, runAsScript } from './workspace.js'

const MAN = 'docs/man'
const RELAY_SUMMARY = 'carries sealed envelopes it cannot read'

/**
 * Writes docs/CLI.md and docs/man anew from the command table, docs/schemas/rpc.json from that of methods.
 * docs/TUI.md and the picture in the README come from the tables of the screen and its golden pictures.
 * The table of attacks in docs/THREAT-MODEL.md is made of the tests in test/hostile. A test compares each.
 */
await runAsScript(import.meta.url, async () => {
  await ensure()
  const { COMMANDS, NOUNS, renderCommandDocs, renderHelpAsMan, renderManPages } = await import(
    pathToFileURL(join(root, 'cli/out/src/index.js')).href
  )
  writeFileSync(join(root, 'docs/CLI.md'), renderCommandDocs())
  const relayHelp = execFileSync(process.execPath, [
    join(root, 'relay/dist/sotto-relay.js'),
    '--help',
  ])
  writePages({
    ...renderManPages({ commands: COMMANDS, nouns: NOUNS }),
    'sotto-relay.1': renderHelpAsMan('sotto-relay', RELAY_SUMMARY, String(relayHelp)),
  })
  const core = await import(pathToFileURL(join(root, 'client-core/out/src/index.js')).href)
  const rpc = `${JSON.stringify(core.rpcSchema(), undefined, 2)}\n`
  writeFileSync(join(root, 'docs/schemas/rpc.json'), rpc)
  const screens = join(root, 'test/out/journeys/support/screen-docs.js')
  const { renderDocumentedScreen, withPicture } = await import(pathToFileURL(screens).href)
  writeFileSync(join(root, 'docs/TUI.md'), renderDocumentedScreen())
  const readme = join(root, 'README.md')
  writeFileSync(readme, withPicture(readFileSync(readme, 'utf8')))
  const { withAttacks } = await import(pathToFileURL(join(root, 'test/out/hostile/table.js')).href)
  const threats = join(root, 'docs/THREAT-MODEL.md')
  writeFileSync(threats, withAttacks(readFileSync(threats, 'utf8')))
})

function writePages(pages) {
  mkdirSync(join(root, MAN), { recursive: true })
  for (const [name, text] of Object.entries(pages)) writeFileSync(join(root, MAN, name), text)
  for (const name of readdirSync(join(root, MAN))) {
    if (!(name in pages)) rmSync(join(root, MAN, name))
  }
}
