import type { wire } from '@sotto/protocol'

import type { Forger } from './forger.js'
import type { HostileRelay } from './hostile-relay.js'
import type { Tampering } from './passage.js'

/** Hands out every bundle changed. */
export function changingBundles(
  change: (bundle: wire.AccountBundle) => wire.AccountBundle,
): Tampering {
  return {
    down: ({ kind }) => {
      if (kind.case !== 'result' || kind.value.kind.case !== 'bundle') return undefined
      const value = change(kind.value.kind.value)
      return [
        { kind: { case: 'result', value: { id: kind.value.id, kind: { case: 'bundle', value } } } },
      ]
    },
  }
}

/** Answers every submission with devices that are said to have changed. */
export function mismatching(
  bundle: wire.AccountBundle,
  { missing = [] }: { readonly missing?: number[] } = {},
): Tampering {
  return {
    up: ({ kind }, passage) => {
      if (kind.case !== 'request' || kind.value.method.case !== 'submit') return undefined
      passage.answer(kind.value, { case: 'devicesMismatch', value: { missing, bundle } })
      return []
    },
  }
}

/** Keeps a copy of every envelope that is delivered from here on. */
export function recordDeliveries(relay: HostileRelay): readonly wire.Deliver[] {
  const delivered: wire.Deliver[] = []
  relay.tampering = {
    down: ({ kind }) => {
      if (kind.case === 'deliver') delivered.push(kind.value)
      return undefined
    },
  }
  return delivered
}

/** Says that every username is the forger's. */
export function answerLookups(relay: HostileRelay, { account }: Forger): void {
  const bytes = Uint8Array.from(Buffer.from(account.replaceAll('-', ''), 'hex'))
  relay.tampering = {
    down: ({ kind }) => {
      if (kind.case !== 'result' || kind.value.kind.case !== 'usernameOwner') return undefined
      const value = {
        id: kind.value.id,
        kind: { case: 'usernameOwner' as const, value: { account: bytes } },
      }
      return [{ kind: { case: 'result', value } }]
    },
  }
}
