import type { Field, Fields } from './method.js'
import { METHODS } from './table.js'

/** What can be asked for and with which parameters, as a JSON Schema: docs/schemas/rpc.json. */
export function rpcSchema(): object {
  const methods = Object.entries(METHODS).map(([name, { fields }]): [string, Fields] => [
    name,
    fields,
  ])
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'rpc.json',
    title: 'rpc',
    description:
      'a request of an open account, by method. A parameter that is null counts as left out; one that is not named here is refused.',
    oneOf: methods.map(([name]) => ({
      type: 'object',
      properties: {
        method: { const: name },
        params: { $ref: `#/$defs/${name}` },
      },
      required: ['method', 'params'],
    })),
    $defs: Object.fromEntries(methods.map(([name, fields]) => [name, paramsSchema(fields)])),
    examples: [{ method: 'message.send', params: { to: ['@bob.42'], text: 'hi', id: 'k1' } }],
  }
}

function paramsSchema(fields: Fields): object {
  const named: [string, Field<unknown>][] = Object.entries(fields)
  return {
    type: 'object',
    properties: Object.fromEntries(named.map(([name, { schema }]) => [name, schema])),
    required: named.filter(([, { optional }]) => !optional).map(([name]) => name),
    additionalProperties: false,
  }
}
