import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

import { root } from './workspace.js'

const PLATFORM = `${process.platform}-${process.arch}`

/**
 * The compiled libraries the programs stand on. Each finds its own file by looking around its own
 * folder in node_modules, which a bundle no longer has; so each is bound to one file that travels
 * beside the program: `dist/<program>.js` reads `prebuilds/<platform>-<arch>/<name>.node`.
 */
const NATIVE_PARTS = [
  {
    name: 'libsignal',
    /** This module and the next ask node-gyp-build for their file; the plugin answers in its place. */
    importer: /[\\/]@signalapp[\\/]libsignal-client[\\/]dist[\\/]Native\.js$/,
    file: () => prebuildOf('@signalapp/libsignal-client'),
  },
  {
    name: 'sqlcipher',
    importer: /[\\/]@signalapp[\\/]sqlcipher[\\/]dist[\\/]index\.mjs$/,
    file: () => prebuildOf('@signalapp/sqlcipher'),
  },
  {
    name: 'keyring',
    /** The module itself is a search for its file and nothing else; replace it whole. */
    module: /[\\/]@napi-rs[\\/]keyring[\\/]index\.js$/,
    exports: ['AsyncEntry', 'Entry', 'LinuxStore', 'findCredentials', 'findCredentialsAsync'],
    file: keyringFile,
    /** Some platforms have none. Then loading it throws, and the key stays in a file. */
    optional: true,
  },
]

/** An esbuild plugin that binds every native part to its file beside the bundle. */
export const bindNativeParts = {
  name: 'bind-native-parts',
  setup(build) {
    build.onResolve({ filter: /^node-gyp-build$/ }, ({ importer }) => {
      const part = NATIVE_PARTS.find((each) => each.importer?.test(importer))
      if (part === undefined) {
        return { errors: [{ text: `no native part is declared for ${importer}` }] }
      }
      return { path: part.name, namespace: 'native-part' }
    })
    build.onLoad({ filter: /.*/, namespace: 'native-part' }, ({ path }) => ({
      contents: `${openBeside(path)}\nexport default open`,
      loader: 'js',
    }))
    for (const part of NATIVE_PARTS.filter((each) => each.module !== undefined)) {
      build.onLoad({ filter: part.module }, () => ({
        contents: `${openBeside(part.name)}\nexport const { ${part.exports.join(', ')} } = open()`,
        loader: 'js',
      }))
    }
  },
}

/** Copies this machine's native parts, of those named, into `<folder>/prebuilds/<platform>-<arch>/`. */
export function copyNativeParts(folder, names) {
  const into = join(folder, 'prebuilds', PLATFORM)
  mkdirSync(into, { recursive: true })
  for (const { name, file, optional } of NATIVE_PARTS.filter((part) => names.includes(part.name))) {
    const from = file()
    if (from === undefined) {
      if (optional) continue
      throw new Error(`${name} has no prebuilt library for ${PLATFORM}`)
    }
    copyIfChanged(from, join(into, `${name}.node`))
  }
}

// Source text, not code: it runs inside a part of the bundle, beside which the files lie.
function openBeside(name) {
  return `const file = '../prebuilds/' + process.platform + '-' + process.arch + '/${name}.node'
const open = () => require(file)`
}

function prebuildOf(packageName) {
  const folder = join(root, 'node_modules', packageName, 'prebuilds', PLATFORM)
  return nativeFileIn(folder)
}

function keyringFile() {
  const scope = join(root, 'node_modules', '@napi-rs')
  for (const name of foldersIn(scope).filter((each) => each.startsWith('keyring-'))) {
    const { os, cpu } = JSON.parse(readFileSync(join(scope, name, 'package.json'), 'utf8'))
    if (os?.includes(process.platform) && cpu?.includes(process.arch)) {
      return nativeFileIn(join(scope, name))
    }
  }
  return undefined
}

function nativeFileIn(folder) {
  const file = foldersIn(folder).find((name) => name.endsWith('.node'))
  return file === undefined ? undefined : join(folder, file)
}

function foldersIn(folder) {
  return existsSync(folder) ? readdirSync(folder) : []
}

function copyIfChanged(from, to) {
  const source = statSync(from)
  if (existsSync(to)) {
    const copy = statSync(to)
    if (copy.size === source.size && copy.mtimeMs >= source.mtimeMs) return
  }
  copyFileSync(from, to)
}
