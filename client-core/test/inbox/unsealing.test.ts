import { makeMessageId, type Bytes } from '@sotto/protocol'
import { test, type Test } from 'tap'
import type { UnsealKeys, UnsealThread } from '../../src/ports.js'
import { unsealerOf } from '../../src/session/unseal.js'
import { startUnsealThread } from '../../src/thread/unseal-thread.js'
import { Desk, friends, until } from '../support/desk.js'
import type { Letter } from '../support/network.js'
import { NOW_MS } from '../support/world.js'

/** More than two batches, so that there is a thread, and one that is cut short. */
const ENVELOPES = 2 * 128 + 100

/** Friends of whom only Bob's backlogs are opened with this thread. */
function friendsWith(t: Test, start: (keys: UnsealKeys) => UnsealThread | undefined) {
  return friends(t, { ports: { startUnsealThread: async (keys) => start(keys) } })
}

/** Unseals as the thread does, here: what it is asked is `asked`, what it answers is changed. */
function threadHere(
  keys: UnsealKeys,
  changed: (unsealed: readonly (Bytes | undefined)[]) => readonly (Bytes | undefined)[],
  asked: (bodies: readonly Bytes[]) => void = () => undefined,
): UnsealThread {
  const unseal = unsealerOf(keys)
  return {
    state: 'ready',
    unseal: async (bodies) => {
      asked(bodies)
      return changed(await Promise.all(bodies.map(unseal)))
    },
    end: () => undefined,
  }
}

/** Letters that wait, in order; their texts are `1`, `2` and so on. */
async function backlog(from: Desk, to: Desk, count = ENVELOPES): Promise<Letter[]> {
  const first = (to.read.inbox.cursor()?.seq ?? 0) + 1
  const letters: Letter[] = []
  for (let index = 0; index < count; index++) {
    const random = to.person.core.ports.random.bytes(10)
    const message = makeMessageId({ nowMs: NOW_MS + first + index, random })
    const text = { message, body: String(index + 1), replyTo: undefined, silent: false }
    const { body } = await from.person.seal(to.person, { kind: 'text', text })
    letters.push({ seq: first + index, arrivalMs: NOW_MS + first + index, body, stranger: false })
  }
  return letters
}

function numbers(count = ENVELOPES): string[] {
  return Array.from({ length: count }, (_, index) => String(index + 1))
}

function undecryptable(desk: Desk) {
  return desk.events().filter(({ type }) => type === 'message.undecryptable')
}

/** What lies in quarantine, and why. */
function quarantined(desk: Desk): unknown[] {
  const database = desk.person.database()
  const rows = database.prepare('SELECT seq, reason FROM quarantine ORDER BY row').all()
  database.close()
  return rows
}

test('a thread unseals what the lane would, and nothing else', async (t) => {
  const { alice, bob } = await friends(t)
  const { account, device, identity } = bob.person.core.own
  const keys = { account, device, identityPair: identity.serialize() }
  const bodies = (await backlog(alice, bob, 3)).map(({ body }) => body)
  const broken = new Uint8Array(1024)
  const thread = startUnsealThread(keys)
  if (thread === undefined) {
    t.pass('there is one processor, and so no thread')
    return
  }
  const lots = await Promise.all([thread.unseal([...bodies, broken]), thread.unseal([bodies[1]!])])
  const here = await Promise.all([...bodies, broken].map(unsealerOf(keys)))
  t.same(lots, [here, [here[1]]])
  t.same(
    here.map((each) => each === undefined),
    [false, false, false, true],
  )
  thread.end()
  t.same(await thread.unseal(bodies), [])
  t.equal(thread.state, 'ended')
})

test('whoever asked a thread that ends is answered with nothing', async (t) => {
  const { bob } = await friends(t)
  const { account, device, identity } = bob.person.core.own
  const thread = startUnsealThread({ account, device, identityPair: identity.serialize() })
  if (thread === undefined) {
    t.pass('there is one processor, and so no thread')
    return
  }
  const asked = thread.unseal([new Uint8Array(1024)])
  thread.end()
  t.same(await asked, [])
})

test('a thread that cannot begin has failed, and is not begun again', async (t) => {
  let begun = 0
  const { alice, bob } = await friendsWith(t, (keys) => {
    begun += 1
    return startUnsealThread({ ...keys, identityPair: new Uint8Array(1) })
  })
  await bob.deliver(await backlog(alice, bob))
  await bob.deliver(await backlog(alice, bob))
  t.same(bob.texts(alice).slice(2), [...numbers(), ...numbers()])
  t.ok(begun <= 1)
})

test('a backlog that a thread helps with is shown in order, and all of it', async (t) => {
  let answered = 0
  const { alice, bob } = await friendsWith(t, (keys) =>
    threadHere(keys, (unsealed) => {
      answered += unsealed.length
      return unsealed
    }),
  )
  await bob.deliver(await backlog(alice, bob))
  t.same(bob.texts(alice).slice(2), numbers())
  t.equal(answered, ENVELOPES - 128 - 2 * 8) // All but the first batch, and the first lot of the others.
  t.same(undecryptable(bob), [])
})

