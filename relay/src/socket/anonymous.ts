import { ownBytes, wire } from '@sotto/protocol'
import { checkUsername, lookupUsername } from '../accounts/username.js'
import { INVALID, type Answer } from '../answers.js'
import type { Context } from '../context.js'
import { submit } from '../mailbox/submit.js'
import { fetchBundle } from '../prekeys/bundle.js'
import { CLOSE } from './close-codes.js'
import type { Connection } from './connection.js'
import { parseLeave, pongFrame } from './frames.js'
import type { ClientFrame } from './client-frame.js'
import { helloFrame } from './hello.js'

/** The anonymous door: nobody proves anything but leave to do this one thing. */
export class AnonymousDoor {
  readonly #context: Context
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#context = connection.context
    this.#connection = connection
    const { clock, limits } = this.#context
    const cancel = clock.after(limits.anonymousMs, () => void connection.retire(CLOSE.retired))
    connection.listen((frame) => this.#receive(frame))
    connection.onClose(cancel)
    const timeMs = this.#context.clock.nowMs()
    connection.send(helloFrame(this.#context, { nonce: new Uint8Array(0), timeMs }))
  }

  #receive(frame: ClientFrame): void {
    const { origin } = this.#connection
    switch (frame.kind) {
      case 'submit':
        this.#connection.answer(frame.id, () => submit(this.#context, origin, frame.submit))
        return
      case 'request':
        this.#connection.answerWith(frame.id, () => this.#answer(frame.method))
        return
      case 'ping':
        this.#connection.send(pongFrame(frame.id, this.#context.clock.nowMs()))
        return
      case 'submit-own':
        this.#connection.answerWith(frame.id, async () => INVALID)
        return
      case 'authenticate':
      case 'acknowledge':
      case 'unknown':
        this.#connection.refuse(wire.ErrorCode.INVALID)
    }
  }

  async #answer(method: wire.Request['method']): Promise<Answer> {
    const { origin } = this.#connection
    switch (method.case) {
      case 'lookupUsername':
        return lookupUsername(this.#context, origin, {
          hash: ownBytes(method.value.hash),
          leave: parseLeave(method.value.leave),
        })
      case 'checkUsername':
        return checkUsername(this.#context, origin, ownBytes(method.value.hash))
      case 'fetchBundle': {
        const { account, leave, devices } = method.value
        const request = { account: ownBytes(account), leave: parseLeave(leave), devices }
        return fetchBundle(this.#context, origin, request)
      }
      case 'submit':
      case 'submitOwn':
      case 'publishPrekeys':
      case 'drawCertificate':
      case 'publishManifest':
      case 'setUsername':
      case 'setAccessKey':
      case 'deleteAccount':
      case 'drawPermits':
      case 'publishInvites':
      case undefined:
        return INVALID // Of the other door, or unknown.
    }
  }
}
