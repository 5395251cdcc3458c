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
const LIBSIGNAL_BYTES =
  /[\\/]@signalapp[\\/]libsignal-client[\\/]dist[\\/]zkgroup[\\/]internal[\\/]ByteArray\.js$/

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
    build.onLoad({ filter: LIBSIGNAL_BYTES }, ({ path }) => ({
      contents: withoutReceiver(readFileSync(path, 'utf8')),
      loader: 'js',
    }))
  },
}

/**
 * `const { a, b } = load(…); export { a, b }` → a function for each, which can be left out alone; the
 * compiled library, of 27 MB, is loaded when one is called. Which errors it throws it is told then.
 */
function oneByOne(text) {
  const found = /^const \{([^}]*)\} = (load\(.*\));\nexport \{[^}]*\};$/m.exec(text)
  if (found === null) throw new Error('libsignal loads its compiled library in another way now')
  const [statement, names, library] = found
  const constants = names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== TELL_ERRORS)
    .map((name) => `export const ${name} = /* @__PURE__ */ pick('${name}');`)
  if (!names.includes(TELL_ERRORS))
    throw new Error('libsignal is told its errors in another way now')
  return text.replace(statement, () => `${lateLibrary(library)}\n${constants.join('\n')}`)
}

/** The functions of `lateLibrary` have no use for `this`, for whose sake all of them would be made. */
function withoutReceiver(text) {
  const called = 'checkValid.call(Native, contents)'
  if (!text.includes(called)) throw new Error('libsignal looks at bytes in another way now')
  return text.replace(called, 'checkValid(contents)')
}

const TELL_ERRORS = 'registerErrors'

function lateLibrary(library) {
  return `let errors
let loaded
const open = () => {
  if (loaded !== undefined) return loaded
  try {
    loaded = ${library}
  } catch (error) {
    // Who asks about a key may take this for the answer: it ends the program all the same.
    queueMicrotask(() => { throw error })
    throw error
  }
  loaded.${TELL_ERRORS}(errors)
  return loaded
}
const pick = (name) => (...args) => open()[name](...args)
export const ${TELL_ERRORS} = (told) => { errors = told }`
}
