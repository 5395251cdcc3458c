import { fromUtf8, SottoError, type Bytes, type ErrorCodeName } from '@sotto/protocol'

/** A parser of outside bytes, as the fuzzer sees it. */
export interface Target {
  readonly name: string
  /** Inputs to begin with: proper ones. */
  readonly seeds: readonly Bytes[]
  /** Words that mean something to it. */
  readonly tokens?: readonly string[]
  readonly isProtobuf?: boolean
  /** Default 2,048. */
  readonly bytesMax?: number
  /** Throws whatever must not happen. A refusal that is proper must not come through: `refusedAs`. */
  readonly run: (input: Bytes) => void | Promise<void>
}

/** Something a parser must not do. */
export class Wrong extends Error {}

/** What `parse` gives; undefined where it refuses with one of these codes, and with nothing else. */
export function refusedAs<Value>(
  codes: readonly ErrorCodeName[],
  parse: () => Value,
): Value | undefined {
  try {
    return parse()
  } catch (thrown) {
    if (thrown instanceof SottoError && codes.includes(thrown.code)) return undefined
    throw thrown
  }
}

/** Throws where `belief` does not hold. */
export function must(belief: string, holds: boolean): asserts holds {
  if (!holds) throw new Wrong(belief)
}

/** Text of an input. Private characters stand for lone surrogates, which UTF-8 cannot write. */
export function textOf(input: Uint8Array): string {
  return fromUtf8(input).replace(/[\ue000-\ue7ff]/g, (character) =>
    String.fromCharCode(character.charCodeAt(0) - 0x800),
  )
}
