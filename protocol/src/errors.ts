import { ERROR_CODES, RETRYABLE_CODES, type ErrorCodeName } from './error-codes.js'

export interface SottoErrorOptions {
  /** What the reader does next: a sentence or a command. */
  readonly fix?: string
  readonly cause?: unknown
  /** Milliseconds after which trying again makes sense, where somebody said so. */
  readonly retryAfterMs?: number
}

/**
 * The only thing sotto throws. `code` is what scripts and docs name, `exitCode` what a command
 * ends with, `message` what happened, `fix` what to do. Never holds content, names or keys of
 * others.
 */
export abstract class SottoError extends Error {
  readonly code: ErrorCodeName
  readonly fix: string
  readonly retryAfterMs: number | undefined

  constructor(code: ErrorCodeName, message: string, options: SottoErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = new.target.name
    this.code = code
    this.fix = options.fix ?? ''
    this.retryAfterMs = options.retryAfterMs
  }

  get exitCode(): number {
    return ERROR_CODES[this.code]
  }

  get retryable(): boolean {
    return RETRYABLE_CODES.has(this.code)
  }
}

/** An error as scripts read it: cli.md, "Output". */
export interface ErrorObject {
  readonly code: string
  readonly message: string
  readonly fix: string
  readonly exit: number
  readonly retryable: boolean
  readonly retryAfterMs: number | null
}

export function errorObject(error: SottoError): ErrorObject {
  return {
    code: error.code,
    message: error.message,
    fix: error.fix,
    exit: error.exitCode,
    retryable: error.retryable,
    retryAfterMs: error.retryAfterMs ?? null,
  }
}

/** The caller called it wrongly (64). */
export class UsageError extends SottoError {}
/** What was given is not valid data (65, 66). */
export class InputError extends SottoError {}
/** No such thing, or more than one (1, 67). */
export class NotFoundError extends SottoError {}
/** The relay cannot be reached or does not serve now (69, 75, 79, 85). */
export class UnavailableError extends SottoError {}
/** A belief of ours was wrong: a bug (70). */
export class InvariantError extends SottoError {}
/** The local store cannot be used (74, 86). */
export class StorageError extends SottoError {}
/** Somebody else has it, or too much was asked for (82, 83). */
export class BusyError extends SottoError {}
/** The other end broke the protocol (76). */
export class ProtocolError extends SottoError {}
/** Not allowed (77). */
export class PermissionError extends SottoError {}
/** Configuration is wrong (78). */
export class ConfigError extends SottoError {}
/** An identity is not the one we know (80). */
export class TrustError extends SottoError {}
/** Some of several failed (81). */
export class PartialError extends SottoError {}
/** There is no such account here, or its device is gone (84). */
export class AccountError extends SottoError {}

/** Whatever is not ours becomes an InvariantError, once, at the rim. */
export function asSottoError(thrown: unknown): SottoError {
  if (thrown instanceof SottoError) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new InvariantError('bug/invariant', `unexpected: ${message}`, {
    cause: thrown,
    fix: 'This is a bug in sotto. Please report it with the command you ran.',
  })
}

/** Believe it or stop: for what the code itself guarantees, at the write and at the read. */
export function assert(condition: boolean, belief: string): asserts condition {
  if (!condition) throw new InvariantError('bug/invariant', `broken belief: ${belief}`)
}
