import {
  asSottoError,
  BusyError,
  errorObject,
  errorOfObject,
  UnavailableError,
  UsageError,
  type ErrorObject,
  type SottoError,
} from '@sotto/protocol'

/**
 * JSON-RPC 2.0 (https://www.jsonrpc.org/specification) as owners and their clients speak it: one
 * object a line, UTF-8, no batches, parameters by name. Fields that are not ours are passed over.
 */
export type RpcId = string | number | null

/** The codes of section 5.1, and two of ours from the range that it leaves to servers. */
export const RPC = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  /** `data` is the error as scripts read it. */
  failed: -32000,
  /** The owner leaves before it has an answer: ask whoever owns the account next. */
  ownerLeft: -32001,
} as const

export interface RpcFault {
  readonly code: number
  readonly message: string
  readonly data?: ErrorObject
}

/** What a line asks for; without an id nobody waits for an answer. */
export type Question =
  | {
      readonly kind: 'question'
      readonly id: RpcId | undefined
      readonly method: string
      readonly params: unknown
    }
  | { readonly kind: 'fault'; readonly id: RpcId; readonly fault: RpcFault }

/** What a line tells whoever asked. */
export type Answer =
  | { readonly kind: 'result'; readonly id: RpcId; readonly result: unknown }
  | { readonly kind: 'error'; readonly id: RpcId; readonly fault: RpcFault }
  | { readonly kind: 'notification'; readonly method: string; readonly params: unknown }
  | { readonly kind: 'nonsense' }

/**
 * The owner of the account left before it answered; whether it did what it was asked is not known.
 * The same is asked of the next owner: nothing that has an id of its own happens twice.
 */
export class OwnerLeft extends UnavailableError {
  constructor() {
    super('temporary/interrupted', 'the process that owned the account left before it answered')
  }
}

/** Parses a line at the owner's end. */
export function parseQuestion(line: Uint8Array): Question {
  const value = parseLine(line)
  if (value === undefined) return faulty(null, RPC.parseError, 'the line is no JSON in UTF-8')
  if (!isObject(value)) return faulty(null, RPC.invalidRequest, 'a request is one object')
  const { jsonrpc, id, method, params } = value
  if (id !== undefined && !isId(id))
    return faulty(null, RPC.invalidRequest, 'an id is a text, a number or null')
  if (jsonrpc !== '2.0' || typeof method !== 'string')
    return faulty(id ?? null, RPC.invalidRequest, 'the request is not one of JSON-RPC 2.0')
  return { kind: 'question', id, method, params: params ?? {} }
}

/** Parses a line at the other end. */
export function parseAnswer(line: Uint8Array): Answer {
  const value = parseLine(line)
  if (!isObject(value)) return { kind: 'nonsense' }
  const { id, method, params, result, error } = value
  if (typeof method === 'string') return { kind: 'notification', method, params }
  if (!isId(id)) return { kind: 'nonsense' }
  if (isObject(error)) return { kind: 'error', id, fault: parseFault(error) }
  return { kind: 'result', id, result }
}

export function questionLine(id: number, method: string, params: unknown): string {
  return line({ id, method, params })
}

export function resultLine(id: RpcId, result: unknown): string {
  return line({ id, result: result ?? null })
}

export function faultLine(id: RpcId, fault: RpcFault): string {
  return line({ id, error: fault })
}

export function notificationLine(method: string, params: unknown): string {
  return line({ method, params })
}

/** An error on its way out. */
export function faultOf(thrown: unknown): RpcFault {
  const error = asSottoError(thrown)
  if (error instanceof OwnerLeft) return OWNER_LEFT
  const code = error instanceof UsageError ? RPC.invalidParams : RPC.failed
  return { code, message: error.message, data: errorObject(error) }
}

export const OWNER_LEFT: RpcFault = { code: RPC.ownerLeft, message: 'the owner left' }

/** The same error at the other end: of the same class, with the same code. */
export function errorOfFault({ code, message, data }: RpcFault): SottoError {
  if (code === RPC.ownerLeft) return new OwnerLeft()
  const error = data === undefined ? undefined : errorOfObject(data)
  if (error !== undefined) return error
  return new BusyError('account/busy', `the owner of the account cannot serve this: ${message}`, {
    fix: 'It may be another version of sotto: stop it, or wait until it ends.',
  })
}

function line(message: object): string {
  return `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Undefined for what is no JSON in UTF-8. */
function parseLine(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes)) as unknown
  } catch {
    return undefined
  }
}

function parseFault({ code, message, data }: Readonly<Record<string, unknown>>): RpcFault {
  const fault = {
    code: typeof code === 'number' ? code : RPC.failed,
    message: typeof message === 'string' ? message : 'no reason was given',
  }
  return isErrorObject(data) ? { ...fault, data } : fault
}

function isErrorObject(value: unknown): value is ErrorObject {
  if (!isObject(value)) return false
  const { code, message, fix, retryAfterMs } = value
  if (typeof code !== 'string' || typeof message !== 'string' || typeof fix !== 'string')
    return false
  return retryAfterMs === null || typeof retryAfterMs === 'number'
}

function faulty(id: RpcId, code: number, message: string): Question {
  return { kind: 'fault', id, fault: { code, message } }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isId(value: unknown): value is RpcId {
  return value === null || typeof value === 'string' || typeof value === 'number'
}
