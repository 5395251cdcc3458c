import { IdentityKeyPair } from '@signalapp/libsignal-client'
import { ownBytes, PREKEY_STOCK, ProtocolError } from '@sotto/protocol'
import { register } from '../net/registration.js'
import type { RegisterInit } from '../net/requests.js'
import type { Ports } from '../ports.js'
import { loadOwnDevice } from '../session/own-device.js'
import type { Store } from '../store/store.js'
import type { OwnAccount } from '../store/tables/account.js'
import { makePrekeys, unpublishedPrekeys } from './prekeys.js'
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

/**
 * Makes a stored account known to its relay. If we die on the way, the same again gets the same
 * answer. Throws what `register` throws.
 */
export async function registerAccount(
  { own, store }: { readonly own: OwnAccount; readonly store: Store },
  ports: Ports,
  code: string,
): Promise<void> {
  const publication = unpublishedPrekeys(store.read, { replace: false })
  const request: RegisterInit = {
    manifest: { manifest: own.manifest, signature: own.manifestSignature },
    accessKey: own.accessKey,
    prekeys: publication?.stock ?? {},
    code,
  }
  if (own.username !== null) {
    request.usernameHash = usernameHash(own.username)
    request.usernameProof = usernameProof(own.username)
  }
  const registered = await register({ origin: own.relay, transport: ports.transport, request })
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
