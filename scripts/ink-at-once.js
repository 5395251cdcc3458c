import { readFileSync } from 'node:fs'

import { Failure } from './workspace.js'

/**
 * An esbuild plugin: Ink and the layout library under it (Yoga) await at their tops, and what does
 * that cannot be a CommonJS module, which Node starts sooner. Yoga's WebAssembly is compiled at once
 * instead, which takes it some milliseconds; React's developer tools, for which Ink would wait, are
 * not installed.
 */
export const inkAtOnce = {
  name: 'ink-at-once',
  setup(build) {
    build.onLoad({ filter: /[\\/]yoga-layout[\\/]dist[\\/]src[\\/]index\.js$/ }, ({ path }) => ({
      contents: replaced(readFileSync(path, 'utf8'), AWAITED_YOGA, YOGA_AT_ONCE),
    }))
    build.onLoad({ filter: /[\\/]ink[\\/]build[\\/]reconciler\.js$/ }, ({ path }) => ({
      contents: replaced(
        replaced(readFileSync(path, 'utf8'), DEVELOPER_TOOLS, ''),
        ...[AWAITED_PACKAGE, '$1'],
      ),
    }))
    build.onLoad({ filter: /[\\/]yoga-wasm-base64-esm\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8')
      const [, bytes] = /data:application\/octet-stream;base64,([A-Za-z\d+/=]+)/.exec(text) ?? []
      if (bytes === undefined) throw new Failure('build: Yoga has its WebAssembly elsewhere now')
      const own = text.replace(bytes, '') // It is there once, and what loads it has it from there.
      return { contents: `${own}\nexport const wasm = '${bytes}'\n` }
    })
  },
}

const AWAITED_YOGA = /^import loadYoga from ('.*');$([^]*)^const Yoga = .*await loadYoga\(\).*$/m
/** Emscripten fills the object that it is given; what makes the instance may be synchronous. */
const YOGA_AT_ONCE = `import loadYoga, { wasm } from $1;$2
const library = {
  instantiateWasm(imports, done) {
    const module = new WebAssembly.Module(Buffer.from(wasm, 'base64'))
    const instance = new WebAssembly.Instance(module, imports)
    done(instance)
    return instance.exports
  },
}
loadYoga(library)
const Yoga = wrapAssembly(library)`

const DEVELOPER_TOOLS = /^if \(isDev\(\)\) \{$[^]*?^\}$/m
const AWAITED_PACKAGE = /^(const packageJson = )isDev\(\)\s*\? await loadPackageJson\(\)\s*:/m

function replaced(text, found, by) {
  if (!found.test(text)) throw new Failure(`build: Ink has no ${String(found)} any more`)
  return text.replace(found, by)
}
