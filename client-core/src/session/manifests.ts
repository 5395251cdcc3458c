import {
  equalBytes,
  openManifest,
  ownBytes,
  parseManifest,
  type AccountId,
  type Bytes,
  type Manifest,
} from '@sotto/protocol'
import type { Peer } from '../store/tables/peers.js'
import { sha256, verify } from './digest.js'

/** A manifest with the bytes that were signed and their hash. */
export interface SignedManifestOf {
  readonly parsed: Manifest
  readonly bytes: Bytes
  readonly signature: Bytes
  readonly hash: Bytes
}

/** Checks and parses a manifest of an account on the relay with that root key. */
export function openSignedManifest(
  signed: { readonly manifest: Uint8Array; readonly signature: Uint8Array },
  relayRoot: Uint8Array,
): SignedManifestOf {
  const bytes = ownBytes(signed.manifest)
  const signature = ownBytes(signed.signature)
  const parsed = openManifest({ manifest: bytes, signature }, { relayRoot, verify, sha256 })
  return { parsed, bytes, signature, hash: sha256(bytes) }
}

/** Read again and again while somebody writes; those of so many accounts are kept as parsed. */
const PARSED_MAX = 256
const parsedManifests = new Map<string, SignedManifestOf>()

/** A manifest out of the store: it was checked before it was put there. */
export function storedManifest(peer: {
  readonly account: AccountId
  readonly manifest: Bytes
  readonly manifestSignature: Bytes
}): SignedManifestOf {
  const { account, manifest: bytes, manifestSignature: signature } = peer
  const known = parsedManifests.get(account)
  if (known !== undefined && equalBytes(known.bytes, bytes)) return { ...known, signature }
  const manifest = { parsed: parseManifest(bytes), bytes, signature, hash: sha256(bytes) }
  if (parsedManifests.size >= PARSED_MAX) parsedManifests.clear()
  parsedManifests.set(account, manifest)
  return manifest
}

/**
 * Whether a manifest may take the place of the one known: the same one, or a later one; never an
 * older one, and the very next one only if it names the one known as what it replaces.
 */
export function mayFollow(known: SignedManifestOf, next: SignedManifestOf): boolean {
  const steps = next.parsed.version - known.parsed.version
  if (steps === 0) return equalBytes(next.hash, known.hash)
  if (steps === 1) return equalBytes(next.parsed.previousHash, known.hash)
  return steps > 1
}

/** What to remember of an account whose manifest was checked. */
export function peerOf(manifest: SignedManifestOf, before: Peer | undefined): Peer {
  return {
    account: manifest.parsed.account,
    identityKey: manifest.parsed.identityKey,
    verified: before?.verified ?? false,
    manifestVersion: manifest.parsed.version,
    manifest: manifest.bytes,
    manifestSignature: manifest.signature,
  }
}
