import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { root } from './workspace.js'

/** Packages that programs need a little of at once and all of only later. */
const DOORS = ['protocol', 'tui', 'client-core']

const IMPORT = /^import \{([^}]*)\} from '@sotto\/([\w-]+)';$/gm
const EXPORT_ALL = /^export \* from '(\.[^']+)';$/gm
const EXPORT_SOME = /^export \{([^}]*)\} from '(\.[^']+)';$/gm
const EXPORT_HERE = /^export (?:async )?(?:function\*?|class|const|let|var) (\w+)/gm

/**
 * An esbuild plugin: an import through a package's door becomes one of the file that has the name.
 * esbuild decides by files, not by names, what a program and its parts have in common, and a door
 * reaches every file of its package: `sotto --help` would load all of the protocol for one error.
 */
export const importPastDoors = {
  name: 'import-past-doors',
  setup(build) {
    const homes = new Map(DOORS.map((name) => [name, namesBehind(doorOf(name))]))
    build.onLoad(
      { filter: /[\\/](cli|tui|client-core|relay)[\\/]out[\\/]src[\\/].*\.js$/ },
      (file) => ({
        contents: readFileSync(file.path, 'utf8').replace(IMPORT, (statement, names, name) =>
          importEach(names, homes.get(name) ?? new Map(), statement),
        ),
        loader: 'js',
      }),
    )
  },
}

function importEach(names, homes, statement) {
  const wanted = names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '') // A list over several lines ends with a comma.
  const imports = wanted.map((name) => {
    const home = homes.get(name.split(' as ')[0])
    return home === undefined ? undefined : `import { ${name} } from ${JSON.stringify(home)};`
  })
  return imports.includes(undefined) ? statement : imports.join('')
}

/** Name → file, for everything a compiled module exports, its own and what it passes on. */
function namesBehind(file) {
  const names = new Map()
  if (!existsSync(file)) return names
  const text = readFileSync(file, 'utf8')
  const beside = (path) => join(dirname(file), path)
  for (const [, path] of text.matchAll(EXPORT_ALL)) {
    for (const [name, home] of namesBehind(beside(path))) names.set(name, home)
  }
  for (const [, list, path] of text.matchAll(EXPORT_SOME)) {
    for (const name of list.split(',')) names.set(name.trim(), beside(path))
  }
  for (const [, name] of text.matchAll(EXPORT_HERE)) names.set(name, file)
  return names
}

function doorOf(name) {
  return join(root, name, 'out/src/index.js')
}
