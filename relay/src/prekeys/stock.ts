import {
  IDENTITY_KEY_BYTES,
  PREKEY_ID_MAX,
  PREKEY_PUBLISH_MAX,
  ProtocolError,
  ownBytes,
  type Bytes,
  type wire,
} from '@sotto/protocol'
import { prekeysAnswer, type Answer } from '../answers.js'
import type { Context, Session } from '../context.js'
import { verify } from '../keys.js'
import type { PrekeyStock, PublicPrekey, SignedPublicPrekey } from '../store/port.js'

const KYBER_KEY_BYTES = 1569
const SIGNATURE_BYTES = 64

export async function publishPrekeys(
  context: Context,
  session: Session,
  published: wire.PrekeyStock,
): Promise<Answer> {
  const counts = await context.commits.change('publish-prekeys', {
    owner: session,
    stock: parseStock(published, session.identityKey),
    prekeysMax: context.limits.prekeyStock,
  })
  return prekeysAnswer(counts)
}

/**
 * Checks forms, and the signatures of what everybody will be handed: the signed and the last-resort
 * prekey. Throws a ProtocolError. Clients check all of them again; nobody trusts a relay with it.
 */
export function parseStock(stock: wire.PrekeyStock, identityKey: Bytes): PrekeyStock {
  if (stock.oneTimeEc.length > PREKEY_PUBLISH_MAX) throw malformed()
  if (stock.oneTimeKyber.length > PREKEY_PUBLISH_MAX) throw malformed()
  const { signed, lastResort } = stock
  return {
    signed: signed && signedByIdentity(signed, IDENTITY_KEY_BYTES, identityKey),
    lastResort: lastResort && signedByIdentity(lastResort, KYBER_KEY_BYTES, identityKey),
    oneTimeEc: stock.oneTimeEc.map((prekey) => publicPrekey(prekey, IDENTITY_KEY_BYTES)),
    oneTimeKyber: stock.oneTimeKyber.map((prekey) => signedPrekey(prekey, KYBER_KEY_BYTES)),
    replace: stock.replace,
  }
}

function signedByIdentity(
  prekey: wire.SignedPrekey | wire.KyberPrekey,
  keyBytes: number,
  identityKey: Bytes,
): SignedPublicPrekey {
  const parsed = signedPrekey(prekey, keyBytes)
  if (!verify(identityKey, parsed.publicKey, parsed.signature)) throw malformed()
  return parsed
}

function signedPrekey(
  prekey: wire.SignedPrekey | wire.KyberPrekey,
  keyBytes: number,
): SignedPublicPrekey {
  if (prekey.signature.length !== SIGNATURE_BYTES) throw malformed()
  return { ...publicPrekey(prekey, keyBytes), signature: ownBytes(prekey.signature) }
}

function publicPrekey(
  prekey: wire.EcPrekey | wire.SignedPrekey | wire.KyberPrekey,
  keyBytes: number,
): PublicPrekey {
  if (prekey.id < 1 || prekey.id > PREKEY_ID_MAX) throw malformed()
  if (prekey.publicKey.length !== keyBytes) throw malformed()
  return { id: prekey.id, publicKey: ownBytes(prekey.publicKey) }
}

function malformed(): ProtocolError {
  return new ProtocolError('wire/malformed', 'a prekey is malformed')
}
