import { ownBytes } from '@sotto/protocol'
import { test } from 'tap'
import { safetyNumber } from '../../src/account/safety-number.js'
import { Person, twoPeople } from '../support/world.js'

function numberOf(local: Person, remote: Person): string {
  const { own } = remote.core
  return safetyNumber(
    { account: local.id, identity: local.core.own.identity.publicKey },
    { account: own.account, identityKey: ownBytes(own.identity.publicKey.serialize()) },
  )
}

test('two people read the same sixty digits', (t) => {
  const { alice, bob } = twoPeople(t)
  t.match(numberOf(alice, bob), /^\d{60}$/)
  t.equal(numberOf(alice, bob), numberOf(bob, alice))
  t.end()
})

test('another pair reads other digits', (t) => {
  const { alice, bob, authority } = twoPeople(t)
  const carol = new Person(t, authority, 'carol')
  t.not(numberOf(alice, bob), numberOf(alice, carol))
  t.not(numberOf(alice, bob), numberOf(bob, carol))
  t.end()
})

test('another key under the same account gives other digits', (t) => {
  const { alice, bob, authority } = twoPeople(t)
  const mallory = new Person(t, authority, 'mallory')
  const forged = safetyNumber(
    { account: alice.id, identity: alice.core.own.identity.publicKey },
    {
      account: bob.id,
      identityKey: ownBytes(mallory.core.own.identity.publicKey.serialize()),
    },
  )
  t.not(forged, numberOf(alice, bob))
  t.end()
})
