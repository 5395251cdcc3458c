import { makeMessageId, type Content } from '@sotto/protocol'
import type { Test } from 'tap'
import {
  confirmNumber,
  parseSafetyNumber,
  showNumber,
} from '../../src/conversation/verification.js'
import { trustContact } from '../../src/conversation/trust.js'
import type { Contact } from '../../src/store/tables/contacts.js'
import { friends, type Desk, type Office } from './desk.js'
import { NOW_MS, type PersonOptions } from './world.js'

export interface Changed extends Office {
  /** Who has the username `bob.42` now. */
  readonly newBob: Desk
}

/** Friends; then Bob's account is gone, and another one has his username. */
export async function bobAnew(t: Test, options: PersonOptions = {}): Promise<Changed> {
  const office = await friends(t, options)
  office.network.leave(office.bob.person.id)
  return { ...office, newBob: office.hire('bob') }
}

/** The same, and Alice has found out. */
export async function bobChanged(t: Test, options: PersonOptions = {}): Promise<Changed> {
  const changed = await bobAnew(t, options)
  await changed.alice.write(changed.bob, 'are you there?')
  return changed
}

/** Alice compared Bob's number before any of it. */
export async function verifiedBobChanged(t: Test): Promise<Changed> {
  const office = await friends(t)
  await confirm(office.alice, '@bob.42', await numberOf(office.alice, '@bob.42'))
  office.network.leave(office.bob.person.id)
  const newBob = office.hire('bob')
  await office.alice.write(office.bob, 'are you there?')
  return { ...office, newBob }
}

export function contactOf(desk: Desk, peer: Desk): Contact | undefined {
  return desk.read.contacts.byAccount(peer.person.id)
}

export async function numberOf(desk: Desk, to: string): Promise<string> {
  return (await show(desk, to)).safetyNumber
}

export async function show(desk: Desk, to: string) {
  const anonymous = desk.network.door
  return (await showNumber(desk.person.core, { anonymous }, to)).verify
}

export async function confirm(desk: Desk, to: string, number: string): Promise<Contact> {
  const anonymous = desk.network.door
  const compared = parseSafetyNumber(number)
  return confirmNumber(desk.person.core, { anonymous }, { to, compared })
}

export async function trust(desk: Desk, to: string): Promise<Contact> {
  return trustContact(desk.person.core, desk.network.door, to)
}

/** A relay helps Mallory: a certificate says that her key is Bob's, and she writes to Alice. */
export async function forgeFrom(
  mallory: Desk,
  { alice, bob, authority }: Pick<Office, 'alice' | 'bob' | 'authority'>,
): Promise<void> {
  const { identity, device } = mallory.person.core.own
  const account = bob.person.id
  mallory.person.certificate = authority.certificate({ account, device, identity })
  await mallory.person.meet(alice.person)
  const message = makeMessageId({ nowMs: NOW_MS, random: new Uint8Array(10) })
  const text: Content = {
    kind: 'text',
    text: { message, body: 'it is me, Bob', replyTo: undefined, silent: false },
  }
  mallory.network.put(alice.person.id, (await mallory.person.seal(alice.person, text)).body)
}
