import {
  BusyError,
  errorObject,
  ERROR_CODES,
  StorageError,
  UnavailableError,
  UsageError,
  type ErrorCodeName,
} from '@sotto/protocol'
import { test } from 'tap'
import {
  errorOfFault,
  faultLine,
  faultOf,
  OwnerLeft,
  parseAnswer,
  RPC,
} from '../../src/daemon/rpc.js'

/** What an error is after a way over the socket. */
function overTheSocket(thrown: unknown) {
  const answer = parseAnswer(Buffer.from(faultLine(1, faultOf(thrown))))
  if (answer.kind !== 'error') throw new Error('a fault is told as an error')
  return errorOfFault(answer.fault)
}

test('an error is of the same class at the other end, with all it says', async (t) => {
  const limited = new BusyError('relay/rate-limited', 'too many', {
    ...{ fix: 'Wait.', retryAfterMs: 1500 },
  })
  const there = overTheSocket(limited)
  t.ok(there instanceof BusyError)
  t.same(errorObject(there), errorObject(limited))
  t.ok(overTheSocket(new StorageError('store/newer', 'x')) instanceof StorageError)
  t.ok(overTheSocket(new UnavailableError('message/expired', 'x')) instanceof UnavailableError)
})

test('every code there is comes through, with its exit code', async (t) => {
  for (const code of Object.keys(ERROR_CODES) as ErrorCodeName[]) {
    const there = overTheSocket(new UnavailableError(code, 'x'))
    t.match(there, { code, exitCode: ERROR_CODES[code] })
  }
})

test('parameters that are wrong are -32602', async (t) => {
  t.equal(faultOf(new UsageError('usage/invalid', 'x')).code, RPC.invalidParams)
})

test('what is not ours is told as a bug, once', async (t) => {
  t.match(overTheSocket(new TypeError('x is undefined')), { code: 'bug/invariant', exitCode: 70 })
})

test('that the owner left is known at the other end', async (t) => {
  t.ok(overTheSocket(new OwnerLeft()) instanceof OwnerLeft)
})

test('a code of a newer owner says that the owner cannot serve us', async (t) => {
  const data = { ...errorObject(new OwnerLeft()), code: 'moon/eclipsed' }
  t.match(errorOfFault({ code: RPC.failed, message: 'the moon', data }), {
    ...{ code: 'account/busy', exitCode: 83, message: /the moon/ },
  })
  t.match(errorOfFault({ code: RPC.methodNotFound, message: 'no method' }), { exitCode: 83 })
})
