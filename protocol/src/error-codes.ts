/**
 * Every error code there is, with the exit code it ends a command with (cli.md, "Exit codes").
 * Each has one heading in docs/ERRORS.md.
 */
export const ERROR_CODES = {
  'usage/invalid': 64,
  'content/invalid': 65,
  'content/too-large': 65,
  'send-id/reused': 65,
  'message/settled': 65,
  'recipient/unknown': 67,
  'recipient/ambiguous': 67,
  'recipient/self': 67,
  'message/unknown': 67,
  'relay/unreachable': 69,
  'relay/unavailable': 69,
  'relay/refused': 77,
  'relay/registration-closed': 77,
  'bug/invariant': 70,
  'store/failed': 74,
  'store/full': 74,
  'store/damaged': 74,
  'store/locked': 86,
  'store/passphrase-needed': 86,
  'store/passphrase-wrong': 86,
  'store/newer': 78,
  'temporary/interrupted': 75,
  'temporary/timeout': 75,
  'socket/unanswered': 75,
  'message/expired': 75,
  'message/cancelled': 75,
  'relay/rate-limited': 82,
  'relay/quota': 82,
  'wire/malformed': 76,
  'wire/version': 76,
  'wire/unexpected': 76,
  'relay/root-changed': 76,
  'username/taken': 77,
  'config/invalid': 78,
  'file/unknown': 66,
  'file/exists': 64,
  'message/queued': 79,
  'identity/forged': 80,
  'recipients/partial': 81,
  'account/busy': 83,
  'account/none': 84,
  'account/ambiguous': 84,
  'device/unlinked': 84,
  'message/unseen': 85,
} as const satisfies Readonly<Record<string, number>>

export type ErrorCodeName = keyof typeof ERROR_CODES

/** Codes after which the same call may succeed without anybody changing anything. */
export const RETRYABLE_CODES: ReadonlySet<ErrorCodeName> = new Set<ErrorCodeName>([
  'relay/unreachable',
  'relay/unavailable',
  'relay/rate-limited',
  'relay/quota',
  'temporary/interrupted',
  'temporary/timeout',
  'socket/unanswered',
  'account/busy',
])
