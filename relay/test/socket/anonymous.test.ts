import t from 'tap'
import { wire } from '@sotto/protocol'
import { CLOSE } from '../../src/socket/close-codes.js'
import {
  keyLeave,
  random,
  registeredAccount,
  STRANGER,
  submission,
} from '../harness/test-account.js'
import { TestDoor } from '../harness/test-door.js'
import { testRelay } from '../harness/test-relay.js'

t.test('an anonymous door greets with its limits and asks for no proof', async (t) => {
  const relay = await testRelay(t, { limits: { mailboxEnvelopes: 77 } })

  const door = await TestDoor.open(relay.url, 'anonymous')

  const hello = await door.next('hello')
  t.equal(hello.nonce.length, 0)
  t.match(hello.limits, { mailboxEnvelopes: 77, windowEnvelopes: 256 })
})

t.test(
  'an anonymous door closes when its time is over, with what was asked answered',
  async (t) => {
    const relay = await testRelay(t, { limits: { anonymousMs: 1_000 } })
    const bob = await registeredAccount(relay)
    const door = await TestDoor.open(relay.url, 'anonymous')
    const answers: Promise<unknown>[] = []
    const asking = setInterval(() => {
      answers.push(door.expect(submission(bob, [bob.envelope()]), 'submitted'))
    }, 100)
    setTimeout(() => clearInterval(asking), 850)

    const code = await door.closed

    t.equal(code, CLOSE.retired)
    t.equal((await Promise.all(answers)).length, answers.length)
  },
)

t.test('a method of the other door is invalid here', async (t) => {
  const relay = await testRelay(t)
  const door = await TestDoor.open(relay.url, 'anonymous')

  const certificate = await door.expect({ case: 'drawCertificate', value: {} }, 'error')
  const own = await door.expect({ case: 'submitOwn', value: { envelopes: [] } }, 'error')

  t.same([certificate.code, own.code], [wire.ErrorCode.INVALID, wire.ErrorCode.INVALID])
})

t.test('strangers from one network address are counted, those with a key are not', async (t) => {
  const relay = await testRelay(t, {
    trustedProxies: ['127.0.0.1'],
    limits: { addressErrands: 2 },
  })
  const bob = await registeredAccount(relay, { oneTime: 1 })
  const door = await TestDoor.open(relay.url, 'anonymous', { 'x-forwarded-for': '192.0.2.4' })
  const submit = (leave: Parameters<typeof submission>[2]) =>
    door.ask(submission(bob, [bob.envelope()], leave))

  const strangers = [await submit(STRANGER), await submit(STRANGER), await submit(STRANGER)]
  const known = await submit(keyLeave(bob))

  t.same(
    strangers.map((answer) => answer.case),
    ['submitted', 'submitted', 'error'],
  )
  t.match(strangers[2], { value: { code: wire.ErrorCode.RATE_LIMITED } })
  t.equal(known.case, 'submitted')
})

t.test(
  'a stranger without allowance hears the same of accounts that are and are not',
  async (t) => {
    const relay = await testRelay(t, {
      trustedProxies: ['127.0.0.1'],
      limits: { addressErrands: 1 },
    })
    const bob = await registeredAccount(relay)
    const headers = { 'x-forwarded-for': '192.0.2.4' }
    const door = await TestDoor.open(relay.url, 'anonymous', headers)
    const fetch = (account: Uint8Array<ArrayBuffer>) =>
      door.ask({ case: 'fetchBundle', value: { account, leave: STRANGER } })
    await fetch(bob.idBytes)

    const answers = [await fetch(bob.idBytes), await fetch(random(16))]

    t.match(answers, [
      { value: { code: wire.ErrorCode.RATE_LIMITED } },
      { value: { code: wire.ErrorCode.RATE_LIMITED } },
    ])
  },
)

t.test(
  'a hundred submissions on one connection are stored in the order they were sent',
  async (t) => {
    const relay = await testRelay(t)
    const bob = await registeredAccount(relay)
    const door = await TestDoor.open(relay.url, 'anonymous')
    const bodies = Array.from({ length: 100 }, () => random(1024))

    await Promise.all(
      bodies.map((body) => door.expect(submission(bob, [bob.envelope({ body })]), 'submitted')),
    )

    const receiving = await TestDoor.login(relay.url, bob)
    const delivered = await receiving.take('deliver', 100)
    t.same(
      delivered.map(({ body }) => Buffer.from(body).toString('hex')),
      bodies.map((body) => Buffer.from(body).toString('hex')),
    )
  },
)
