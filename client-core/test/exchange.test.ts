import { UnavailableError } from '@sotto/protocol'
import fc from 'fast-check'
import { test, type Test } from 'tap'
import { Desk, friends, type Office } from './support/desk.js'
import { loseAnswer, refuseWith } from './support/network.js'

const RUNS = 8
const STEPS_MAX = 25
const HOUR_MS = 60 * 60_000

/** One thing that may happen; `who` is 0 for Alice and 1 for Bob. */
type Step =
  | { readonly kind: 'write'; readonly who: 0 | 1; readonly fate: 'sent' | 'lost' | 'unreachable' }
  | { readonly kind: 'receive'; readonly who: 0 | 1; readonly count: number }
  | { readonly kind: 'crash'; readonly who: 0 | 1 }

const who = fc.constantFrom<0 | 1>(0, 1)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      who,
      fate: fc.constantFrom('sent' as const, 'lost' as const, 'unreachable' as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('receive' as const),
      who,
      count: fc.integer({ min: 1, max: 5 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash' as const), who }) },
)

/** Two people who write, receive and die; what each wrote is remembered. */
class Exchange {
  readonly #office: Office
  readonly #desks: [Desk, Desk]
  readonly written: [string[], string[]] = [[], []]

  constructor(office: Office) {
    this.#office = office
    this.#desks = [office.alice, office.bob]
  }

  desk(person: 0 | 1): Desk {
    return this.#desks[person]
  }

  async take(t: Test, taken: Step): Promise<void> {
    switch (taken.kind) {
      case 'write':
        return this.#write(taken.who, taken.fate)
      case 'receive':
        return this.#receive(taken.who, taken.count)
      case 'crash':
        return this.#crash(t, taken.who)
    }
  }

  /** Everything that waits anywhere arrives. */
  async settle(): Promise<void> {
    for (let round = 0; round < 3; round++) {
      this.#office.clock.advance(HOUR_MS)
      await this.#desks[0].send()
      await this.#desks[1].send()
      await this.#desks[0].catchUp()
      await this.#desks[1].catchUp()
    }
  }

  async #write(person: 0 | 1, fate: 'sent' | 'lost' | 'unreachable'): Promise<void> {
    const { network } = this.#office
    const body = `${person === 0 ? 'a' : 'b'}${this.written[person].length}`
    this.written[person].push(body)
    const queued = !this.#desks[person].read.outbox.isEmpty()
    if (fate === 'lost' && !queued) network.next(loseAnswer)
    if (fate === 'unreachable' && !queued)
      network.next(refuseWith(new UnavailableError('relay/unreachable', 'scripted')))
    await this.#desks[person].write(this.#desks[person === 0 ? 1 : 0], body)
  }

  async #receive(person: 0 | 1, count: number): Promise<void> {
    const desk = this.#desks[person]
    const acknowledged = Math.max(0, ...desk.acknowledged)
    const letters = this.#office.network
      .mailbox(desk.person.id)
      .filter(({ seq }) => seq > acknowledged)
    await desk.deliver(letters.slice(0, count))
  }

  async #crash(t: Test, person: 0 | 1): Promise<void> {
    const dead = this.#desks[person]
    this.#desks[person] = new Desk(dead.person.afterCrash(t), this.#office.network)
    await dead.worker.stop()
    await dead.inbox.stop()
  }
}

/** What a desk has of the other's texts, in order. */
function received(desk: Desk, other: Desk, initial: 'a' | 'b'): readonly (string | null)[] {
  return desk.texts(other).filter((body) => body?.startsWith(initial) === true && /\d/.test(body))
}

test('whatever is lost, repeated or crashes, each text arrives once and in order, and none is unreadable', async (t) => {
  const steps = fc.array(step, { minLength: 5, maxLength: STEPS_MAX })
  const property = fc.asyncProperty(steps, async (taken) => {
    const exchange = new Exchange(await friends(t))
    for (const each of taken) await exchange.take(t, each)
    await exchange.settle()
    const [alice, bob] = [exchange.desk(0), exchange.desk(1)]
    const [byAlice, byBob] = exchange.written
    return (
      String(received(bob, alice, 'a')) === String(byAlice) &&
      String(received(alice, bob, 'b')) === String(byBob) &&
      alice.read.inbox.quarantinedCount() + bob.read.inbox.quarantinedCount() === 0 &&
      alice.faults.length + bob.faults.length === 0
    )
  })
  await fc.assert(property, { numRuns: RUNS, endOnFailure: true })
})

test('a relay that reorders and repeats envelopes makes none unreadable and none show twice', async (t) => {
  const order = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 10, maxLength: 30 })
  const property = fc.asyncProperty(order, async (chosen) => {
    const { alice, bob, network } = await friends(t)
    const first = network.mailbox(bob.person.id).length
    for (let index = 0; index < 10; index++) await alice.write(bob, `a${index}`)
    const letters = network.mailbox(bob.person.id).slice(first)
    const every = [...chosen, ...letters.keys()].map((index) => letters[index % letters.length]!)
    await bob.deliver(every.map((letter, index) => ({ ...letter, seq: first + index + 1 })))
    const texts = received(bob, alice, 'a')
    return (
      String(texts) === String(letters.map((_, index) => `a${index}`)) &&
      bob.read.inbox.quarantinedCount() === 0
    )
  })
  await fc.assert(property, { numRuns: RUNS, endOnFailure: true })
})

test('envelopes that a relay withholds cost themselves and no other', async (t) => {
  const kept = fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 9 })
  const property = fc.asyncProperty(kept, async (indexes) => {
    const { alice, bob, network } = await friends(t)
    const first = network.mailbox(bob.person.id).length
    for (let index = 0; index < 10; index++) await alice.write(bob, `a${index}`)
    const letters = network.mailbox(bob.person.id).slice(first)
    const delivered = letters.filter((_, index) => indexes.includes(index))
    await bob.deliver(delivered)
    const missing = bob
      .events()
      .reduce((sum, event) => sum + (event.type === 'gap' ? event.count : 0), 0)
    const holes = (delivered.at(-1)?.seq ?? 0) - first - delivered.length
    return received(bob, alice, 'a').length === delivered.length && missing === holes
  })
  await fc.assert(property, { numRuns: RUNS, endOnFailure: true })
})

test('what is written while others’ texts arrive uses no message key twice', async (t) => {
  const { alice, bob, clock, network } = await friends(t)
  for (let round = 0; round < 10; round++) {
    const bodies = [`a${2 * round}`, `a${2 * round + 1}`]
    alice.compose(bob, bodies[0] ?? '')
    bob.compose(alice, `b${round}`)
    await Promise.all([alice.send(), bob.send(), alice.catchUp(), bob.catchUp()])
    await Promise.all([alice.write(bob, bodies[1] ?? ''), alice.catchUp(), bob.catchUp()])
  }
  clock.advance(HOUR_MS)
  await Promise.all([alice.catchUp(), bob.catchUp()])
  t.equal(received(bob, alice, 'a').length, 20)
  t.equal(received(alice, bob, 'b').length, 10)
  t.equal(alice.read.inbox.quarantinedCount() + bob.read.inbox.quarantinedCount(), 0)
  t.ok(network.submissions.length >= 30)
})
