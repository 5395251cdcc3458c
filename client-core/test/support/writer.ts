import type { Test } from 'tap'
import { readJournal } from '../../src/conversation/journal-events.js'
import { EventStream } from '../../src/event-stream.js'
import type { EventObject } from '../../src/objects.js'
import { Typing } from '../../src/typing/typing.js'
import { befriend, quiet, strangers, type Desk, type Office } from './desk.js'
import type { PersonOptions } from './world.js'

/** A desk at which it is told who writes, and heard. */
export class Writer {
  readonly desk: Desk
  readonly typing: Typing
  readonly events: EventStream
  /** What was told, live. */
  readonly told: EventObject[] = []
  isAway = false

  constructor(desk: Desk) {
    const { core } = desk.person
    this.desk = desk
    this.events = new EventStream(core)
    const isAway = (): boolean => this.isAway
    this.typing = new Typing({
      core,
      events: this.events,
      anonymous: desk.network.door,
      connection: {
        storedCertificate: () => desk.person.certificate,
        get isAway() {
          return isAway()
        },
      },
    })
    this.events.subscribe((event) => this.told.push(event))
    desk.onTyping = (typist) => this.typing.hear(typist)
    core.store.onJournal((seqs) => this.#journalled(seqs))
  }

  /** The next thing that is told of who writes. */
  get typists(): readonly string[] {
    return this.told.map(({ type }) => type).filter((type) => type.startsWith('typing.'))
  }

  async tell(peer: Writer, started = true): Promise<void> {
    const before = this.desk.person.core.ports.clock.nowMs()
    await this.typing.tell(`acct:${peer.desk.person.id}`, started)
    if (this.desk.person.core.ports.clock.nowMs() !== before) throw new Error('it took time')
  }

  /** Everything that was handed on so far, or so much of it, comes to this device. */
  async hear(count = Infinity): Promise<void> {
    const { network, person, inbox } = this.desk
    const mine = network.passed.filter(({ account }) => account === person.id)
    for (const { envelopes } of mine.slice(0, count)) {
      const body = new Uint8Array(envelopes[0]?.body ?? [])
      inbox.passing({ body, arrivalMs: person.core.ports.clock.nowMs() })
    }
    network.passed.length = 0
    await quiet()
  }

  #journalled(seqs: readonly number[]): void {
    const [first = 1] = seqs
    const { core } = this.desk.person
    for (const event of readJournal(core, first - 1, seqs.length).events) {
      this.typing.journalled(event)
      this.events.publish(event)
    }
  }
}

export interface Writers extends Office {
  readonly ann: Writer
  readonly ben: Writer
}

/** Alice and Bob as contacts, connected, each hearing when the other writes. */
export async function writers(t: Test, options: PersonOptions = {}): Promise<Writers> {
  const office = strangers(t, options)
  const [ann, ben] = [new Writer(office.alice), new Writer(office.bob)]
  await befriend(office, office.alice, office.bob)
  office.network.open.add(office.alice.person.id)
  office.network.open.add(office.bob.person.id)
  ann.told.length = 0
  ben.told.length = 0
  return { ...office, ann, ben }
}
