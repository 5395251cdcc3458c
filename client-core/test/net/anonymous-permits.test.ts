import { wire } from '@sotto/protocol'
import { test } from 'tap'
import { ALICE, begin, ROUTE, submit, SUBMITTED } from './anonymous-scene.js'
import { refusalOf, until } from './awaiting.js'

const STRANGER = { kind: 'stranger' } as const
const PERMIT_REFUSED = { case: 'error', value: { code: wire.ErrorCode.PERMIT } } as const

/** The first byte of the permit that a request shows. */
function permitIn(request: wire.Request): number | undefined {
  const { leave } = request.method.value as wire.FetchBundle
  return leave?.kind.case === 'permit' ? leave.kind.value[0] : undefined
}

test('a stranger shows the permit of the errand, and another once where it is over', async (t) => {
  const { relay, door, permits } = await begin(t)
  const fetching = door.fetchBundle({ account: ALICE, leave: STRANGER })
  const side = await relay.connection()
  const first = await side.request()
  side.result(first.id, PERMIT_REFUSED)
  const second = await side.request(1)
  side.result(second.id, { case: 'bundle', value: { route: ROUTE } })

  await fetching
  t.same([permitIn(first), permitIn(second)], [1, 2])
  t.same(permits.discarded, [1])
})

test('a relay that refuses every permit gets one for each try, not the stock', async (t) => {
  const { relay, door, permits } = await begin(t)
  const refused = refusalOf(door.fetchBundle({ account: ALICE, leave: STRANGER }))
  const side = await relay.connection()
  side.result((await side.request()).id, PERMIT_REFUSED)
  side.result((await side.request(1)).id, PERMIT_REFUSED)

  t.equal((await refused).code, 'permit/refused')
  t.same(permits.taken, ['wanted 1', 'wanted 2'])
  t.same(permits.discarded, [1])
})

test('somebody with an access key spends no permit', async (t) => {
  const { relay, door, permits } = await begin(t)
  const submitting = submit(door)
  const side = await relay.connection()
  side.result((await side.request()).id, SUBMITTED)

  await submitting
  t.same(permits.taken, [])
})

test('whether a name is free is asked without a permit, and not who has it', async (t) => {
  const { relay, door, permits } = await begin(t)
  const asking = [door.isUsernameFree(new Uint8Array(32)), door.isUsernameFree(ROUTE)]
  await until(() => relay.connections.flatMap(({ requests }) => requests).length === 2)
  for (const side of relay.connections) {
    const [{ id, method } = { id: 0, method: undefined }] = side.requests
    t.equal(method?.case, 'checkUsername')
    const isFree = (method?.value as wire.CheckUsername).hash.length === 32
    const taken = { case: 'error', value: { code: wire.ErrorCode.CONFLICT } } as const
    side.result(id, isFree ? { case: 'done', value: {} } : taken)
  }

  t.same(await Promise.all(asking), [true, false])
  t.same(permits.taken, [])
})
