import { cpSync } from 'node:fs'
import t from 'tap'
import { wire } from '@sotto/protocol'
import { CLOSE } from '../../src/socket/close-codes.js'
import { random, registeredAccount, submission, type TestAccount } from '../harness/test-account.js'
import { TestDoor } from '../harness/test-door.js'
import { testRelay, type TestRelay } from '../harness/test-relay.js'

async function fill(relay: TestRelay, account: TestAccount, bodies: readonly number[]) {
  const sender = await TestDoor.open(relay.url, 'anonymous')
  const submit = (bytes: number) =>
    sender.expect(submission(account, [account.envelope({ body: random(bytes) })]), 'submitted')
  await Promise.all(bodies.map(submit))
  await sender.close()
}

const KILOBYTES = (count: number) => Array<number>(count).fill(1024)

/** Long enough for whatever the relay would still send. */
const QUIET_MS = 150
const quiet = () => new Promise((resolve) => setTimeout(resolve, QUIET_MS))

t.test('an empty mailbox is told as empty at once', async (t) => {
  const relay = await testRelay(t)

  const door = await TestDoor.login(relay.url, await registeredAccount(relay))

  t.ok(await door.next('queueEmpty'))
})

t.test('what waited comes in order, then the queue is empty, then what is new', async (t) => {
  const relay = await testRelay(t)
  const account = await registeredAccount(relay)
  await fill(relay, account, KILOBYTES(3))

  const door = await TestDoor.login(relay.url, account)
  const waited = await door.take('deliver', 3)
  await door.next('queueEmpty')
  await fill(relay, account, KILOBYTES(1))
  const fresh = await door.next('deliver')

  t.same(
    [...waited, fresh].map(({ seq }) => seq),
    [1n, 2n, 3n, 4n],
  )
})

t.test('no more than the window is in flight, and acknowledging opens it', async (t) => {
  const relay = await testRelay(t, { limits: { windowEnvelopes: 10 } })
  const account = await registeredAccount(relay)
  await fill(relay, account, KILOBYTES(25))

  const door = await TestDoor.login(relay.url, account)
  await quiet()
  const first = door.count('deliver')
  door.acknowledge(4)
  await quiet()
  const second = door.count('deliver')
  const emptyTold = door.count('queueEmpty')
  door.acknowledge(14)
  await quiet()
  door.acknowledge(24)
  await door.next('queueEmpty')

  t.same([first, second, emptyTold], [10, 14, 0])
  t.equal(door.count('deliver'), 25)
})

t.test('the window is full by its bytes, too', async (t) => {
  const relay = await testRelay(t, { limits: { windowBytes: 100_000 } })
  const account = await registeredAccount(relay)
  await fill(relay, account, Array<number>(4).fill(65536))

  const door = await TestDoor.login(relay.url, account)
  await quiet()
  const first = door.count('deliver')
  door.acknowledge(1)
  await quiet()

  t.equal(first, 1)
  t.equal(door.count('deliver'), 2)
})

t.test('what was delivered and not acknowledged comes again at the next connection', async (t) => {
  const relay = await testRelay(t)
  const account = await registeredAccount(relay)
  await fill(relay, account, KILOBYTES(5))
  const first = await TestDoor.login(relay.url, account)
  await first.take('deliver', 5)
  first.acknowledge(2)
  await quiet()
  await first.close()

  const second = await TestDoor.login(relay.url, account)
  await second.next('queueEmpty')

  t.same(
    (await second.take('deliver', 3)).map(({ seq }) => seq),
    [3n, 4n, 5n],
  )
})

t.test('acknowledgements going backwards do nothing', async (t) => {
  const relay = await testRelay(t)
  const account = await registeredAccount(relay)
  await fill(relay, account, KILOBYTES(3))
  const door = await TestDoor.login(relay.url, account)
  await door.take('deliver', 3)

  door.acknowledge(3)
  door.acknowledge(1)
  door.send({ case: 'ping', value: { id: 1 } })

  t.ok(await door.next('pong'))
})

t.test('acknowledging what was not delivered on this socket closes it', async (t) => {
  const relay = await testRelay(t)
  const account = await registeredAccount(relay)
  await fill(relay, account, KILOBYTES(2))
  const door = await TestDoor.login(relay.url, account)
  await door.take('deliver', 2)

  door.acknowledge(3)

  t.equal((await door.next('error')).code, wire.ErrorCode.INVALID)
  t.equal(await door.closed, CLOSE.invalid)
  const again = await TestDoor.login(relay.url, account)
  t.equal((await again.take('deliver', 2)).length, 2)
})

t.test('acknowledging in another epoch forgets nothing', async (t) => {
  const relay = await testRelay(t)
  const account = await registeredAccount(relay)
  await fill(relay, account, KILOBYTES(1))
  const door = await TestDoor.login(relay.url, account)
  await door.next('deliver')

  door.acknowledge(1, 2)

  t.equal(await door.closed, CLOSE.invalid)
  const again = await TestDoor.login(relay.url, account)
  t.ok(await again.next('deliver'))
})

t.test('a relay started on a restored folder begins a new epoch', async (t) => {
  const first = await testRelay(t)
  const account = await registeredAccount(first)
  await first.close()

  const second = await testRelay(t, { folder: first.folder, restored: true })
  const door = await TestDoor.open(second.url, 'identified')
  await door.authenticate(account)

  t.not((await door.next('ready')).epoch, 1n)
})

t.test('the same backup put back twice begins two epochs', async (t) => {
  const first = await testRelay(t)
  const account = await registeredAccount(first)
  await first.close()
  const epochOf = async (folder: string) => {
    const relay = await testRelay(t, { folder, restored: true })
    const door = await TestDoor.open(relay.url, 'identified')
    await door.authenticate(account)
    const { epoch } = await door.next('ready')
    await relay.close()
    return epoch
  }
  const copy = `${first.folder}-copy`
  cpSync(first.folder, copy, { recursive: true })

  t.not(await epochOf(first.folder), await epochOf(copy))
})

t.test('a reader that does not read is given no more than fits its buffer', async (t) => {
  const relay = await testRelay(t, { limits: { windowBytes: 2 ** 30, windowEnvelopes: 60_000 } })
  const account = await registeredAccount(relay)
  await fill(relay, account, Array<number>(300).fill(65536))
  const door = await TestDoor.login(relay.url, account)
  door.socket.pause()
  const before = process.memoryUsage().arrayBuffers
  await new Promise((resolve) => setTimeout(resolve, 500))
  const grown = process.memoryUsage().arrayBuffers - before

  door.socket.resume()
  await door.next('queueEmpty')

  t.ok(grown < 8 * 1024 * 1024, `${grown} bytes were buffered`)
  t.equal((await door.take('deliver', 300)).at(-1)?.seq, 300n)
})
