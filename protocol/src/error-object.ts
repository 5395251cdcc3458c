import { ERROR_CODES, type ErrorCodeName } from './error-codes.js'
import {
  AccountError,
  assert,
  BusyError,
  ConfigError,
  InputError,
  InvariantError,
  NotFoundError,
  PartialError,
  PermissionError,
  ProtocolError,
  StorageError,
  TrustError,
  UnavailableError,
  UsageError,
  type ErrorObject,
  type SottoError,
  type SottoErrorOptions,
} from './errors.js'

type ErrorClass = new (
  code: ErrorCodeName,
  message: string,
  options: SottoErrorOptions,
) => SottoError

/** What a caller does differently follows from the exit code, and so does the class. */
const CLASSES: Readonly<Record<number, ErrorClass>> = {
  1: NotFoundError,
  64: UsageError,
  65: InputError,
  66: InputError,
  67: NotFoundError,
  69: UnavailableError,
  70: InvariantError,
  74: StorageError,
  75: UnavailableError,
  76: ProtocolError,
  77: PermissionError,
  78: ConfigError,
  79: UnavailableError,
  80: TrustError,
  81: PartialError,
  82: BusyError,
  83: BusyError,
  84: AccountError,
  85: UnavailableError,
  86: StorageError,
}

/** The error that another process wrote down; undefined for a code this version does not know. */
export function errorOfObject(object: ErrorObject): SottoError | undefined {
  const { code, message, fix, retryAfterMs } = object
  if (!isErrorCode(code)) return undefined
  const Class = code.startsWith('store/') ? StorageError : CLASSES[ERROR_CODES[code]]
  assert(Class !== undefined, 'every exit code has a class')
  return new Class(code, message, retryAfterMs === null ? { fix } : { fix, retryAfterMs })
}

function isErrorCode(code: string): code is ErrorCodeName {
  return Object.hasOwn(ERROR_CODES, code)
}
