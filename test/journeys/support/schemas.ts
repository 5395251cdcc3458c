import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { Ajv2020 } from 'ajv/dist/2020.js'

import { ROOT } from '../../harness/index.js'

const FOLDER = join(ROOT, 'docs/schemas')

/** Programs must pass over what they do not know; a test must not. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const copy = Object.fromEntries(Object.entries(schema).map(([key, each]) => [key, closed(each)]))
  return 'properties' in schema ? { ...copy, additionalProperties: false } : copy
}

const ajv = new Ajv2020({ strict: true, allErrors: true })
for (const file of readdirSync(FOLDER)) {
  ajv.addSchema(closed(JSON.parse(readFileSync(join(FOLDER, file), 'utf8'))) as object)
}

/** What in printed lines is not as docs/schemas says; nothing when all is well. */
export function schemaFaults(name: string, printed: string): readonly string[] {
  const validate = ajv.getSchema(`${name}.json`)
  if (validate === undefined) return [`there is no schema ${name}`]
  const lines = printed.split('\n').filter((line) => line !== '')
  if (lines.length === 0) return ['nothing was printed']
  return lines.flatMap((line) => {
    if (validate(JSON.parse(line)) === true) return []
    return (validate.errors ?? []).map(
      (each) => `${each.instancePath} ${each.message ?? ''} in ${line}`,
    )
  })
}
