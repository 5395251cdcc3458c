import {
  ScalarType,
  type DescEnum,
  type DescField,
  type DescMessage,
  type Message,
} from '@bufbuild/protobuf'
import { reflect, type ReflectMessage } from '@bufbuild/protobuf/reflect'
import { hex } from '../../src/bytes.js'

export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/**
 * A message as JSON that needs no library to read: the names of the .proto files, bytes as hex,
 * 64-bit numbers as decimal strings, enums by name, unset fields left out.
 */
export function meaningOf(schema: DescMessage, message: Message): Json {
  return fieldsOf(reflect(schema, message))
}

function fieldsOf(message: ReflectMessage): Json {
  const set = message.fields.filter((field) => message.isSet(field))
  return Object.fromEntries(set.map((field) => [field.name, fieldOf(message, field)]))
}

function fieldOf(message: ReflectMessage, field: DescField): Json {
  switch (field.fieldKind) {
    case 'message':
      return fieldsOf(message.get(field))
    case 'enum':
      return enumName(field.enum, message.get(field))
    case 'scalar':
      return scalar(field.scalar, message.get(field))
    case 'list':
      return [...message.get(field)].map((item) => {
        if (field.listKind === 'message') return fieldsOf(item as ReflectMessage)
        if (field.listKind === 'enum') return enumName(field.enum, item as number)
        return scalar(field.scalar, item)
      })
    case 'map':
      throw new Error('the wire has no maps')
  }
}

function enumName(schema: DescEnum, value: number): Json {
  return schema.value[value]?.name ?? value
}

function scalar(type: ScalarType, value: unknown): Json {
  if (type === ScalarType.BYTES) return hex(value as Uint8Array)
  return typeof value === 'bigint' ? value.toString() : (value as Json)
}
