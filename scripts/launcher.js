/** How the files of a program begin that its commands load. */
export const PART = 'part-'

/** What a part is given when it is run. */
export const PART_PARAMETERS = 'exports, require, module, __filename, __dirname, importPart'

/** Stands around the text of a part that is in no pack when it is compiled. */
export const AROUND_PART = [`(function (${PART_PARAMETERS}) {`, '\n})']

/** Beside a program: what V8 compiled, for one version of Node on one kind of machine. */
export function codeCacheFolder() {
  return `code-${process.version}-${process.platform}-${process.arch}`
}

/** Beside a program: its help, one file for each width of a terminal. */
export const HELP_FOLDER = 'help'

/**
 * The text of a program, a CommonJS module: it loads the part that the program begins with.
 * `packs` tells which parts lie in one file with others: file → parts. `help` tells of which widths there
 * is a help beside it, which is then all that `--help` opens.
 */
export function launcherOf(mainPart, packs, help) {
  const constants = [mainPart, PART, AROUND_PART, packs].map((each) => JSON.stringify(each))
  const start = `launch(${constants.join(', ')}, { require, Module: module.constructor, folder: __dirname, importPart: (id) => import(id) })`
  return `'use strict'
${String(codeCacheFolder)}
${String(launch)}
${help === undefined ? start : withHelp(start, help)}
`
}

function withHelp(start, { columnsMin, columnsMax }) {
  const constants = [HELP_FOLDER, columnsMin, columnsMax].map((each) => JSON.stringify(each))
  return `${String(printHelp)}
if (!printHelp(${constants.join(', ')}, { require, folder: __dirname })) ${start}`
}

/** Runs inside the program, as text. False where something else, or more, is asked for. */
function printHelp(helpFolder, columnsMin, columnsMax, { require, folder }) {
  const [asked, more] = process.argv.slice(2)
  if (more !== undefined || (asked !== '--help' && asked !== '-h')) return false
  const { readFileSync, writeSync } = require('node:fs')
  const columns = require('node:tty').isatty(1) ? process.stdout.columns : 80
  const width = Math.max(columnsMin, Math.min(columnsMax, columns))
  let text
  try {
    text = readFileSync(`${folder}/${helpFolder}/${width}.txt`)
  } catch {
    return false
  }
  try {
    while (text.length > 0) text = text.subarray(writeSync(1, text))
  } catch (error) {
    if (error.code === 'EPIPE') return true // Whoever read it has seen enough.
    process.stdout.write(text)
  }
  return true
}

/**
 * Runs inside the program, as text: of this file it has nothing else but `codeCacheFolder`. Loads
 * parts as `require` would, but takes what V8 compiled of them at build time; where that is missing,
 * damaged or for another V8, they are compiled like any other file.
 */
function launch(mainPart, prefix, [before, after], packs, { require, Module, folder, importPart }) {
  const { readFileSync } = require('node:fs')
  const { join } = require('node:path')
  const { Script } = require('node:vm')
  const codeCache = join(folder, codeCacheFolder())
  const packOf = {}
  for (const pack in packs) for (const name of packs[pack]) packOf[name] = pack
  const opened = {}

  load(`./${mainPart}`)

  function load(id) {
    if (!id.startsWith(`./${prefix}`)) return require(id)
    const path = join(folder, id)
    const known = require.cache[path]
    if (known !== undefined) return known.exports
    const part = new Module(path)
    part.filename = path
    require.cache[path] = part // Where an ES module that imports it finds it, too.
    try {
      find(id.slice(2))(part.exports, load, part, path, folder, importPart)
    } catch (error) {
      delete require.cache[path]
      throw error
    }
    part.loaded = true
    return part.exports
  }

  // A pack holds the functions of several parts, by their names.
  function find(name) {
    const pack = packOf[name]
    if (pack !== undefined) return (opened[pack] ??= compile(pack, read(pack)))[name]
    return compile(name, before + read(name) + after, -before.length)
  }

  function read(name) {
    return readFileSync(join(folder, name), 'latin1') // The build writes nothing but ASCII.
  }

  function compile(name, text, columnOffset = 0) {
    const cachedData = readCache(name)
    // The file's name is as the cache has it, which cannot know where the program was moved.
    const filename = `./${name}`
    const options = cachedData === undefined ? {} : { cachedData }
    return new Script(text, { filename, columnOffset, ...options }).runInThisContext()
  }

  // V8 checks its version and the length, and crashes on a flipped bit: so the bytes are there twice.
  function readCache(name) {
    try {
      const twice = readFileSync(join(codeCache, name))
      const once = twice.subarray(0, twice.length / 2)
      return once.equals(twice.subarray(once.length)) ? once : undefined
    } catch {
      return undefined
    }
  }
}
