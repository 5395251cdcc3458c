import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { Ajv2020 } from 'ajv/dist/2020.js'

import { ROOT } from './repository.js'

const FOLDER = join(ROOT, 'docs/schemas')

/** Programs must pass over what they do not know; a test must not. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const copy = Object.fromEntries(Object.entries(schema).map(([key, each]) => [key, closed(each)]))
  return 'properties' in schema ? { additionalProperties: false, ...copy } : copy
}

let known: Ajv2020 | undefined

/** Read when the first object is looked at: most programs of a journey print none. */
function schemas(): Ajv2020 {
  if (known !== undefined) return known
  known = new Ajv2020({ strict: true, allErrors: true })
  for (const file of readdirSync(FOLDER)) {
    const schema = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as object
    known.addSchema(closed(schema) as object)
  }
  return known
}

/** What in a printed line is not as docs/schemas says; nothing when all is well. */
export function faultsOfLine(name: string, line: string): readonly string[] {
  const validate = schemas().getSchema(`${name}.json`)
  if (validate === undefined) return [`there is no schema ${name}`]
  if (validate(JSON.parse(line)) === true) return []
  return (validate.errors ?? []).map(
    (each) => `${each.instancePath} ${each.message ?? ''} in ${line}`,
  )
}

/** The same for every line of a text, which must hold one at least. */
export function schemaFaults(name: string, printed: string): readonly string[] {
  const lines = printed.split('\n').filter((line) => line !== '')
  if (lines.length === 0) return ['nothing was printed']
  return lines.flatMap((line) => faultsOfLine(name, line))
}
