/** Modules of Node that these libraries require at once and seldom use; each costs a millisecond. */
const LIBRARIES = /[\\/]node_modules[\\/](commander|ws|@signalapp[\\/]sqlcipher)[\\/]/
const SELDOM = /^(?:node:)?(assert|child_process|https|tls|zlib)$/

/**
 * An esbuild plugin: such a library's `require` of such a module loads it when something of it is
 * first used.
 */
export const lazyBuiltins = {
  name: 'lazy-builtins',
  setup(build) {
    build.onResolve({ filter: SELDOM }, ({ path, importer }) =>
      LIBRARIES.test(importer)
        ? { path: path.replace(/^node:/, ''), namespace: 'lazy-builtin' }
        : undefined,
    )
    build.onLoad({ filter: /.*/, namespace: 'lazy-builtin' }, ({ path }) => ({
      contents: `const load = () => require('node:${path}')
        module.exports = new Proxy(function () {}, {
          get: (_, name) => load()[name],
          apply: (_, self, values) => load().apply(self, values),
        })`,
      loader: 'js',
    }))
  },
}
