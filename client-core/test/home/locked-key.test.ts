import { equalBytes, SecretBytes, utf8 } from '@sotto/protocol'
import { test } from 'tap'
import { isLocked, lockKey, SCRYPT_COST, unlockKey } from '../../src/home/locked-key.js'
import { refusalOf } from '../net/awaiting.js'

const folder = { name: 'abcdefgh', path: '/nowhere' }
const cost = { logN: 10, r: 8, p: 1 }
const key = new SecretBytes(Uint8Array.from({ length: 32 }, (_, index) => index))
const secret = (text: string): SecretBytes => new SecretBytes(utf8(text))

test('a key locked under a passphrase opens with it, and with no other', async (t) => {
  const locked = await lockKey(key, { passphrase: secret('open sesame'), folder, cost })

  const right = await unlockKey(locked, { passphrase: secret('open sesame'), folder })
  const wrong = await unlockKey(locked, { passphrase: secret('open sesam'), folder })

  t.ok(right !== undefined && equalBytes(right.reveal(), key.reveal()))
  t.equal(wrong, undefined)
  t.ok(isLocked(locked))
  t.notOk(isLocked(key.reveal()))
})

test('nothing of the key is in what is locked, and no two lockings are alike', async (t) => {
  const options = { passphrase: secret('open sesame'), folder, cost }
  const [one, two] = [await lockKey(key, options), await lockKey(key, options)]

  t.notOk(Buffer.from(one).includes(Buffer.from(key.reveal().subarray(0, 8))))
  t.notSame(one.subarray(5), two.subarray(5))
})

test('a passphrase costs what the format says: 128 MiB of memory', async (t) => {
  t.same(SCRYPT_COST, { logN: 17, r: 8, p: 1 })
  const locked = await lockKey(key, { passphrase: secret('open sesame'), folder })
  t.same([...locked.subarray(0, 5)], [1, 1, 17, 8, 1])
  t.ok(await unlockKey(locked, { passphrase: secret('open sesame'), folder }))
})

test('a locked key that was moved to another account’s folder does not open', async (t) => {
  const passphrase = secret('open sesame')
  const locked = await lockKey(key, { passphrase, folder, cost })
  const other = { ...folder, name: 'hgfedcba' }
  t.equal(await unlockKey(locked, { passphrase, folder: other }), undefined)
})

test('a locked key with any byte changed does not open', async (t) => {
  const passphrase = secret('open sesame')
  const locked = await lockKey(key, { passphrase, folder, cost })
  const opened = await Promise.all(
    Array.from(locked.keys(), async (index) => {
      if (index < 5) return undefined // What they cost: bounded, see below.
      const changed = Uint8Array.from(locked)
      changed[index]! ^= 1
      return unlockKey(changed, { passphrase, folder })
    }),
  )
  t.same(
    opened.filter((each) => each !== undefined),
    [],
  )
})

test('a key file that asks for more than a sane amount of memory or time gets none', async (t) => {
  const passphrase = secret('open sesame')
  const locked = await lockKey(key, { passphrase, folder, cost })
  const greedy = (at: number, value: number): Uint8Array<ArrayBuffer> => {
    const changed = Uint8Array.from(locked)
    changed[at] = value
    return changed
  }
  const hostile = [
    greedy(2, 19),
    greedy(2, 255),
    greedy(2, 0),
    greedy(3, 9),
    greedy(3, 0),
    greedy(4, 5),
    greedy(4, 0),
    greedy(0, 2),
    greedy(1, 2),
    locked.subarray(0, 80),
    new Uint8Array(0),
    new Uint8Array(1_000_000),
  ]
  t.same(hostile.filter(isLocked), [])
  t.ok(isLocked(locked))
  const refused = await refusalOf(unlockKey(greedy(2, 255), { passphrase, folder }))
  t.match(refused, { code: 'bug/invariant' })
})
