import { parseAccountId, type AccountId } from '@sotto/protocol'
import type { Test } from 'tap'

import { makePerson, succeed, tempDir, type Person } from '../harness/index.js'
import { HostileRelay } from './hostile-relay.js'

export interface Scene {
  readonly dir: string
  readonly relay: HostileRelay
  readonly alice: Person
  readonly bob: Person
}

/** A hostile relay that has not begun, and two people on it who have never spoken. */
export async function beginStrangers(t: Test): Promise<Scene> {
  const dir = tempDir(t)
  const relay = await HostileRelay.start(t, dir)
  const [alice, bob] = await Promise.all([
    makePerson(relay, dir, 'alice'),
    makePerson(relay, dir, 'bob'),
  ])
  return { dir, relay, alice, bob }
}

/** The same, where each has the other as a contact and both have written. */
export async function beginFriends(t: Test): Promise<Scene> {
  const scene = await beginStrangers(t)
  const { alice, bob } = scene
  await succeed(alice.run(['contact', 'add', bob.handle]))
  await succeed(bob.run(['contact', 'add', alice.handle]))
  await succeed(alice.run(['send', bob.handle, 'hello']))
  await succeed(bob.run(['receive']))
  await succeed(bob.run(['send', alice.handle, 'hello yourself']))
  await succeed(alice.run(['receive', '--drain']))
  await succeed(bob.run(['receive', '--drain'])) // Alice's receipt: nothing is under way any more.
  return scene
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
