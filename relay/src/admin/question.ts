/**
 * What the operator's programs ask a running relay over its admin socket: one JSON object a line,
 * answered by one line, `{"v":1,"answer":…}` or `{"v":1,"error":…}`.
 */
export type Question =
  | { readonly ask: 'stats' }
  | { readonly ask: 'limits' }
  /** Answered when the drain begins; the socket closes when the relay has ended. */
  | { readonly ask: 'drain' }
  /** A sign-up code. */
  | { readonly ask: 'code'; readonly uses: number; readonly expiresMs: number }
  /** A backup was made, by whoever asks. */
  | { readonly ask: 'backed-up'; readonly madeMs: number }

/** The longest line either way. */
export const LINE_BYTES_MAX = 64 * 1024

/** Undefined: nothing that this relay knows how to answer. */
export function parseQuestion(line: string): Question | undefined {
  const value = parseObject(line)
  if (value === undefined || value['v'] !== 1) return undefined
  const { ask, uses, expiresMs, madeMs } = value
  switch (ask) {
    case 'stats':
    case 'limits':
    case 'drain':
      return { ask }
    case 'code':
      return isCount(uses) && uses > 0 && isCount(expiresMs) ? { ask, uses, expiresMs } : undefined
    case 'backed-up':
      return isCount(madeMs) ? { ask, madeMs } : undefined
    default:
      return undefined
  }
}

/** Undefined for what is no JSON object. */
export function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return isObject(value) ? value : undefined
  } catch {
    return undefined // Not JSON: whoever sent it is told so.
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
