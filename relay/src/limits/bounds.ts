/** Bounds that are part of the protocol or of how the relay is built; no flag moves them. */

/**
 * Connections the system holds until they are accepted, as far as it lets us (`net.core.somaxconn`).
 * Those in excess are dropped without a word and tried again after 1, 2, 4 … s: with Node's 511 the
 * last of 10,000 clients that came back at once was in after half a minute.
 */
export const ACCEPT_QUEUE_MAX = 65_535
/**
 * So many clients are let in through a door, and so many log in, in one turn of the event loop: a few
 * milliseconds, in which nobody else is served.
 */
export const ARRIVALS_EACH_TURN = 8
/** Of all connections so many are asked whether they are there, or sent away, in one turn. */
export const CONNECTIONS_EACH_TURN = 64
/** Connections beside the sockets: registrations and health checks are short. */
export const HTTP_CONNECTIONS_MAX = 1_000
/** Connections of one address beside its sockets: those are refused with an answer. */
export const HTTP_ADDRESS_CONNECTIONS_MAX = 16
/** All header fields of a request together. Their number is bounded by that, so that none is cut off. */
export const HEAD_BYTES_MAX = 8 * 1024
/** How often slow requests are looked for. */
export const SLOW_REQUESTS_PAUSE_MS = 1_000
/** Between two log lines about clients that were refused. */
export const REFUSALS_PAUSE_MS = 60_000
/** Requests of one connection that wait for their answer; above it the socket is not read. */
export const REQUESTS_IN_FLIGHT_MAX = 256
/** Operations that wait for the next commit, of all connections. */
export const OPERATIONS_PENDING_MAX = 20_000
/** A device that has not answered a WebSocket ping for this long is gone. */
export const KEEPALIVE_MS = 45_000
/** A drain tells clients to come back spread over this long. */
export const DRAIN_SPREAD_MS = 5_000
/** A drain ends after this long, whatever is still open. */
export const DRAIN_MS_MAX = 10_000
/** An idempotency key is remembered for the retention and this many days more. */
export const IDEMPOTENCY_DAYS_AFTER_RETENTION = 14
/** Entries of one limiter's memory; the one unused for longest goes first. */
export const LIMITER_ENTRIES_MAX = 100_000
/** After QUOTA, a sender asks again after this long. */
export const QUOTA_RETRY_MS = 60_000
/** After UNAVAILABLE, a client asks again after this long. */
export const UNAVAILABLE_RETRY_MS = 2_000
/** Between two looks at disk, memory and event loop. */
export const PRESSURE_PAUSE_MS = 250
/** By how much of the way from one level to the next it has to be better before a level is left. */
export const PRESSURE_CALM = 0.25
/** Who is refused because the relay has too much to do asks again after this long. */
export const PRESSURE_RETRY_MS = 5_000
/** Between two looks at whether the certificate has changed. */
export const CERTIFICATE_PAUSE_MS = 10_000
/** Between two rounds of the retention sweep. */
export const SWEEP_PAUSE_MS = 60 * 60_000
/** A disk that runs short is swept earlier, but not more often than this. */
export const SWEEP_HURRY_MS = 10 * 60_000
/** Mailboxes that a sweep asks for at once; it goes through them one after the other. */
export const SWEEP_STEP_MAILBOXES = 16
/** Rows of a mailbox that is gone that one transaction deletes. */
export const PURGE_STEP_ROWS = 64
/** Devices one step of a sweep looks at. */
export const SWEEP_STEP_DEVICES = 64
/** Pages of the database that one step of a sweep gives back to the disk. */
export const SHRINK_STEP_PAGES = 32
/** Empty pages, 4 MiB, that stay in the database for what comes next. */
export const SHRINK_SPARE_PAGES = 1024
/** Of the accounts made, half count ten minutes later towards the work that the next one takes. */
export const SIGNUP_HALF_MS = 10 * 60_000
/** Proofs of work that wait to be checked, one after the other; whoever comes then is told to come again. */
export const PROOFS_WAITING_MAX = 32
/** A sign-up code that has expired is told apart from one that never was for so many days. */
export const EXPIRED_CODE_DAYS = 30
/** Rows one step of a sweep forgets before it lets others run. */
export const SWEEP_STEP_ROWS = 256
