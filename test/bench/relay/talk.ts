import { randomBytes } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { PAIRS } from './measures.js'
import { BODY_BYTES, type Receiver, type Running, type Sender } from './subject.js'

const LATE_MS_MAX = 30_000
const TICK_MS = 20

/** Twenty pairs who write and read all the time, at a steady pace. */
export class Talk {
  readonly #accepted = new Set<string>()
  readonly #came = new Map<string, number>()
  #talking = true
  #done: Promise<void> = Promise.resolve()

  /** The first PAIRS mailboxes of `running` are theirs. */
  static async begin(running: Running, perSecond: number): Promise<Talk> {
    const talk = new Talk()
    const senders: Sender[] = []
    for (let index = 0; index < PAIRS; index++) {
      // Nothing comes before there is somebody to acknowledge it: nobody writes yet.
      const receiver: Receiver = await running.openReceiver(index, ({ seq, body }) => {
        talk.#hear(body.toString('hex', 0, 16))
        receiver.acknowledge(seq)
      })
      senders.push(await running.openSender(index))
    }
    const everyTick = Math.max(1, Math.round((perSecond * TICK_MS) / 1_000))
    talk.#done = talk.#speak(async (turn) => {
      for (let each = 0; each < everyTick; each++) {
        const body = randomBytes(BODY_BYTES)
        const sender = senders[(turn * everyTick + each) % senders.length]
        sender?.submit(body, () => talk.#accepted.add(body.toString('hex', 0, 16)))
      }
      await setTimeout(TICK_MS)
    })
    return talk
  }

  get accepted(): number {
    return this.#accepted.size
  }

  /** Stops; answers how many of those that were accepted did not come, or came twice. */
  async end(): Promise<number> {
    this.#talking = false
    await this.#done
    const wrong = (): number =>
      [...this.#accepted].filter((name) => this.#came.get(name) !== 1).length
    for (let waitedMs = 0; wrong() > 0 && waitedMs < LATE_MS_MAX; waitedMs += 100)
      await setTimeout(100)
    return wrong()
  }

  #hear(name: string): void {
    this.#came.set(name, (this.#came.get(name) ?? 0) + 1)
  }

  async #speak(turnOf: (turn: number) => Promise<void>): Promise<void> {
    for (let turn = 0; this.#talking; turn++) await turnOf(turn)
  }
}
