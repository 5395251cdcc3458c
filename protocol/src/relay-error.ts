import { ErrorCode, type Error as WireError } from '#generated/relay_pb.js'
import type { ErrorCodeName } from './error-codes.js'
import {
  AccountError,
  BusyError,
  NotFoundError,
  PermissionError,
  ProtocolError,
  UnavailableError,
  type SottoError,
} from './errors.js'

type ErrorClass = new (
  code: ErrorCodeName,
  message: string,
  options: { retryAfterMs?: number; fix?: string },
) => SottoError

const ERRORS: Readonly<Record<ErrorCode, readonly [ErrorClass, ErrorCodeName, string, string]>> = {
  [ErrorCode.UNSPECIFIED]: [
    ProtocolError,
    'wire/unexpected',
    'the relay answered with an error it did not name',
    'The relay may be newer than this sotto: upgrade it.',
  ],
  [ErrorCode.REFUSED]: [
    PermissionError,
    'relay/refused',
    'the relay refused: there is no such account, or no leave to write to it',
    'Their account may be gone or a new one: sotto contact add and their username looks again.',
  ],
  [ErrorCode.UNAUTHENTICATED]: [
    AccountError,
    'device/unlinked',
    'the relay does not know this device',
    'The device was removed, or the relay lost its data: sotto account show',
  ],
  [ErrorCode.NOT_FOUND]: [
    NotFoundError,
    'recipient/unknown',
    'nobody has that username on this relay',
    'Check the spelling, the number after the dot included.',
  ],
  [ErrorCode.RATE_LIMITED]: [
    BusyError,
    'relay/rate-limited',
    'too many requests from here',
    'Wait a little and try again.',
  ],
  [ErrorCode.QUOTA]: [
    BusyError,
    'relay/quota',
    'the recipient’s mailbox is full',
    'It empties when they connect.',
  ],
  [ErrorCode.INVALID]: [
    ProtocolError,
    'wire/malformed',
    'the relay could not read the request',
    'Upgrade sotto; if it stays so, one of the two has a bug: please report it.',
  ],
  [ErrorCode.TOO_LARGE]: [
    ProtocolError,
    'content/too-large',
    'the relay takes nothing that large',
    'Nothing was kept there. Send it in parts.',
  ],
  [ErrorCode.CONFLICT]: [
    PermissionError,
    'username/taken',
    'somebody else has that username',
    'Choose another name or another number.',
  ],
  [ErrorCode.VERSION]: [
    ProtocolError,
    'wire/version',
    'this sotto and the relay have no protocol version in common',
    'Upgrade the older of the two.',
  ],
  [ErrorCode.UNAVAILABLE]: [
    UnavailableError,
    'relay/unavailable',
    'the relay does not serve just now',
    'It will be tried again.',
  ],
  [ErrorCode.INTERNAL]: [
    UnavailableError,
    'relay/unavailable',
    'the relay failed',
    'It will be tried again; its operator may want to know.',
  ],
  [ErrorCode.REPLACED]: [
    BusyError,
    'account/busy',
    'this device connected from somewhere else',
    'Is the same home used twice, or a copy of it?',
  ],
  [ErrorCode.REGISTRATION_CLOSED]: [
    PermissionError,
    'relay/registration-closed',
    'the relay takes no new accounts without a sign-up code',
    'Ask its operator for a code: sotto account create --code CODE …',
  ],
  [ErrorCode.CODE_UNKNOWN]: [
    PermissionError,
    'signup-code/unknown',
    'the relay does not know this sign-up code',
    'Check the spelling; a code is good on the relay it was made for, and nowhere else.',
  ],
  [ErrorCode.CODE_EXPIRED]: [
    PermissionError,
    'signup-code/expired',
    'this sign-up code has expired',
    'Ask the relay’s operator for another one.',
  ],
  [ErrorCode.PERMIT]: [
    ProtocolError,
    'permit/refused',
    'the relay refused a permit that it gave',
    'It will be tried again with another. If it stays so, the relay lost its keys or is dishonest.',
  ],
  [ErrorCode.WORK]: [
    UnavailableError,
    'signup-work/refused',
    'the relay wants work for a new account, and took none of what was done',
    'Nothing was made. Try again; if it stays so, this machine may be too slow or the relay dishonest.',
  ],
  [ErrorCode.CODE_USED_UP]: [
    PermissionError,
    'signup-code/used-up',
    'this sign-up code has been used as often as it may be',
    'Ask the relay’s operator for another one.',
  ],
}

/** The error a client throws for what a relay answered. Only the code crossed the wire. */
export function relayError(wire: Pick<WireError, 'code' | 'retryAfterMs'>): SottoError {
  const [Class, code, message, fix] =
    (ERRORS[wire.code] as (typeof ERRORS)[ErrorCode] | undefined) ?? ERRORS[ErrorCode.UNSPECIFIED]
  return new Class(
    code,
    message,
    wire.retryAfterMs > 0 ? { fix, retryAfterMs: wire.retryAfterMs } : { fix },
  )
}
