import {
  KEMKeyPair,
  KyberPreKeyRecord,
  PreKeyRecord,
  PrivateKey,
  SignedPreKeyRecord,
  type IdentityKeyPair,
} from '@signalapp/libsignal-client'
import { ownBytes, PREKEY_STOCK } from '@sotto/protocol'
import type { PrekeyStockInit } from '../net/requests.js'
import type { Reader, Transactor } from '../store/store.js'

const DAY_MS = 24 * 60 * 60_000
/** The signed prekey and the last-resort Kyber prekey are replaced this often (PQXDH, section 3.2). */
const ROTATION_MS = 2 * DAY_MS
/** Retired private keys live on for messages under way: mailbox 30 + outbox 14 + bundles 7 + margin. */
const RETIRED_MS = 60 * DAY_MS
/** The stock is filled up when less than this part of it is left. */
const STOCK_LOW = 1 / 2

/**
 * One-time private keys of a kind, with those that were handed out and never used. Beyond it none is
 * made, however often the relay says that it has none left: first messages lean on the last resort.
 */
export const ONE_TIME_MAX = 5_000
/** More than the relay is ever given at a time: these may still be handed out. */
const ONE_TIME_NEWEST = 2 * PREKEY_STOCK

/** How many one-time prekeys the relay has left of each kind. */
export interface PrekeyLevels {
  readonly oneTimeEc: number
  readonly oneTimeKyber: number
}

/** Makes the keys that are missing, and the signed ones when they are old. They are not published yet. */
export function makePrekeys(
  tx: Transactor,
  identity: IdentityKeyPair,
  stand: {
    readonly levels: PrekeyLevels
    readonly nowMs: number
    /** Of each kind, at the relay, when it is full. */
    readonly stock?: number
  },
): void {
  const { levels, nowMs, stock = PREKEY_STOCK } = stand
  const sinceMs = tx.prekeys.signedSinceMs()
  if (sinceMs === undefined || nowMs - sinceMs > ROTATION_MS || nowMs < sinceMs - ROTATION_MS) {
    makeSigned(tx, identity, nowMs)
    makeLastResort(tx, identity, nowMs)
  }
  tx.prekeys.forgetRetired(nowMs - RETIRED_MS)
  tx.prekeys.forgetOneTime(nowMs - RETIRED_MS, ONE_TIME_NEWEST)
  const kept = tx.prekeys.oneTimeCounts()
  makeOneTimeEc(tx, {
    count: missing(stock, levels.oneTimeEc + tx.prekeys.unpublishedEc().length, kept.ec),
    nowMs,
  })
  makeOneTimeKyber(tx, identity, {
    count: missing(stock, levels.oneTimeKyber + tx.prekeys.unpublishedKyber().length, kept.kyber),
    nowMs,
  })
}

/** How many to make of a kind of which `left` are at the relay or on the way, and `kept` are here. */
function missing(stock: number, left: number, kept: number): number {
  if (left >= stock * STOCK_LOW) return 0
  return Math.min(stock - left, Math.max(0, ONE_TIME_MAX - kept))
}

function makeSigned(tx: Transactor, identity: IdentityKeyPair, nowMs: number): void {
  const [id = 0] = tx.prekeys.takeIds('signed', 1)
  const key = PrivateKey.generate()
  const signature = identity.privateKey.sign(key.getPublicKey().serialize())
  const record = SignedPreKeyRecord.new(id, nowMs, key.getPublicKey(), key, signature)
  tx.prekeys.addSigned({ id, record: record.serialize() }, nowMs)
}

function makeLastResort(tx: Transactor, identity: IdentityKeyPair, nowMs: number): void {
  const [id = 0] = tx.prekeys.takeIds('kyber', 1)
  tx.prekeys.addLastResort({ id, record: kyberRecord(identity, id, nowMs) }, nowMs)
}

function makeOneTimeEc(
  tx: Transactor,
  made: { readonly count: number; readonly nowMs: number },
): void {
  for (const id of tx.prekeys.takeIds('ec', made.count)) {
    const key = PrivateKey.generate()
    const record = PreKeyRecord.new(id, key.getPublicKey(), key).serialize()
    tx.prekeys.addEc({ id, record }, made.nowMs)
  }
}

function makeOneTimeKyber(
  tx: Transactor,
  identity: IdentityKeyPair,
  made: { readonly count: number; readonly nowMs: number },
): void {
  for (const id of tx.prekeys.takeIds('kyber', made.count)) {
    tx.prekeys.addKyber({ id, record: kyberRecord(identity, id, made.nowMs) }, made.nowMs)
  }
}

function kyberRecord(identity: IdentityKeyPair, id: number, nowMs: number) {
  const pair = KEMKeyPair.generate()
  const signature = identity.privateKey.sign(pair.getPublicKey().serialize())
  return KyberPreKeyRecord.new(id, nowMs, pair, signature).serialize()
}

/** The public halves of what the relay does not have yet, with what to mark when it has. */
export interface Publication {
  readonly stock: PrekeyStockInit
  readonly markPublished: (tx: Transactor) => void
}

/** Undefined when the relay has everything. Publishing the same again is harmless: ids only rise. */
export function unpublishedPrekeys(
  read: Reader,
  options: { readonly replace: boolean },
): Publication | undefined {
  const ec = read.prekeys.unpublishedEc()
  const kyber = read.prekeys.unpublishedKyber()
  const signed = read.prekeys.unpublishedSigned()
  const lastResort = read.prekeys.unpublishedLastResort()
  if (ec.length + kyber.length === 0 && signed === undefined && lastResort === undefined)
    return undefined
  const stock: PrekeyStockInit = {
    replace: options.replace,
    oneTimeEc: ec.map(({ id, record }) => ({
      id,
      publicKey: PreKeyRecord.deserialize(record).publicKey().serialize(),
    })),
    oneTimeKyber: kyber.map(({ id, record }) => ({ id, ...kyberPublic(record) })),
  }
  if (signed !== undefined) stock.signed = { id: signed.id, ...signedPublic(signed.record) }
  if (lastResort !== undefined)
    stock.lastResort = { id: lastResort.id, ...kyberPublic(lastResort.record) }
  return {
    stock,
    markPublished: (tx) => {
      tx.prekeys.markPublished(
        'ec',
        ec.map(({ id }) => id),
      )
      tx.prekeys.markPublished(
        'kyber',
        kyber.map(({ id }) => id),
      )
      if (signed !== undefined) tx.prekeys.markPublished('signed', [signed.id])
      if (lastResort !== undefined) tx.prekeys.markPublished('kyber', [lastResort.id])
    },
  }
}

function signedPublic(bytes: Uint8Array) {
  const record = SignedPreKeyRecord.deserialize(ownBytes(bytes))
  return { publicKey: record.publicKey().serialize(), signature: record.signature() }
}

function kyberPublic(bytes: Uint8Array) {
  const record = KyberPreKeyRecord.deserialize(ownBytes(bytes))
  return { publicKey: record.publicKey().serialize(), signature: record.signature() }
}
