import { createHash, scryptSync } from 'node:crypto'
import { test } from 'tap'
import { ownBytes } from '../src/bytes.js'
import { accountIdFromBytes } from '../src/ids.js'
import {
  isWorkDone,
  WORK_CHALLENGE_BYTES,
  WORK_HASH_BYTES,
  WORK_SCRYPT,
  workPassword,
  workSalt,
} from '../src/signup-work.js'

const sha256 = (bytes: Uint8Array) => ownBytes(createHash('sha256').update(bytes).digest())
const account = (last: number) =>
  accountIdFromBytes(
    Uint8Array.from({ length: 16 }, (_, at) => (at === 6 || at === 8 ? 0x80 : last)),
  )

test('work is done for one account under one challenge', async (t) => {
  const challenge = new Uint8Array(WORK_CHALLENGE_BYTES)
  const salts = [
    workSalt(challenge, account(1), sha256),
    workSalt(challenge, account(2), sha256),
    workSalt(challenge.slice().fill(1), account(1), sha256),
  ]
  t.equal(new Set(salts.map((salt) => Buffer.from(salt).toString('hex'))).size, 3)
})

test('an attempt is scrypt over 16 MiB, as the documents have it', async (t) => {
  const salt = workSalt(new Uint8Array(WORK_CHALLENGE_BYTES), account(1), sha256)
  const hash = scryptSync(workPassword(7), salt, WORK_HASH_BYTES, WORK_SCRYPT)
  t.equal(128 * WORK_SCRYPT.N * WORK_SCRYPT.r, 16 * 2 ** 20)
  t.equal(
    Buffer.from(hash).toString('hex'),
    '822f0a8f60ec0a5d41a5d085ff44d4a66cba09f3f13fe37747116f2ced8b08aa',
  )
})

test('one hash in so many is good, and every one where one attempt is enough', async (t) => {
  const of = (first: number) => Uint8Array.from([first >>> 24, first >>> 16, first >>> 8, first, 9])
  t.equal(isWorkDone(of(0xffff_ffff), 1), true)
  t.equal(isWorkDone(of(0x7fff_ffff), 2), true)
  t.equal(isWorkDone(of(0x8000_0000), 2), false)
  t.equal(isWorkDone(of(0), 512), true)
  t.equal(isWorkDone(Uint8Array.from([9, 9, 0, 0, 0, 0]).subarray(2), 512), true, 'a view, too')
})
