import type { wire } from '@sotto/protocol'
import type { SubmitRequest, SubmittedEnvelope } from '../mailbox/submit.js'

/** A frame from a client, parsed. */
export type ClientFrame =
  | { readonly kind: 'authenticate'; readonly authenticate: wire.Authenticate }
  | { readonly kind: 'acknowledge'; readonly epoch: number; readonly seq: number }
  | { readonly kind: 'ping'; readonly id: number }
  | { readonly kind: 'submit'; readonly id: number; readonly submit: SubmitRequest }
  | {
      readonly kind: 'submit-own'
      readonly id: number
      readonly envelopes: readonly SubmittedEnvelope[]
    }
  | { readonly kind: 'request'; readonly id: number; readonly method: wire.Request['method'] }
  /** A kind of frame that this relay does not know. */
  | { readonly kind: 'unknown' }
