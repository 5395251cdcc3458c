import {
  create,
  fromBinary,
  toBinary,
  type DescMessage,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf'
import type { Bytes } from './bytes.js'
import { ProtocolError } from './errors.js'

/** An encoded message of the given schema. */
export function encode<Desc extends DescMessage>(
  schema: Desc,
  message: MessageInitShape<Desc>,
): Bytes {
  return toBinary(schema, create(schema, message))
}

/** Parses outside bytes. Throws only a ProtocolError `wire/malformed`; unknown fields are kept. */
export function decode<Desc extends DescMessage>(
  schema: Desc,
  bytes: Uint8Array,
): MessageShape<Desc> {
  try {
    return fromBinary(schema, bytes)
  } catch (cause) {
    throw new ProtocolError('wire/malformed', 'the message does not parse', { cause })
  }
}
