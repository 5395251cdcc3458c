import {
  DEVICES_MAX,
  ENVELOPE_BYTES_MAX,
  FRAME_BYTES_MAX,
  MAILBOX_BYTES_MAX,
  MAILBOX_ENVELOPES_MAX,
  PERMIT_BATCH_MAX,
  PREKEY_STOCK,
  RETENTION_DAYS,
  STRANGER_BYTES_MAX,
  STRANGER_ENVELOPES_MAX,
  SUBMIT_ENVELOPES_MAX,
  WINDOW_BYTES_MAX,
  WINDOW_ENVELOPES_MAX,
  WORK_ATTEMPTS_MAX,
} from '@sotto/protocol'

interface LimitRule {
  readonly value: number
  readonly min: number
  readonly max: number
  readonly what: string
}

const RULES = {
  envelopeBytes: rule(ENVELOPE_BYTES_MAX, 4_096, ENVELOPE_BYTES_MAX, 'bytes of a sealed envelope'),
  accountDevices: rule(DEVICES_MAX, 1, DEVICES_MAX, 'devices of an account'),
  mailboxEnvelopes: rule(MAILBOX_ENVELOPES_MAX, 1, 10_000_000, 'envelopes waiting in a mailbox'),
  mailboxBytes: rule(MAILBOX_BYTES_MAX, 65_536, 2 ** 40, 'bytes waiting in a mailbox'),
  strangerEnvelopes: rule(
    STRANGER_ENVELOPES_MAX,
    0,
    10_000_000,
    'of those envelopes, from strangers',
  ),
  strangerBytes: rule(STRANGER_BYTES_MAX, 0, 2 ** 40, 'of those bytes, from strangers'),
  windowEnvelopes: rule(WINDOW_ENVELOPES_MAX, 1, 65_536, 'unacknowledged envelopes of a socket'),
  windowBytes: rule(WINDOW_BYTES_MAX, 65_536, 2 ** 30, 'unacknowledged bytes of a socket'),
  mailboxEphemerals: rule(32, 1, 65_536, 'ephemeral envelopes held for a device that reads slowly'),
  addressEphemerals: rule(240, 1, 1_000_000, 'ephemeral envelopes a minute from one address'),
  ephemerals: rule(600, 1, 1_000_000, 'ephemeral envelopes a minute to one device'),
  ephemeralMs: rule(10_000, 100, 600_000, 'milliseconds an ephemeral envelope is held'),
  retentionDays: rule(RETENTION_DAYS, 1, 365, 'days an undelivered envelope is kept'),
  idleDays: rule(90, 1, 36_500, 'days after which a device that was not seen is removed'),
  prekeyStock: rule(2 * PREKEY_STOCK, 1, 10_000, 'one-time prekeys of one kind of a device'),
  socketBytes: rule(262_144, 65_536, 2 ** 30, 'bytes that wait in a socket until delivery pauses'),
  handshakeMs: rule(5_000, 100, 600_000, 'milliseconds for the head of a request, and to log in'),
  bodyMs: rule(60_000, 1_000, 3_600_000, 'milliseconds for a whole request over HTTP'),
  connections: rule(10_000, 1, 1_000_000, 'open sockets'),
  diskReserveBytes: rule(
    2 ** 29,
    0,
    2 ** 50,
    'bytes kept free on the disk; a fifth of a small one',
  ),
  memoryBytes: rule(2 ** 31, 2 ** 27, 2 ** 50, 'bytes of memory the relay may take'),
  loopDelayMs: rule(500, 10, 60_000, 'milliseconds by which everything may come late'),
  anonymousMs: rule(600_000, 1_000, 3_600_000, 'milliseconds an anonymous socket lives'),
  addressConnections: rule(256, 1, 1_000_000, 'open sockets of one network address'),
  signups: rule(1_000, 1, 1_000_000_000, 'accounts made an hour in all'),
  addressSignups: rule(3, 1, 1_000_000, 'accounts made an hour from one network address'),
  signupAttempts: rule(20, 1, WORK_ATTEMPTS_MAX, 'attempts of 50 ms for an account, with pow'),
  signupAttemptsMax: rule(320, 1, WORK_ATTEMPTS_MAX, 'attempts at most, when many sign up'),
  signupCalm: rule(20, 1, 1_000_000, 'accounts in ten minutes from which on it takes more'),
  signupWorkMs: rule(600_000, 60_000, 3_600_000, 'milliseconds that the work may take'),
  addressLookups: rule(
    60,
    1,
    1_000_000,
    'usernames an hour that one address asks whether are free',
  ),
  permitBatch: rule(80, 1, PERMIT_BATCH_MAX, 'permits of a device a day: lookups, first contacts'),
  accountChanges: rule(240, 1, 1_000_000, 'changes an hour to one account by its devices'),
  accountInvites: rule(1_000, 0, 10_000, 'contact invites of an account'),
  bundleReads: rule(6, 1, 1_000_000, 'full prekey bundles of one account before the pace sets in'),
  bundlePaceMs: rule(600_000, 1, 2 ** 40, 'milliseconds for one more'),
} as const

/** Every bound an operator may move, by the name `--limit` and `GET /v1/limits` give it. */
export type LimitName = keyof typeof RULES
export type Limits = Readonly<Record<LimitName, number>>

export const LIMIT_RULES: Readonly<Record<LimitName, LimitRule>> = RULES

export const DEFAULT_LIMITS: Limits = Object.fromEntries(
  Object.entries(RULES).map(([name, { value }]) => [name, value]),
) as Record<LimitName, number>

export function isLimitName(name: string): name is LimitName {
  return Object.hasOwn(RULES, name)
}

/** The limits as Hello tells them; the body of a Limits message. */
export function wireLimits(limits: Limits) {
  return {
    envelopeBytes: limits.envelopeBytes,
    submitEnvelopes: SUBMIT_ENVELOPES_MAX,
    windowEnvelopes: limits.windowEnvelopes,
    windowBytes: limits.windowBytes,
    mailboxEnvelopes: limits.mailboxEnvelopes,
    mailboxBytes: BigInt(limits.mailboxBytes),
    strangerEnvelopes: limits.strangerEnvelopes,
    strangerBytes: BigInt(limits.strangerBytes),
    retentionDays: limits.retentionDays,
    prekeyStock: limits.prekeyStock,
    frameBytes: FRAME_BYTES_MAX,
  }
}

function rule(value: number, min: number, max: number, what: string): LimitRule {
  return { value, min, max, what }
}
