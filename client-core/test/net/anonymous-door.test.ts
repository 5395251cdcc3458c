import { accountIdBytes, wire } from '@sotto/protocol'
import { test } from 'tap'
import { ALICE, begin, BOB, KEY, ROUTE, submit, SUBMITTED } from './anonymous-scene.js'
import { quiet, refusalOf, until } from './awaiting.js'

test('a submission goes to its route with its leave and comes back with the arrival', async (t) => {
  const { relay, door } = await begin(t)
  const submitting = door.submit({
    account: ALICE,
    route: ROUTE,
    leave: KEY,
    envelopes: [{ device: 1, registrationId: 5, idempotencyKey: ROUTE, body: ROUTE }],
  })
  const side = await relay.connection()
  const { id, method } = await side.request()
  side.result(id, SUBMITTED)
  t.same(await submitting, { kind: 'accepted', arrivalMs: 77, relayTimeMs: 1_000_000 })
  t.equal(side.path, '/v1/anonymous')
  t.equal(method.case, 'submit')
  const value = method.value as wire.Submit
  t.same(new Uint8Array(value.route), ROUTE)
  t.equal(value.leave?.kind.case, 'accessKey')
  t.equal(value.envelopes.length, 1)
})

test('an arrival that the relay has forgotten is undefined', async (t) => {
  const { relay, clock, door } = await begin(t)
  const submitting = submit(door)
  const side = await relay.connection()
  const { id } = await side.request()
  clock.advance(400)
  side.result(id, { case: 'submitted', value: { arrivalMs: 0n } })
  t.same(await submitting, { kind: 'accepted', arrivalMs: undefined, relayTimeMs: 1_000_400 })
})

test('an arrival that no calendar has is no answer: it would stay in the list of conversations', async (t) => {
  const { relay, door } = await begin(t)
  const submitting = refusalOf(submit(door))
  const side = await relay.connection()
  const { id } = await side.request()
  side.result(id, { case: 'submitted', value: { arrivalMs: 2n ** 53n - 1n } })
  t.equal((await submitting).code, 'wire/malformed')
})

test('devices that changed are an answer, not an error', async (t) => {
  const { relay, door } = await begin(t)
  const submitting = submit(door)
  const side = await relay.connection()
  side.result((await side.request()).id, { case: 'devicesMismatch', value: { missing: [2] } })
  const answer = await submitting
  t.equal(answer.kind, 'mismatch')
  t.same(answer.kind === 'mismatch' && answer.mismatch.missing, [2])
})

test('requests do not wait for one another, and answers find theirs in any order', async (t) => {
  const { relay, door } = await begin(t)
  const first = submit(door)
  const second = door.fetchBundle({ account: ALICE, leave: { kind: 'stranger' }, devices: [1] })
  const side = await relay.connection()
  await side.request(1)
  const [firstRequest, secondRequest] = side.requests
  side.result(secondRequest!.id, { case: 'bundle', value: { route: ROUTE } })
  side.result(firstRequest!.id, SUBMITTED)
  t.same(new Uint8Array((await second).route), ROUTE)
  t.equal((await first).kind, 'accepted')
  t.equal(relay.connections.length, 1)
})

test('each account has a connection of its own, and each lookup', async (t) => {
  const { relay, door } = await begin(t)
  const hash = new Uint8Array(32).fill(1)
  const submitting = [submit(door, ALICE), submit(door, BOB), submit(door, ALICE)]
  const looking = door.lookupUsername(hash)
  await until(() => relay.connections.flatMap(({ requests }) => requests).length === 4)
  const cases = relay.connections.map(({ requests }) => requests.map(({ method }) => method.case))
  t.same([...cases].sort(), [['lookupUsername'], ['submit'], ['submit', 'submit']])
  for (const side of relay.connections) {
    for (const { id, method } of side.requests) {
      if (method.case === 'submit') side.result(id, SUBMITTED)
      else side.result(id, { case: 'usernameOwner', value: { account: accountIdBytes(BOB) } })
    }
  }
  await Promise.all(submitting)
  t.equal(await looking, BOB)
})

test('a lookup’s connection ends with its answer', async (t) => {
  const { relay, door } = await begin(t)
  const looking = door.lookupUsername(new Uint8Array(32))
  const side = await relay.connection()
  side.result((await side.request()).id, {
    case: 'error',
    value: { code: wire.ErrorCode.NOT_FOUND },
  })
  t.equal((await refusalOf(looking)).code, 'recipient/unknown')
  await until(() => side.isClosed)
  t.pass()
})

