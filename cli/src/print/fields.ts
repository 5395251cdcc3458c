import { UsageError } from '@sotto/protocol'

/** What `--fields` keeps of an object: names, and what is kept below each; undefined: all of it. */
export type Fields = ReadonlyMap<string, Fields | undefined>
type Growing = Map<string, Growing | undefined>

/** `message.text,sender.handle`. Throws UsageError. */
export function parseFields(text: string): Fields {
  const fields: Growing = new Map()
  for (const path of text.split(',')) {
    const names = path.trim().split('.')
    if (names.includes('')) {
      throw new UsageError('usage/invalid', `not the names of fields: ${text}`, {
        fix: 'As sotto schema shows them, the inner ones after a dot: --fields message.text,sender.handle',
      })
    }
    keep(fields, names)
  }
  return fields
}

function keep(fields: Growing, [name = '', ...inner]: readonly string[]): void {
  if (inner.length === 0) {
    fields.set(name, undefined)
    return
  }
  if (!fields.has(name)) fields.set(name, new Map())
  const below = fields.get(name)
  if (below !== undefined) keep(below, inner) // Else all of it is kept already.
}

/** The named fields that are there, in the object's own order and places; of each one of a list. */
export function pickFields(object: object, fields: Fields): object {
  const kept = Object.entries(object).filter(([name]) => fields.has(name))
  return Object.fromEntries(
    kept.map(([name, value]) => {
      const below = fields.get(name)
      return [name, below === undefined ? value : pickBelow(value, below)]
    }),
  )
}

function pickBelow(value: unknown, fields: Fields): unknown {
  if (Array.isArray(value)) return value.map((each) => pickBelow(each, fields))
  return typeof value === 'object' && value !== null ? pickFields(value, fields) : value
}
