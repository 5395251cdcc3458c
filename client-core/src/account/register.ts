import { IdentityKeyPair } from '@signalapp/libsignal-client'
import { ownBytes, PREKEY_STOCK, ProtocolError, relayError, wire } from '@sotto/protocol'
import { register, type RegisterAnswer } from '../net/registration.js'
import type { Ports } from '../ports.js'
import { loadOwnDevice } from '../session/own-device.js'
import type { Store } from '../store/store.js'
import type { OwnAccount } from '../store/tables/account.js'
import { makePrekeys, unpublishedPrekeys } from './prekeys.js'
import { doSignupWork, type WorkOptions, type WorkProof } from './signup-work.js'
import { storedCertificate } from './upkeep.js'
import { usernameHash, usernameProof } from './username-hash.js'

/** A new account's keys, prekeys and journal, on disk before the relay hears of any. */
export function storeAccount(
  store: Store,
  own: OwnAccount,
  ports: Ports,
  prekeyStock = PREKEY_STOCK,
): void {
  store.transact((tx) => {
    tx.account.create(own)
    tx.journal.setId(ports.random.bytes(8))
    const identity = IdentityKeyPair.deserialize(own.identityPair)
    const nowMs = ports.clock.nowMs()
    const levels = { oneTimeEc: 0, oneTimeKyber: 0 }
    makePrekeys(tx, identity, { levels, nowMs, stock: prekeyStock })
  })
  ports.crashpoint('account.stored')
}

/** How often a challenge may run out, or a relay find fault with the work, before it is given up. */
const WORK_ROUNDS_MAX = 3

/**
 * Makes a stored account known to its relay, and does the work that it may want for that. If we die on
 * the way, the same again gets the same answer, without the work where the relay has it by then. Throws
 * what `register` and `doSignupWork` throw, and `signup-work/refused`.
 */
export async function registerAccount(
  { own, store }: { readonly own: OwnAccount; readonly store: Store },
  ports: Ports,
  {
    code,
    work = {},
  }: { readonly code: string; readonly work?: Omit<WorkOptions, 'clock'> | undefined },
): Promise<void> {
  const publication = unpublishedPrekeys(store.read, { replace: false })
  const request = {
    manifest: { manifest: own.manifest, signature: own.manifestSignature },
    accessKey: own.accessKey,
    prekeys: publication?.stock ?? {},
    code,
    ...named(own.username),
  }
  const { relay: origin } = own
  const { clock, transport } = ports
  const registered = await working(
    (proof) =>
      register({
        origin,
        transport,
        request: proof === undefined ? request : { ...request, proof },
      }),
    (wanted) => doSignupWork(wanted, own.account, { ...work, clock }),
  )
  if (registered.certificate === undefined)
    throw new ProtocolError('wire/unexpected', 'the relay gave no certificate')
  const certificate = storedCertificate(
    loadOwnDevice(own),
    registered.certificate,
    ports.clock.nowMs(),
  )
  ports.crashpoint('account.registered')
  store.transact((tx) => {
    tx.account.setRoute(ownBytes(registered.route))
    tx.account.saveCertificate(certificate)
    publication?.markPublished(tx)
  })
}

function named(username: string | null) {
  if (username === null) return {}
  return { usernameHash: usernameHash(username), usernameProof: usernameProof(username) }
}

/** Asks, does what work is wanted, and asks again. A challenge that expired leads to another one. */
async function working(
  ask: (proof: WorkProof | undefined) => Promise<RegisterAnswer>,
  work: (wanted: wire.SignupWork) => Promise<WorkProof | undefined>,
): Promise<wire.Registered> {
  let proof: WorkProof | undefined
  for (let round = 0; ; round++) {
    const answer = await ask(proof)
    if (answer.kind === 'registered') return answer.registered
    if (round === WORK_ROUNDS_MAX) break
    proof = await work(answer.work)
  }
  throw relayError({ code: wire.ErrorCode.WORK, retryAfterMs: 0 })
}
