import { parseAccountId, type AccountId } from '@sotto/protocol'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import file, { type Test } from 'tap'

import { withScope } from '../harness/scope.js'
import { makePerson, personAt, succeed, tempDir, type Person } from '../harness/index.js'
import { Doorway } from './doorway.js'
import { HostileRelay } from './hostile-relay.js'

export interface Scene {
  readonly dir: string
  readonly relay: HostileRelay
  readonly alice: Person
  readonly bob: Person
}

/** A hostile relay that has not begun, and two people on it who have never spoken. */
export function beginStrangers(t: Test): Promise<Scene> {
  return strangers.begin(t)
}

/** The same, where each has the other as a contact and both have written. */
export function beginFriends(t: Test): Promise<Scene> {
  return friends.begin(t)
}

interface Kept {
  readonly doorway: Doorway
  readonly disks: string
  /** Its disk is among them. */
  readonly before: HostileRelay
}

/**
 * How tests begin. What people do before an attack is most of what it costs, so the first test of a
 * file lets them do it, and those after it begin with copies of the disks as they were then.
 */
class Beginning {
  readonly #live: (scene: Scene) => Promise<void>
  #kept: Promise<Kept> | undefined

  /** `live`: what Alice and Bob have done by then, besides making their accounts. */
  constructor(live: (scene: Scene) => Promise<void>) {
    this.#live = live
  }

  async begin(t: Test): Promise<Scene> {
    this.#kept ??= this.#make()
    const { doorway, disks, before } = await this.#kept
    const dir = tempDir(t)
    cpSync(disks, dir, { recursive: true })
    const relay = await HostileRelay.start(t, { dir, doorway, before })
    return { dir, relay, alice: personIn(dir, 'alice'), bob: personIn(dir, 'bob') }
  }

  async #make(): Promise<Kept> {
    const doorway = await Doorway.open(file)
    const disks = tempDir(file)
    const before = await withScope(async (scope) => {
      const relay = await HostileRelay.start(scope, { dir: disks, doorway })
      const [alice, bob] = await Promise.all([
        makePerson(relay, disks, 'alice'),
        makePerson(relay, disks, 'bob'),
      ])
      await this.#live({ dir: disks, relay, alice, bob })
      return relay
    })
    return { doorway, disks, before }
  }
}

const strangers = new Beginning(() => Promise.resolve())

const friends = new Beginning(async ({ alice, bob }) => {
  await succeed(alice.run(['contact', 'add', bob.handle]))
  await succeed(bob.run(['contact', 'add', alice.handle]))
  await succeed(alice.run(['send', bob.handle, 'hello']))
  await succeed(bob.run(['receive']))
  await succeed(bob.run(['send', alice.handle, 'hello yourself']))
  await succeed(alice.run(['receive', '--drain']))
  await succeed(bob.run(['receive', '--drain'])) // Alice's receipt: nothing is under way any more.
})

function personIn(dir: string, name: string): Person {
  return personAt(join(dir, name), name)
}

export async function accountOf(person: Person): Promise<AccountId> {
  const shown = await succeed(person.run(['account', 'show', '--json']))
  return parseAccountId(shown.json<{ account: { id: string } }>().account.id)
}

export interface EventLine {
  readonly type: string
  readonly message?: { readonly id: string; readonly text?: string; readonly status?: string }
  readonly count?: number
  readonly reason?: string
}

/** What is new for somebody, as `receive` tells it. */
export async function newsOf(person: Person): Promise<readonly EventLine[]> {
  const received = await succeed(person.run(['receive', '--drain', '--json']))
  return received.jsonLines<EventLine>()
}

/** The texts among events, in order. */
export function textsOf(events: readonly EventLine[]): readonly (string | undefined)[] {
  return events
    .filter(({ type }) => type === 'message.received')
    .map(({ message }) => message?.text)
}

/** How often events of a type came. */
export function countOf(events: readonly EventLine[], type: string): number {
  return events.filter((event) => event.type === type).length
}
