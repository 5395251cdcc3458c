import { createHmac, scrypt, timingSafeEqual } from 'node:crypto'
import type { MessageInitShape } from '@bufbuild/protobuf'
import {
  WORK_CHALLENGE_BYTES,
  WORK_HASH_BYTES,
  WORK_SCRYPT,
  concatBytes,
  isWorkDone,
  ownBytes,
  uint32Bytes,
  uint64Bytes,
  workPassword,
  workSalt,
  type AccountId,
  type Bytes,
  type wire,
} from '@sotto/protocol'
import type { RelayKeys } from '../keys.js'
import { PROOFS_WAITING_MAX } from '../limits/bounds.js'
import type { Limits } from '../limits/limits.js'
import { dayOf, type Clock } from '../ports.js'
import { sha256 } from '../sha256.js'
import { SignupLoad } from './signup-load.js'

type Challenge = MessageInitShape<typeof wire.SignupWorkSchema>
type Proof = Pick<wire.SignupProof, 'challenge' | 'solution'>

/** A challenge that this relay has given and that has not expired. */
interface KnownChallenge {
  readonly bytes: Bytes
  readonly attempts: number
}

/** `busy`: nobody has looked; the same proof may be shown again. */
export type ProofVerdict = 'good' | 'wrong' | 'busy'

const EXPIRY_BYTES = 8
const CLAIMS_BYTES = EXPIRY_BYTES + 4

/**
 * Work that a new account takes (docs/PROTOCOL.md, "Sign-up work"). A challenge names nobody and is
 * kept nowhere: its MAC says that it is ours, under a key that changes daily and that every process
 * with the relay's keys has. A proof is bound to one account id, and an id makes one account ever, so
 * nothing has to be remembered of those that were used.
 */
export class SignupWork {
  /** How much of it is wanted just now. */
  readonly load: SignupLoad
  readonly #keys: Pick<RelayKeys, 'challengeKey'>
  readonly #clock: Clock
  readonly #limits: Limits
  #checking: Promise<unknown> = Promise.resolve()
  #waiting = 0

  constructor(options: {
    readonly keys: Pick<RelayKeys, 'challengeKey'>
    readonly clock: Clock
    readonly limits: Limits
  }) {
    this.#keys = options.keys
    this.#clock = options.clock
    this.#limits = options.limits
    this.load = new SignupLoad(options)
  }

  /** For whoever asks: the same for all who ask in one millisecond. */
  challenge(): Challenge {
    const { signupWorkMs: lifetimeMs } = this.#limits
    const attempts = this.load.attempts()
    const expiresMs = this.#clock.nowMs() + lifetimeMs
    const claims = concatBytes(uint64Bytes(expiresMs), uint32Bytes(attempts))
    return { challenge: concatBytes(claims, this.#mac(claims, expiresMs)), attempts, lifetimeMs }
  }

  /** Undefined for what is no challenge of ours, or an expired one: found out without any work. */
  known({ challenge }: Proof): KnownChallenge | undefined {
    if (challenge.length !== WORK_CHALLENGE_BYTES) return undefined
    const bytes = ownBytes(challenge)
    const claims = bytes.subarray(0, CLAIMS_BYTES)
    const view = new DataView(claims.buffer, claims.byteOffset)
    const expiresMs = Number(view.getBigUint64(0))
    const leftMs = expiresMs - this.#clock.nowMs()
    if (leftMs <= 0 || leftMs > this.#limits.signupWorkMs) return undefined
    const isOurs = timingSafeEqual(bytes.subarray(CLAIMS_BYTES), this.#mac(claims, expiresMs))
    return isOurs ? { bytes, attempts: view.getUint32(EXPIRY_BYTES) } : undefined
  }

  /**
   * Whether the work was done for this account, by one attempt of our own: beside the event loop, one
   * at a time, so that the disk keeps the other threads.
   */
  async check(
    { bytes, attempts }: KnownChallenge,
    shown: { readonly account: AccountId; readonly solution: number },
  ): Promise<ProofVerdict> {
    if (this.#waiting >= PROOFS_WAITING_MAX) return 'busy'
    this.#waiting += 1
    const salt = workSalt(bytes, shown.account, sha256)
    const attempted = this.#checking.then(() => attempt(salt, shown.solution))
    this.#checking = attempted.catch(() => undefined) // Whoever showed it is told; the next one goes on.
    try {
      return isWorkDone(await attempted, attempts) ? 'good' : 'wrong'
    } finally {
      this.#waiting -= 1
    }
  }

  #mac(claims: Uint8Array, expiresMs: number): Bytes {
    const key = this.#keys.challengeKey(dayOf(expiresMs))
    return ownBytes(createHmac('sha256', key).update(claims).digest())
  }
}

function attempt(salt: Bytes, solution: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    scrypt(workPassword(solution), salt, WORK_HASH_BYTES, WORK_SCRYPT, (error, hash) => {
      if (error === null) resolve(hash)
      else reject(error)
    })
  })
}