test('what opening a backlog leaves in memory is collected on the way', async (t) => {
  let collected = 0
  const collectGarbage = async (): Promise<void> => {
    collected += 1
  }
  const { alice, bob } = await friends(t, { ports: { collectGarbage } })
  await bob.deliver(await backlog(alice, bob, 600))

  t.equal(collected, 1)
})

test('the thread of this machine helps with a backlog', async (t) => {
  let thread: UnsealThread | undefined
  let answered = 0
  const { alice, bob } = await friendsWith(t, (keys) => {
    const real = startUnsealThread(keys)
    if (real === undefined) return undefined
    thread = real
    return {
      get state() {
        return real.state
      },
      unseal: async (bodies) => {
        const unsealed = await real.unseal(bodies)
        answered += unsealed.filter((each) => each !== undefined).length
        return unsealed
      },
      end: () => real.end(),
    }
  })
  // All of it is written first: a thread that has nothing to do ends.
  const letters = await backlog(alice, bob, 512)
  await bob.deliver(letters.slice(0, 256))
  if (thread === undefined) {
    t.pass('there is one processor, and so no thread')
    return
  }
  await until(() => thread?.state === 'ready', 'the thread')
  await bob.deliver(letters.slice(256))
  t.same(bob.texts(alice).slice(2), numbers(512))
  t.equal(answered, 128 - 8)
  await bob.inbox.stop()
  t.equal(thread.state, 'ended')
})

test('what a thread cannot tell, or does not, the lane finds out by itself', async (t) => {
  let lot = 0
  const { alice, bob } = await friendsWith(t, (keys) =>
    threadHere(keys, (unsealed) => {
      lot += 1
      if (lot % 3 === 0) return []
      return lot % 3 === 1
        ? unsealed.map((each, index) => (index % 2 === 0 ? each : undefined))
        : unsealed
    }),
  )
  const letters = await backlog(alice, bob)
  const broken = [140, 141, 200, 300]
  for (const index of broken) letters[index] = { ...letters[index]!, body: new Uint8Array(1024) }
  await bob.deliver(letters)
  t.same(
    bob.texts(alice).slice(2),
    numbers().filter((_, index) => !broken.includes(index)),
  )
  t.same(
    quarantined(bob),
    broken.map((index) => ({ seq: letters[index]!.seq, reason: 'outer' })),
  )
  t.equal(undecryptable(bob).length, broken.length)
})

test('what a thread answers that is no message is not taken for the envelope’s fault', async (t) => {
  const { alice, bob } = await friendsWith(t, (keys) =>
    threadHere(keys, (unsealed) =>
      unsealed.map((each, index) => (index % 2 === 0 ? each : new Uint8Array(index).fill(index))),
    ),
  )
  await bob.deliver(await backlog(alice, bob))
  t.same(bob.texts(alice).slice(2), numbers())
  t.same(quarantined(bob), [])
})

test('of the keys that a thread is given nothing is left with whoever gave them', async (t) => {
  const given: UnsealKeys[] = []
  const { alice, bob } = await friendsWith(t, (keys) => {
    given.push(keys)
    return threadHere(keys, (unsealed) => unsealed)
  })
  await bob.deliver(await backlog(alice, bob))
  t.same(bob.texts(alice).slice(2), numbers())
  t.equal(given.length, 1)
  t.ok(given.every(({ identityPair }) => identityPair.every((byte) => byte === 0)))
})

test('a thread is given only what is noted as being opened', async (t) => {
  const desks: Desk[] = []
  const seqs = new Map<string, number>()
  const beside: number[] = []
  const { alice, bob } = await friendsWith(t, (keys) =>
    threadHere(
      keys,
      (unsealed) => unsealed,
      (bodies) => {
        const opening = desks[0]?.read.inbox.opening()
        for (const body of bodies) {
          const seq = seqs.get(Buffer.from(body).toString('hex')) ?? NaN
          if (opening === undefined || !(seq >= opening.seq && seq <= opening.through))
            beside.push(seq)
        }
      },
    ),
  )
  desks.push(bob)
  const letters = await backlog(alice, bob)
  for (const { body, seq } of letters) seqs.set(Buffer.from(body).toString('hex'), seq)
  await bob.deliver(letters)
  t.same(bob.texts(alice).slice(2), numbers())
  t.same(beside, [])
})

test('who dies in a batch that a thread helped with opens all of it again, once', async (t) => {
  let asked = 0
  const office = await friendsWith(t, (keys) =>
    threadHere(
      keys,
      (unsealed) => unsealed,
      () => (asked += 1),
    ),
  )
  const { alice, bob } = office
  const letters = await backlog(alice, bob)
  let survivorOf: (() => Desk) | undefined
  let opened = 0
  bob.person.crashpoint = (mark) => {
    if (mark !== 'receive.opening' || ++opened !== 200) return
    const person = bob.person.afterCrash(t)
    survivorOf = () => new Desk(person, office.network)
  }
  await bob.deliver(letters)
  const survivor = survivorOf?.()
  t.ok(survivor)
  if (survivor === undefined) return
  t.ok(asked > 0)
  t.same(survivor.texts(alice).slice(2), numbers(128))
  await survivor.deliver(letters)
  t.same(survivor.texts(alice).slice(2), numbers())
  t.same(undecryptable(survivor), [])
  t.equal(survivor.read.inbox.opening(), undefined)
})
