/** Versions of the wire this code speaks (Hello.version_min, version_max). */
export const WIRE_VERSION_MIN = 1
export const WIRE_VERSION_MAX = 1
/** The newest content this code can show (Content.minimum_version). */
export const CONTENT_VERSION = 1

/** Whole sizes an envelope on the wire may have, ascending. */
export const BUCKET_BYTES = [1024, 4096, 16384, 65536] as const
/** Largest envelope body a relay accepts. */
export const ENVELOPE_BYTES_MAX = 96 * 1024
/** Largest WebSocket message or HTTP body either end accepts. */
export const FRAME_BYTES_MAX = 1024 * 1024
/** Largest text of one message, UTF-8: what fits the largest bucket as a first message. */
export const TEXT_BYTES_MAX = 60 * 1024
/** Devices of one account. */
export const DEVICES_MAX = 8
/** Envelopes in one submission: the devices of one account. */
export const SUBMIT_ENVELOPES_MAX = DEVICES_MAX
/** Delivered and not yet acknowledged, per socket. */
export const WINDOW_ENVELOPES_MAX = 256
export const WINDOW_BYTES_MAX = 1024 * 1024
export const MAILBOX_ENVELOPES_MAX = 5000
export const MAILBOX_BYTES_MAX = 64 * 1024 * 1024
export const STRANGER_ENVELOPES_MAX = 200
export const STRANGER_BYTES_MAX = 4 * 1024 * 1024
/** Undelivered envelopes are kept this long. */
export const RETENTION_DAYS = 30
/** An outbox row that was not accepted fails visibly after this long. */
export const OUTBOX_DAYS_MAX = 14
/** Sender certificates live this long. */
export const CERTIFICATE_HOURS = 48
/** One-time prekeys of each kind a client keeps in stock. */
export const PREKEY_STOCK = 100
/** Prekeys of one kind in one publication. */
export const PREKEY_PUBLISH_MAX = 100
/** Prekey ids are 24 bits (libsignal's Medium). */
export const PREKEY_ID_MAX = 0xfffffe
/** A client whose clock differs from the relay's by more warns. */
export const CLOCK_SKEW_MS_MAX = 5 * 60_000
export const USERNAME_PROOF_BYTES = 128
