import fc from 'fast-check'
import { test } from 'tap'
import { equalBytes } from '../src/bytes.js'
import {
  accountIdBytes,
  accountIdFromBytes,
  compareAccountIds,
  conversationIdFromHash,
  eventId,
  makeMessageId,
  messageIdBytes,
  messageIdFromBytes,
  parseAccountId,
  parseConversationId,
  parseDeviceId,
  parseMessageId,
  parseRegistrationId,
} from '../src/ids.js'
import { accountId, bytes, bytesBetween } from './arbitraries.js'
import { codeOf, refusesProperly } from './refusal.js'

test('an account id survives bytes and text', async (t) => {
  fc.assert(
    fc.property(accountId, (id) => accountIdFromBytes(accountIdBytes(parseAccountId(id))) === id),
  )
  t.pass('for all ids')
})

test('only a UUID of version 8 in lower case is an account id', async (t) => {
  const id = '0f0e0d0c-0b0a-8908-8706-050403020100'
  t.equal(parseAccountId(id), id)
  t.equal(
    codeOf(() => parseAccountId(id.toUpperCase())),
    'content/invalid',
  )
  t.equal(
    codeOf(() => parseAccountId(id.replace('-8908', '-4908'))),
    'content/invalid',
  )
  t.equal(
    codeOf(() => parseAccountId(id.replace('-8706', '-c706'))),
    'content/invalid',
  )
  t.equal(
    codeOf(() => parseAccountId(`${id}\n`)),
    'content/invalid',
  )
  t.equal(
    codeOf(() => parseAccountId(undefined)),
    'content/invalid',
  )
})

test('bytes of any number and kind give an account id or a proper refusal', async (t) => {
  fc.assert(
    fc.property(bytesBetween(0, 40), (raw) => refusesProperly(() => accountIdFromBytes(raw))),
  )
  t.pass('for all bytes')
})

test('accounts are ordered by their bytes', async (t) => {
  fc.assert(
    fc.property(accountId, accountId, (a, b) => {
      const order = Buffer.compare(accountIdBytes(a), accountIdBytes(b))
      return Math.sign(compareAccountIds(a, b)) === order
    }),
  )
  t.pass('for all pairs')
})

test('a message id survives bytes and text', async (t) => {
  fc.assert(
    fc.property(bytes(16), (raw) =>
      equalBytes(messageIdBytes(parseMessageId(messageIdFromBytes(raw))), raw),
    ),
  )
  t.pass('for all bytes')
})

test('message ids sort by the time they were made', async (t) => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2 ** 48 - 2 }),
      bytes(10),
      bytes(10),
      (nowMs, first, second) => {
        const earlier = makeMessageId({ nowMs, random: first })
        const later = makeMessageId({ nowMs: nowMs + 1, random: second })
        return earlier < later
      },
    ),
  )
  t.pass('for all times')
})

test('a message id holds the whole of its randomness', async (t) => {
  fc.assert(
    fc.property(bytes(10), (random) => {
      const id = makeMessageId({ nowMs: 1_793_434_324_512, random })
      return equalBytes(messageIdBytes(id).subarray(6), random)
    }),
  )
  t.pass('for all random bytes')
})

test('a message id is not made of too little randomness', async (t) => {
  const short = { nowMs: 0, random: new Uint8Array(9) }
  t.equal(
    codeOf(() => makeMessageId(short)),
    'bug/invariant',
  )
})

test('an id is 16 bytes in Crockford base32, two zero bits first', async (t) => {
  for (const [raw, id] of [
    [Uint8Array.from({ length: 16 }, () => 0), 'm_00000000000000000000000000'],
    [Uint8Array.from({ length: 16 }, () => 255), 'm_7ZZZZZZZZZZZZZZZZZZZZZZZZZ'],
    [Uint8Array.from({ length: 16 }, (_, index) => index * 17), 'm_0024H36H2NCSVRH6DAQF6DVVQZ'],
  ] as const) {
    t.equal(messageIdFromBytes(raw), id)
    t.same(messageIdBytes(parseMessageId(id)), raw)
  }
})

test('any text is a message id or refused properly', async (t) => {
  fc.assert(fc.property(fc.string(), (value) => refusesProperly(() => parseMessageId(value))))
  fc.assert(
    fc.property(fc.stringMatching(/^[mc]_[0-9A-Z]{24,28}$/), (value) =>
      refusesProperly(() => parseMessageId(value)),
    ),
  )
  t.equal(
    codeOf(() => parseMessageId('m_8ZZZZZZZZZZZZZZZZZZZZZZZZZ')),
    'content/invalid',
  )
})

test('a conversation id is made of the first 16 bytes of a hash', async (t) => {
  fc.assert(
    fc.property(bytes(32), (hash) => {
      const id = conversationIdFromHash(hash)
      return parseConversationId(id) === id && id === conversationIdFromHash(hash.subarray(0, 16))
    }),
  )
  t.equal(
    codeOf(() => parseConversationId('m_00000000000000000000000000')),
    'content/invalid',
  )
})

test('event ids of one journal sort as their seqs do', async (t) => {
  const journal = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)
  fc.assert(
    fc.property(
      fc.nat(),
      fc.integer({ min: 1, max: 2 ** 40 }),
      (seq, more) => eventId(journal, seq) < eventId(journal, seq + more),
    ),
  )
  t.pass('for all seqs')
})

test('a device is a whole number from 1 to 127', async (t) => {
  t.equal(parseDeviceId(1), 1)
  t.equal(parseDeviceId(127), 127)
  t.equal(
    codeOf(() => parseDeviceId(0)),
    'content/invalid',
  )
  t.equal(
    codeOf(() => parseDeviceId(128)),
    'content/invalid',
  )
  t.equal(
    codeOf(() => parseDeviceId(1.5)),
    'content/invalid',
  )
  t.equal(
    codeOf(() => parseDeviceId('1')),
    'content/invalid',
  )
})

test('a registration id is a whole number from 1 to 16383', async (t) => {
  t.equal(parseRegistrationId(16383), 16383)
  t.equal(
    codeOf(() => parseRegistrationId(0)),
    'content/invalid',
  )
  t.equal(
    codeOf(() => parseRegistrationId(16384)),
    'content/invalid',
  )
})
