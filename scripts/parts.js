import { basename } from 'node:path'

/** Parts that stay ES modules hold libraries that call `require`, all the same. */
const REQUIRE_IN_MODULE =
  "import { createRequire as createRequireOfPart } from 'node:module';\n" +
  'const require = createRequireOfPart(import.meta.url);\n'

const URL_IN_COMMONJS = "const partUrl = require('node:url').pathToFileURL(__filename).href;"

/** How one part names another. */
const SPECIFIER = /"\.\/(part-[^"]+)\.js"/g
const IMPORT_OF_MODULE = /\bimport\((?="\.\/part-[^"]+\.mjs"\))/g
/** The launcher gives it to the parts it loads; to those that an ES module loads, Node does not. */
const IMPORT_PART = "(typeof importPart === 'function' ? importPart : (id) => import(id))("

/**
 * Turns what esbuild split, which it does for ES modules only, into CommonJS: Node starts it sooner,
 * and takes what V8 compiled of it before. Answers name → text. What awaits at its top has to stay
 * an ES module, with what imports it statically, and ends in `.mjs`.
 */
export async function toCommonJs(esbuild, { outputFiles, metafile }) {
  const texts = new Map(outputFiles.map(({ path, text }) => [basename(path), text]))
  const stays = await modulesAmong(esbuild, texts, metafile)
  const parts = new Map()
  for (const [name, text] of texts) {
    const renamed = text.replace(SPECIFIER, (specifier, stem) =>
      stays.has(`${stem}.js`) ? `"./${stem}.mjs"` : specifier,
    )
    if (stays.has(name)) parts.set(name.replace(/js$/, 'mjs'), REQUIRE_IN_MODULE + renamed)
    else parts.set(name, await convert(esbuild, renamed))
  }
  return parts
}

/** Names of those that cannot be converted, and of all that import one of them statically. */
async function modulesAmong(esbuild, texts, { outputs }) {
  const found = new Set()
  for (const [name, text] of texts) {
    if (await awaitsAtTop(esbuild, text)) found.add(name)
  }
  const imports = Object.entries(outputs).flatMap(([path, output]) =>
    output.imports
      .filter(({ kind }) => kind === 'import-statement')
      .map((imported) => ({ by: basename(path), name: basename(imported.path) })),
  )
  for (let before = -1; before !== found.size;) {
    before = found.size
    for (const { by, name } of imports) if (found.has(name)) found.add(by)
  }
  return found
}

async function awaitsAtTop(esbuild, text) {
  try {
    await convert(esbuild, text)
    return false
  } catch (error) {
    if (error.errors?.every(({ text }) => text.startsWith('Top-level await'))) return true
    throw error
  }
}

async function convert(esbuild, text) {
  const { code } = await esbuild.transform(text.replace(IMPORT_OF_MODULE, 'importPart('), {
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    legalComments: 'none',
    define: { 'import.meta.url': 'partUrl' },
    banner: text.includes('import.meta.url') ? URL_IN_COMMONJS : '',
    supported: { 'dynamic-import': false }, // Becomes a promise of what `require` answers.
    logLevel: 'silent',
  })
  return code.replaceAll('importPart(', IMPORT_PART)
}
