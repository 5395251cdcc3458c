import { SottoError } from '../src/errors.js'

/** The code of the SottoError that `call` throws; undefined when it throws nothing. */
export function codeOf(call: () => unknown): string | undefined {
  try {
    call()
    return undefined
  } catch (thrown) {
    if (thrown instanceof SottoError) return thrown.code
    throw thrown
  }
}

/** Runs a parser on bytes of others: a refusal is fine, as long as it is one of ours. */
export function refusesProperly(call: () => unknown): boolean {
  const code = codeOf(call)
  return code === undefined || code === 'wire/malformed' || code === 'content/invalid'
}
