import {
  hex,
  NotFoundError,
  relayError,
  UnavailableError,
  wire,
  type AccountId,
} from '@sotto/protocol'
import { usernameHash } from '../../src/account/username-hash.js'
import type { LookupDoor } from '../../src/conversation/contacts.js'
import type { AnonymousDoor, SubmitAnswer, SubmitOnce } from '../../src/net/anonymous-door.js'
import type { SendParts } from '../../src/outbox/send.js'
import type { Doors } from '../../src/outbox/submit-sealed.js'
import type { Person } from './world.js'

type Door = Doors['anonymous'] &
  SendParts['anonymous'] &
  LookupDoor &
  Pick<AnonymousDoor, 'submitOnce'>
export type Submission = Parameters<Door['submit']>[0]
export type PassingSubmission = Parameters<Door['submitOnce']>[0]
export type BundleRequest = Parameters<Door['fetchBundle']>[0]

/** What the relay does with the next submission; `take` puts it into the mailbox. */
export type Answering = (
  submission: Submission,
  take: () => SubmitAnswer,
) => SubmitAnswer | Promise<SubmitAnswer>

/** An envelope or a gap in a mailbox. */
export interface Letter {
  readonly seq: number
  readonly arrivalMs: number
  readonly body: Uint8Array<ArrayBuffer>
  /** Submitted with a stranger's leave. */
  readonly stranger: boolean
}

/**
 * A relay as a test tells it to be: knows people, keeps one mailbox each and recognises idempotency
 * keys; its answers to bundle requests and submissions can be scripted.
 */
export class Network {
  readonly submissions: Submission[] = []
  /** What the relay was to hand on, in order; nobody gets it by itself. */
  readonly passed: PassingSubmission[] = []
  /** What becomes of it. */
  answerOnce: () => SubmitOnce | Promise<SubmitOnce> = () => 'passed'
  readonly bundlesAsked: BundleRequest[] = []
  /** How a bundle request is answered; default: with what the person published. */
  answerBundle: (request: BundleRequest) => wire.AccountBundle | Promise<wire.AccountBundle>
  /** To whom a connection is open. */
  readonly open = new Set<AccountId>()
  /** A connection for somebody is begun. */
  onApproach: (account: AccountId) => void = () => undefined
  /** A connection for somebody is waited for. */
  onReach: (account: AccountId) => void | Promise<void> = () => undefined
  readonly #people = new Map<AccountId, Person>()
  readonly #mailboxes = new Map<AccountId, Letter[]>()
  readonly #known = new Set<string>()
  readonly #script: Answering[] = []
  /** What time it is at the relay: it goes on with every envelope. */
  arrivalMs = Date.UTC(2026, 0, 1)

  constructor() {
    this.answerBundle = ({ account }) => this.person(account).bundle()
  }

  join(person: Person): void {
    this.#people.set(person.id, person)
  }

  /** The account is deleted: the relay knows neither it nor its username. */
  leave(account: AccountId): void {
    this.#people.delete(account)
  }

  person(account: AccountId): Person {
    const person = this.#people.get(account)
    if (person === undefined) throw new Error('the network knows everybody')
    return person
  }

  /** The next submission that has no answer scripted yet gets this one. */
  next(answering: Answering): void {
    this.#script.push(answering)
  }

  mailbox(account: AccountId): readonly Letter[] {
    return this.#mailboxes.get(account) ?? []
  }

  /** Puts an envelope into a mailbox, past every check. */
  put(account: AccountId, body: Uint8Array, stranger = false): Letter {
    const mailbox = this.#mailboxes.get(account) ?? []
    this.#mailboxes.set(account, mailbox)
    this.arrivalMs += 1
    const letter = {
      seq: mailbox.length + 1,
      arrivalMs: this.arrivalMs,
      body: new Uint8Array(body),
      stranger,
    }
    mailbox.push(letter)
    return letter
  }

  readonly door: Door = {
    lookupUsername: async (hash) => {
      for (const [account, person] of this.#people) {
        if (hex(usernameHash(person.core.account.username ?? '')) === hex(hash)) return account
      }
      throw new NotFoundError('recipient/unknown', 'nobody has that username on this relay')
    },
    approach: async (account) => this.onApproach(account),
    isOpen: (account) => this.open.has(account),
    reach: async (account) => this.onReach(account),
    fetchBundle: async (request) => {
      this.bundlesAsked.push(request)
      if (!this.#people.has(request.account)) throw REFUSED
      return this.answerBundle(request)
    },
    submitOnce: async (submission) => {
      this.passed.push(submission)
      return this.answerOnce()
    },
    submit: async (submission) => {
      this.submissions.push(submission)
      if (!this.#people.has(submission.account)) throw REFUSED
      const take = (): SubmitAnswer => this.#take(submission)
      const answering = this.#script.shift()
      return answering === undefined ? take() : answering(submission, take)
    },
  }

  #take(submission: Submission): SubmitAnswer {
    for (const { idempotencyKey, body } of submission.envelopes) {
      const key = hex(idempotencyKey ?? new Uint8Array(0))
      if (this.#known.has(key)) continue
      this.#known.add(key)
      const stranger = submission.leave.kind === 'stranger'
      this.put(submission.account, body ?? new Uint8Array(0), stranger)
    }
    return { kind: 'accepted', arrivalMs: this.arrivalMs, relayTimeMs: this.arrivalMs }
  }
}

/** The relay takes it, and the answer is lost on the way. */
export const loseAnswer: Answering = (_submission, take) => {
  take()
  throw new UnavailableError('temporary/timeout', 'the relay did not answer in time')
}

/** The relay answers with this error and takes nothing. */
export function refuseWith(error: Error): Answering {
  return () => {
    throw error
  }
}

export function mismatch(
  lists: Partial<Pick<wire.DevicesMismatch, 'missing' | 'extra' | 'stale' | 'bundle'>>,
): Answering {
  return () => ({
    kind: 'mismatch',
    mismatch: {
      $typeName: 'sotto.v1.DevicesMismatch',
      missing: [],
      extra: [],
      stale: [],
      ...lists,
    },
  })
}

export const REFUSED = relayError({ code: wire.ErrorCode.REFUSED, retryAfterMs: 0 })
export const RATE_LIMITED = relayError({ code: wire.ErrorCode.RATE_LIMITED, retryAfterMs: 1000 })