test('reaching an account opens its connection, asks nothing, and the next request uses it', async (t) => {
  const { relay, door } = await begin(t)
  await door.reach(ALICE)
  const side = await relay.connection()
  t.equal(side.frames.length, 0)
  const submitting = submit(door)
  side.result((await side.request()).id, SUBMITTED)
  await submitting
  t.equal(relay.connections.length, 1)
})

test('approaching an account waits for no greeting, asks nothing, and the next request uses it', async (t) => {
  const { relay, door } = await begin(t)
  relay.greets = false
  await door.approach(ALICE)
  const silent = await relay.connection()
  const pending = refusalOf(submit(door))
  await quiet()
  t.equal(silent.frames.length, 0)
  t.equal(relay.connections.length, 1)
  door.close()
  t.equal((await pending).code, 'temporary/interrupted')
})

test('approaching fails nobody: the request is told what is wrong, and whether it still is', async (t) => {
  const { relay, door } = await begin(t)
  await relay.stop()
  await door.approach(ALICE)
  t.equal((await refusalOf(submit(door))).code, 'relay/unreachable')
  door.close()
  await door.approach(ALICE)
  t.equal((await refusalOf(submit(door))).code, 'temporary/interrupted')
})

test('what the relay refuses is thrown with its code and its hint', async (t) => {
  const { relay, door } = await begin(t)
  const submitting = submit(door)
  const side = await relay.connection()
  side.result((await side.request()).id, {
    case: 'error',
    value: { code: wire.ErrorCode.QUOTA, retryAfterMs: 9_000 },
  })
  const error = await refusalOf(submitting)
  t.equal(error.code, 'relay/quota')
  t.equal(error.retryAfterMs, 9_000)
})

test('a request without an answer ends after thirty seconds, and its connection with it', async (t) => {
  const { relay, clock, door } = await begin(t)
  const submitting = submit(door)
  const side = await relay.connection()
  await side.request()
  clock.advance(29_999)
  await quiet()
  t.notOk(side.isClosed)
  clock.advance(1)
  const error = await refusalOf(submitting)
  t.equal(error.code, 'temporary/timeout')
  await until(() => side.isClosed)
  const again = submit(door)
  const other = await relay.connection(1)
  other.result((await other.request()).id, SUBMITTED)
  t.equal((await again).kind, 'accepted')
})

test('a connection that is cut ends what is pending on it, and the next is new', async (t) => {
  const { relay, door } = await begin(t)
  const pending = [refusalOf(submit(door)), refusalOf(submit(door))]
  const side = await relay.connection()
  await side.request(1)
  side.cut()
  const errors = await Promise.all(pending)
  t.same(
    errors.map(({ code }) => code),
    ['relay/unreachable', 'relay/unreachable'],
  )
  const again = submit(door)
  const other = await relay.connection(1)
  other.result((await other.request()).id, SUBMITTED)
  t.equal((await again).kind, 'accepted')
})

test('a relay that is not there is unreachable for everybody who waits', async (t) => {
  const { relay, door } = await begin(t)
  await relay.stop()
  const errors = await Promise.all([refusalOf(submit(door)), refusalOf(submit(door))])
  t.same(
    errors.map(({ code }) => code),
    ['relay/unreachable', 'relay/unreachable'],
  )
})

test('a relay that speaks only newer versions is not spoken to', async (t) => {
  const { relay, door } = await begin(t)
  relay.hello = { versionMin: 2, versionMax: 3, timeMs: 1n }
  const error = await refusalOf(submit(door))
  t.equal(error.code, 'wire/version')
  t.equal(relay.connections[0]!.frames.length, 0)
})

test('a relay that never says Hello times out', async (t) => {
  const { relay, clock, door } = await begin(t)
  relay.greets = false
  const submitting = refusalOf(submit(door))
  await relay.connection()
  await until(() => clock.waitingMs.length > 0)
  clock.advance(5_000)
  t.equal((await submitting).code, 'relay/unreachable')
})

