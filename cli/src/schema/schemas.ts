import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** A JSON Schema, as far as it is looked into here. */
export interface Schema {
  readonly $schema?: string
  readonly $id?: string
  readonly examples?: readonly object[]
  readonly title?: string
  readonly description?: string
  readonly oneOf?: readonly Schema[]
  readonly properties?: Readonly<
    Record<string, { readonly const?: string; readonly enum?: readonly string[] }>
  >
  readonly $defs?: Readonly<Record<string, Schema>>
}

/** Parts of the others, printed with each that uses them and never alone. */
const COMMON = 'common'

/** The names that `sotto schema` knows: those of docs/schemas. */
export function schemaNames(): readonly string[] {
  return readdirSync(folder())
    .map((file) => file.replace(/\.json$/, ''))
    .filter((name) => name !== COMMON)
    .sort()
}

export function descriptionOf(name: string): string {
  return readSchema(name).description ?? ''
}

/** The event types that event.json describes, each of which can be asked for by its name. */
export function eventTypeNames(): readonly string[] {
  return (readSchema('event').oneOf ?? []).flatMap(typesOf)
}

/** A schema that needs no other file; an event type gives that part of event.json. */
export function selfContained(name: string): object {
  if (schemaNames().includes(name)) return withParts(readSchema(name))
  const event = (readSchema('event').oneOf ?? []).find((each) => typesOf(each).includes(name))
  return withParts({ title: name, ...event })
}

function typesOf({ properties }: Schema): readonly string[] {
  const type = properties?.['type']
  return type?.enum ?? (type?.const === undefined ? [] : [type.const])
}

function withParts(schema: Schema): object {
  const used = new Set<string>()
  const own = inlined(schema, used)
  const defs: Record<string, unknown> = {}
  // A part may use others: the set grows while it is walked.
  for (const ref of used) defs[partName(ref)] = inlined(partOf(ref), used)
  return used.size === 0 ? own : { ...own, $defs: { ...schema.$defs, ...defs } }
}

/** With references into other files turned into references to itself, which are noted in `used`. */
function inlined(schema: Schema, used: Set<string>): object {
  const text = JSON.stringify(schema, (key, value: unknown) => {
    if (key !== '$ref' || typeof value !== 'string' || value.startsWith('#')) return value
    used.add(value)
    return `#/$defs/${partName(value)}`
  })
  return JSON.parse(text) as object
}

/** `common.json#/$defs/sender` is called `sender`, and `contact.json` as it is. */
function partName(ref: string): string {
  return ref.replace(/^.*#\/\$defs\//, '')
}

function partOf(ref: string): Schema {
  const [file = '', pointer] = ref.split('#/$defs/')
  const whole = readSchema(file.replace(/\.json$/, ''))
  if (pointer !== undefined) return whole.$defs?.[pointer] ?? {}
  // Without what makes it a document of its own.
  const { $schema: _dialect, $id: _id, examples: _examples, ...part } = whole
  return part
}

function readSchema(name: string): Schema {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder()), 'utf8')) as Schema
}

/** Beside the program; where only the sources were compiled, in the repository. */
function folder(): URL {
  const beside = new URL('./schemas/', import.meta.url)
  return existsSync(beside) ? beside : new URL('../../../../docs/schemas/', import.meta.url)
}
