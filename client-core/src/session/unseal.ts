import {
  IdentityKeyPair,
  IdentityKeyStore,
  sealedSenderDecryptToUsmc,
  type IdentityChange,
  type PrivateKey,
  type PublicKey,
  type UnidentifiedSenderMessageContent,
} from '@signalapp/libsignal-client'
import { ownBytes, unpad, type Bytes } from '@sotto/protocol'
import type { UnsealKeys } from '../ports.js'
import { ENVELOPE_INFO, envelopeContext } from './wrap.js'

/**
 * Takes off what stands around the ratchet message: HPKE, padding, sealed sender. A function of the
 * keys and the bytes alone: no ratchet moves, and nothing is believed of what comes out. Throws where
 * it was not sealed for this device.
 */
export async function unseal(
  own: Pick<UnsealKeys, 'account' | 'device'> & { readonly identity: IdentityKeyPair },
  body: Bytes,
): Promise<UnidentifiedSenderMessageContent> {
  const sealed = unpad(own.identity.privateKey.open(body, ENVELOPE_INFO, envelopeContext(own)))
  return sealedSenderDecryptToUsmc(sealed, new LoneIdentity(own.identity))
}

/** `unseal` for another thread: bytes in, bytes out; undefined where it throws. */
export function unsealerOf(keys: UnsealKeys): (body: Bytes) => Promise<Bytes | undefined> {
  const own = { ...keys, identity: IdentityKeyPair.deserialize(keys.identityPair) }
  return async (body) => {
    try {
      return ownBytes((await unseal(own, body)).serialize())
    } catch {
      return undefined // Whoever asked opens it again, and finds out why.
    }
  }
}

/** The identity key pair, which is all that sealed sender asks for. */
class LoneIdentity extends IdentityKeyStore {
  readonly #pair: IdentityKeyPair

  constructor(pair: IdentityKeyPair) {
    super()
    this.#pair = pair
  }

  override async getIdentityKey(): Promise<PrivateKey> {
    return this.#pair.privateKey
  }

  override async getIdentityKeyPair(): Promise<IdentityKeyPair> {
    return this.#pair
  }

  override getLocalRegistrationId(): Promise<number> {
    return notAsked()
  }

  override saveIdentity(): Promise<IdentityChange> {
    return notAsked()
  }

  override isTrustedIdentity(): Promise<boolean> {
    return notAsked()
  }

  override getIdentity(): Promise<PublicKey | null> {
    return notAsked()
  }
}

function notAsked(): Promise<never> {
  return Promise.reject(new Error('the outer seals ask for our identity only'))
}
