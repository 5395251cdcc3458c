import { createHash } from 'node:crypto'
import { basename } from 'node:path'

import { PART, PART_PARAMETERS } from './launcher.js'
import { Failure } from './workspace.js'

/**
 * Puts parts that are loaded together into one file, a pack: every file that a program opens costs
 * it half a millisecond, and what programs have in common makes many small parts. A pack is named by
 * the sources it is for; it holds their parts, and those that these import statically. What the first
 * pack has, which every command opens, none of the others has; what several of the others want lies in
 * one more, so that none is opened for the sake of another. Each stays a module of its own, which runs
 * when it is first asked for.
 *
 * Answers the files to write, by name, and which parts each pack has: the launcher needs to know.
 * Parts that an ES module can reach are left where Node itself finds them, besides.
 */
export function packParts(parts, { outputs }, packs) {
  const imports = importsOf(outputs)
  const files = new Map(parts)
  const members = {}
  const wanted = Object.entries(packs).map(([name, sources]) => {
    const doors = sources.map((source) => partOf(outputs, source))
    return [name, [...reachedFrom(doors, imports.statically)].filter((part) => parts.has(part))]
  })
  for (const [name, here] of withShared(wanted)) {
    const text = packed(here, parts)
    const pack = `${PART}${name}-${hashOf(text)}.js`
    files.set(pack, text)
    members[pack] = here
  }
  const taken = new Set(Object.values(members).flat())
  const modules = [...parts.keys()].filter((part) => part.endsWith('.mjs'))
  const beside = reachedFrom(
    modules.map((part) => part.replace(/mjs$/, 'js')),
    imports.all,
  )
  for (const part of taken) if (!beside.has(part)) files.delete(part)
  return { files, members }
}

/** The name and the parts of each pack, when no part is in two. */
function withShared([[firstName, first], ...others]) {
  const ofOthers = others.flatMap(([, here]) => here)
  const shared = new Set(ofOthers.filter((part, at) => ofOthers.indexOf(part) !== at))
  const apart = others.map(([name, here]) => [
    name,
    here.filter((part) => !first.includes(part) && !shared.has(part)),
  ])
  const both = [...shared].filter((part) => !first.includes(part))
  return [[firstName, first], ...(both.length === 0 ? [] : [['shared', both]]), ...apart]
}

/** A script whose value has the functions of the parts: nothing is put around it when it is compiled. */
function packed(members, parts) {
  const functions = members.map(
    (part) => `${JSON.stringify(part)}: function (${PART_PARAMETERS}) {\n${parts.get(part)}\n}`,
  )
  return `({\n${functions.join(',\n')}\n})\n`
}

function hashOf(text) {
  return createHash('sha256').update(text).digest('hex').slice(0, 8).toUpperCase()
}

/** The part that begins with this source, a path from the repository. */
function partOf(outputs, source) {
  const found = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === source)
  if (found === undefined) throw new Failure(`build: nothing imports ${source} dynamically`)
  return basename(found[0])
}

function importsOf(outputs) {
  const statically = new Map()
  const all = new Map()
  for (const [path, { imports }] of Object.entries(outputs)) {
    const named = (which) => imports.filter(which).map((each) => basename(each.path))
    const isPart = ({ external }) => external !== true
    all.set(basename(path), named(isPart))
    statically.set(
      basename(path),
      named((each) => isPart(each) && each.kind === 'import-statement'),
    )
  }
  return { statically, all }
}

function reachedFrom(names, imports) {
  const found = new Set()
  const walk = (name) => {
    if (found.has(name)) return
    found.add(name)
    for (const next of imports.get(name) ?? []) walk(next)
  }
  for (const name of names) walk(name)
  return found
}
