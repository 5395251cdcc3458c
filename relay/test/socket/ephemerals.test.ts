import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { decode, wire, type Bytes } from '@sotto/protocol'
import { DEFAULT_LIMITS } from '../../src/limits/limits.js'
import { Pressure } from '../../src/limits/pressure.js'
import { SILENT_LOG } from '../../src/log.js'
import { nodeClock } from '../../src/ports.js'
import { Ephemerals } from '../../src/socket/ephemerals.js'
import {
  keyLeave,
  random,
  registeredAccount,
  STRANGER,
  submission,
  type TestAccount,
} from '../harness/test-account.js'
import { TestDoor } from '../harness/test-door.js'
import { testRelay } from '../harness/test-relay.js'

function ephemeral(
  account: TestAccount,
  envelopes: readonly ReturnType<TestAccount['envelope']>[],
  leave: Parameters<typeof submission>[2] = keyLeave(account),
) {
  const { value } = submission(account, envelopes, leave)
  return { case: 'submit', value: { ...value, ephemeral: true } } as const
}

t.test('an ephemeral envelope comes at once, without a place in the mailbox', async (t) => {
  const relay = await testRelay(t)
  const bob = await registeredAccount(relay)
  const receiver = await TestDoor.login(relay.url, bob)
  const sender = await TestDoor.open(relay.url, 'anonymous')
  const body = random(1024)

  const answer = await sender.ask(ephemeral(bob, [bob.envelope({ body })]))
  const heard = await receiver.next('ephemeral')
  await sender.expect(submission(bob, [bob.envelope()]), 'submitted')
  const delivered = await receiver.next('deliver')

  t.equal(answer.case, 'done')
  t.same(Buffer.from(heard.body), Buffer.from(body))
  t.ok(heard.arrivalMs > 0n)
  t.equal(delivered.seq, 1n, 'it took no seq')
})

t.test('nobody learns whether a device is there, and who comes later finds nothing', async (t) => {
  const relay = await testRelay(t)
  const bob = await registeredAccount(relay)
  const sender = await TestDoor.open(relay.url, 'anonymous')

  const answer = await sender.ask(ephemeral(bob, [bob.envelope()]))
  const receiver = await TestDoor.login(relay.url, bob)
  await receiver.next('queueEmpty')
  await sender.expect(submission(bob, [bob.envelope()]), 'submitted')
  await receiver.next('deliver')

  t.equal(answer.case, 'done')
  t.equal(receiver.count('ephemeral'), 0)
})

t.test('a stranger has no ephemeral envelopes, and a wrong key is refused like any', async (t) => {
  const relay = await testRelay(t)
  const bob = await registeredAccount(relay)
  const receiver = await TestDoor.login(relay.url, bob)
  const door = await TestDoor.open(relay.url, 'anonymous')
  const wrongKey = { kind: { case: 'accessKey', value: random(16) } } as const
  const nobody = { ...submission(bob, [bob.envelope()], wrongKey).value, route: random(16) }

  const stranger = await door.expect(ephemeral(bob, [bob.envelope()], STRANGER), 'error')
  const wrong = await door.expect(ephemeral(bob, [bob.envelope()], wrongKey), 'error')
  const unknown = await door.expect(
    { case: 'submit', value: { ...nobody, ephemeral: true } },
    'error',
  )
  const wrongSize = await door.expect(
    ephemeral(bob, [bob.envelope({ body: random(1000) })]),
    'error',
  )

  const { ErrorCode } = wire
  t.same(
    [stranger.code, wrong.code, unknown.code, wrongSize.code],
    [ErrorCode.INVALID, ErrorCode.REFUSED, ErrorCode.REFUSED, ErrorCode.INVALID],
  )
  t.equal(receiver.count('ephemeral'), 0)
})

t.test('nothing of an ephemeral envelope reaches the disk', async (t) => {
  const relay = await testRelay(t)
  const bob = await registeredAccount(relay)
  const receiver = await TestDoor.login(relay.url, bob)
  const sender = await TestDoor.open(relay.url, 'anonymous')
  const passing = { body: random(1024), key: random(16) }
  const kept = { body: random(1024), key: random(16) }
  await sender.expect(ephemeral(bob, [bob.envelope(passing)]), 'done')
  await receiver.next('ephemeral')
  await sender.expect(submission(bob, [bob.envelope(kept)]), 'submitted')

  const files = readdirSync(relay.folder).map((name) => join(relay.folder, name))
  const bytes = Buffer.concat(
    files.filter((file) => /relay\.db/.test(file)).map((file) => readFileSync(file)),
  )
  const holds = ({ body, key }: typeof kept) => [
    bytes.includes(Buffer.from(body.subarray(0, 32))),
    bytes.includes(Buffer.from(key)),
  ]

  t.same(holds(kept), [true, true], 'what is kept is found')
  t.same(holds(passing), [false, false])
})

t.test('for a slow reader the newest few wait, and not for long', (t) => {
  let nowMs = 0
  const sent: string[] = []
  const way = {
    isBuffered: true,
    send: (frame: Bytes) => {
      const { kind } = decode(wire.RelayFrameSchema, frame)
      if (kind.case === 'ephemeral') sent.push(Buffer.from(kind.value.body).toString())
    },
  }
  const clock = { ...nodeClock, nowMs: () => nowMs }
  const limits = { ...DEFAULT_LIMITS, mailboxEphemerals: 3, ephemeralMs: 10_000 }
  const pressure = new Pressure({ clock, limits, log: SILENT_LOG, machine: undefined })
  const ephemerals = new Ephemerals({ clock, limits, pressure }, way)
  const add = (text: string, arrivalMs: number) => {
    ephemerals.add({ body: new Uint8Array(Buffer.from(text)), arrivalMs })
  }
  for (const [index, text] of ['a', 'b', 'c', 'd'].entries()) add(text, index * 1_000)
  nowMs = 11_500

  way.isBuffered = false
  ephemerals.flush()
  ephemerals.flush()

  t.same(sent, ['c', 'd'], 'the first gave way, the second was too old')
  t.end()
})

t.test('ephemeral envelopes are counted, where they come from and whom they go to', async (t) => {
  const limits = { addressEphemerals: 3, ephemerals: 5 }
  const relay = await testRelay(t, { limits, trustedProxies: ['127.0.0.1'] })
  const [bob, carol] = [await registeredAccount(relay), await registeredAccount(relay)]
  const receiver = await TestDoor.login(relay.url, bob)
  const from = async (address: number, to: TestAccount, times: number) => {
    const headers = { 'x-forwarded-for': `192.0.2.${address}` }
    const sender = await TestDoor.open(relay.url, 'anonymous', headers)
    const answers: (string | undefined)[] = []
    for (let time = 0; time < times; time++) {
      const answer = await sender.ask(ephemeral(to, [to.envelope()]))
      answers.push(answer.case === 'error' ? wire.ErrorCode[answer.value.code] : answer.case)
    }
    return answers
  }

  const one = await from(1, bob, 4)
  const other = await from(2, bob, 3)
  const elsewhere = await from(1, carol, 1)
  await (
    await TestDoor.open(relay.url, 'anonymous')
  ).expect(submission(bob, [bob.envelope()]), 'submitted')
  await receiver.next('deliver')

  t.same(one, ['done', 'done', 'done', 'RATE_LIMITED'])
  t.same(other, ['done', 'done', 'done'], 'how many others send is not told')
  t.same(elsewhere, ['RATE_LIMITED'], 'whoever it is for')
  t.equal(receiver.count('ephemeral'), 5)
})
