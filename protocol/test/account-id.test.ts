import fc from 'fast-check'
import { test } from 'tap'
import { deriveAccountId, isAccountOf } from '../src/account-id.js'
import { parseAccountId } from '../src/ids.js'
import { bytes } from './arbitraries.js'
import { codeOf } from './refusal.js'
import { sha256 } from './vectors/sha256.js'

const keys = fc.record({ relayRoot: bytes(33), identity: bytes(33) })

test('an identity key has one account on a relay', async (t) => {
  fc.assert(
    fc.property(keys, (pair) => {
      const account = deriveAccountId(pair, sha256)
      return parseAccountId(account) === account && isAccountOf(account, pair, sha256)
    }),
  )
  t.pass('for all keys')
})

test('an account belongs to no other identity and to no other relay', async (t) => {
  fc.assert(
    fc.property(keys, fc.nat({ max: 32 }), (pair, at) => {
      const account = deriveAccountId(pair, sha256)
      const other = (key: Uint8Array) => key.map((byte, index) => (index === at ? ~byte : byte))
      return (
        !isAccountOf(account, { ...pair, identity: other(pair.identity) }, sha256) &&
        !isAccountOf(account, { ...pair, relayRoot: other(pair.relayRoot) }, sha256)
      )
    }),
  )
  t.pass('for every byte of either key')
})

test('a key of another length has no account', async (t) => {
  const pair = { relayRoot: new Uint8Array(33), identity: new Uint8Array(32) }
  t.equal(
    codeOf(() => deriveAccountId(pair, sha256)),
    'content/invalid',
  )
})
