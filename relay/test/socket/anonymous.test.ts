import t from 'tap'
import { wire } from '@sotto/protocol'
import { CLOSE } from '../../src/socket/close-codes.js'
import { random, registeredAccount, submission } from '../harness/test-account.js'
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
