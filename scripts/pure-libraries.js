/** Libraries that do nothing when they are loaded, but do not say so in their manifests. */
const PURE = /[\\/]node_modules[\\/]@signalapp[\\/]libsignal-client[\\/]dist[\\/]/

/**
 * An esbuild plugin: what a program does not use of such a library is left out. Of libsignal that is
 * a quarter of all the code a command reads before it starts: groups, backups, the Signal service.
 */
export const dropUnused = {
  name: 'drop-unused',
  setup(build) {
    build.onResolve({ filter: /^\.|^@signalapp\// }, async ({ path, pluginData, ...from }) => {
      if (pluginData === dropUnused) return undefined // Our own question, below.
      const found = await build.resolve(path, { ...from, pluginData: dropUnused })
      if (found.errors.length > 0 || !PURE.test(found.path)) return undefined
      return { path: found.path, sideEffects: false }
    })
  },
}
