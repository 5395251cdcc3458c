import { readFileSync } from 'node:fs'

/**
 * Modules that only define things when they are loaded, but whose packages do not say so. (libsignal's
 * own index is none: it tells the compiled library which errors to throw.)
 */
const PURE = [
  /[\\/]@signalapp[\\/]libsignal-client[\\/]dist[\\/](?!index\.js$)/,
  /[\\/]node_modules[\\/]ws[\\/]/,
]

const LIBSIGNAL_NATIVE = /[\\/]@signalapp[\\/]libsignal-client[\\/]dist[\\/]Native\.js$/

/**
 * An esbuild plugin: what a program does not use of such a library is left out. Of libsignal that is
 * more than half of its code (groups, backups, the Signal service), of ws the server.
 */
export const dropUnused = {
  name: 'drop-unused',
  setup(build) {
    build.onResolve({ filter: /^\.|^@signalapp\/|^ws$/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === dropUnused) return undefined // Our own question, below.
      const found = await build.resolve(path, { ...from, pluginData: dropUnused })
      if (found.errors.length > 0 || !PURE.some((each) => each.test(found.path))) return undefined
      return { path: found.path, sideEffects: false }
    })
    build.onLoad({ filter: LIBSIGNAL_NATIVE }, ({ path }) => ({
      contents: oneByOne(readFileSync(path, 'utf8')),
      loader: 'js',
    }))
  },
}

/** `const { a, b } = load(…); export { a, b }` → a constant for each, which can be left out alone. */
function oneByOne(text) {
  const found = /^const \{([^}]*)\} = (load\(.*\));\nexport \{[^}]*\};$/m.exec(text)
  if (found === null) throw new Error('libsignal loads its compiled library in another way now')
  const [statement, names, library] = found
  const constants = names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map((name) => `export const ${name} = /* @__PURE__ */ pick('${name}');`)
  return text.replace(
    statement,
    () =>
      `const library = ${library};\nconst pick = (name) => library[name];\n${constants.join('\n')}`,
  )
}