test('a connection lasts sixty seconds without work', async (t) => {
  const { relay, clock, door } = await begin(t)
  const submitting = submit(door)
  const side = await relay.connection()
  side.result((await side.request()).id, SUBMITTED)
  await submitting
  clock.advance(59_999)
  await quiet()
  t.notOk(side.isClosed)
  clock.advance(1)
  await until(() => side.isClosed)
  t.pass()
})

test('a connection in steady use is replaced before it is ten minutes old', async (t) => {
  const { relay, clock, door } = await begin(t)
  const answers = (async () => {
    for (let round = 0; round < 20; round++) {
      const submitting = submit(door)
      await until(() => relay.connections.at(-1)?.isClosed === false)
      await quiet()
      const side = relay.connections.at(-1)!
      side.result(side.requests.at(-1)!.id, SUBMITTED)
      await submitting
      clock.advance(30_000)
    }
  })()
  await answers
  const first = relay.connections[0]!
  await until(() => first.isClosed)
  t.equal(relay.connections.length, 2)
  t.equal(first.requests.length, 18)
})

test('after Drain what is pending may finish, and the rest goes elsewhere', async (t) => {
  const { relay, door } = await begin(t)
  const first = submit(door)
  const side = await relay.connection()
  const { id } = await side.request()
  side.send({ kind: { case: 'drain', value: { afterMs: 10 } } })
  await quiet()
  const second = submit(door)
  const other = await relay.connection(1)
  other.result((await other.request()).id, SUBMITTED)
  side.result(id, SUBMITTED)
  t.equal((await first).kind, 'accepted')
  t.equal((await second).kind, 'accepted')
  await until(() => side.isClosed)
})

test('a frame that does not parse ends the connection', async (t) => {
  const { relay, door } = await begin(t)
  const submitting = refusalOf(submit(door))
  const side = await relay.connection()
  await side.request()
  side.sendBytes(Uint8Array.of(0xff, 0xff))
  t.equal((await submitting).code, 'wire/unexpected')
  await until(() => side.isClosed)
})

test('an answer to another question is refused', async (t) => {
  const { relay, door } = await begin(t)
  const submitting = refusalOf(submit(door))
  const side = await relay.connection()
  side.result((await side.request()).id, { case: 'done', value: {} })
  t.equal((await submitting).code, 'wire/unexpected')
})

test('closing the door interrupts what is pending and refuses what comes', async (t) => {
  const { relay, door } = await begin(t)
  const pending = refusalOf(submit(door))
  const side = await relay.connection()
  await side.request()
  door.close()
  t.equal((await pending).code, 'temporary/interrupted')
  t.equal((await refusalOf(submit(door))).code, 'temporary/interrupted')
  await until(() => side.isClosed)
})

test('closing the door while it opens leaves no connection behind', async (t) => {
  const { relay, door } = await begin(t)
  relay.greets = false
  const pending = refusalOf(submit(door))
  const side = await relay.connection()
  door.close()
  t.equal((await pending).code, 'temporary/interrupted')
  await until(() => side.isClosed)
})

test('what is submitted once says that it is not to be kept, and every answer is one', async (t) => {
  const { relay, door } = await begin(t)
  const once = () => door.submitOnce({ account: ALICE, route: ROUTE, key: KEY.key, envelopes: [] })
  const first = once()
  const side = await relay.connection()
  const { id, method } = await side.request()
  side.result(id, { case: 'done', value: {} })
  t.match(method.value, { ephemeral: true, leave: { kind: { case: 'accessKey' } } })
  t.equal(await first, 'passed')

  const others = [once(), once(), once()]
  await until(() => side.requests.length === 4)
  const [, stored, changed, refused] = side.requests
  side.result(stored!.id, SUBMITTED)
  side.result(changed!.id, { case: 'devicesMismatch', value: { missing: [2] } })
  const code = wire.ErrorCode.RATE_LIMITED
  side.result(refused!.id, { case: 'error', value: { code, retryAfterMs: 1 } })
  t.same(await Promise.all(others), ['kept', 'refused', 'refused'])
})

test('where the relay is not heard, what is submitted once is lost without an answer', async (t) => {
  const { relay, door } = await begin(t)
  const asking = refusalOf(
    door.submitOnce({ account: ALICE, route: ROUTE, key: KEY.key, envelopes: [] }),
  )
  const side = await relay.connection()
  await side.request()
  door.close()
  t.equal((await asking).code, 'temporary/interrupted')
  t.equal(side.requests.length, 1, 'and it is not asked again')
})
