import { pathToFileURL } from 'node:url'

import { toolPath } from './workspace.js'

/**
 * Reads the results one test file prints. What is counted is the sentence: a test with no tests of
 * its own passes or fails as one, however much it asserts.
 */
export async function readTap(stream) {
  const { Parser } = await import(pathToFileURL(toolPath('tap-parser/dist/esm/index.js')).href)
  const results = new Results()
  const parser = new Parser()
  readLevel(parser, [], results)
  const complete = new Promise((resolve) => parser.once('complete', resolve))
  stream.pipe(parser)
  const { bailout } = await complete
  if (bailout) results.fail(`bailed out: ${String(bailout)}`)
  return results
}

class Results {
  passed = 0
  failed = 0
  skipped = 0
  failures = []
  skips = []

  fail(detail, path = []) {
    this.failed++
    this.failures.push({ path, detail })
  }

  /** What the file said on stderr belongs to the last thing that went wrong. */
  attachStderr(text) {
    const last = this.failures.at(-1)
    if (last === undefined || text.trim() === '') return
    last.detail += `${last.detail === '' ? '' : '\n'}stderr:\n${text.trimEnd()}`
  }
}

function readLevel(parser, path, results) {
  const broken = []
  const skipped = []
  let asserted = 0
  let holdsTests = false

  parser.on('child', (child) => {
    holdsTests = true
    readLevel(child, [...path, child.name], results)
  })
  parser.on('assert', (assertion) => {
    if (assertion.closingTestPoint) return // Its level has told already.
    asserted++
    if (assertion.skip || assertion.todo) skipped.push(assertion)
    else if (!assertion.ok) broken.push(assertion)
  })
  parser.on('complete', ({ failures }) => {
    const outOfPlan = failures.filter((failure) => failure.tapError)
    const details = [...broken.map(describe), ...outOfPlan.map((failure) => failure.tapError)]
    results.skipped += skipped.length
    for (const { name, skip } of skipped) {
      results.skips.push(typeof skip === 'string' ? `${name}: ${skip}` : name)
    }
    if (details.length > 0) results.fail(details.join('\n\n'), path)
    else if (!holdsTests && asserted > skipped.length) results.passed++
    // A property that throws when it does not hold asserts nothing when it does.
    else if (!holdsTests && asserted === 0 && path.length > 0) results.passed++
  })
}

function describe({ name, diag }) {
  const lines = [name]
  if (diag?.diff) lines.push(diag.diff)
  const rest = { ...diag }
  for (const told of ['diff', 'stack', 'at', 'source', 'compare', 'tapCaught']) delete rest[told]
  if (Object.keys(rest).length > 0) lines.push(JSON.stringify(rest, null, 2))
  if (diag?.stack) lines.push(diag.stack.trimEnd().replace(/^/gm, 'at '))
  else if (diag?.at?.fileName) lines.push(`at ${diag.at.fileName}:${diag.at.lineNumber}`)
  return lines.join('\n')
}
