import { readFileSync } from 'node:fs'
import { fromHex, hex, type AccountId, type DeviceId, type RegistrationId } from '@sotto/protocol'
import { test } from 'tap'
import { idempotencyKey } from '../../src/session/wrap.js'

interface KeyVector {
  readonly secret: string
  readonly account: AccountId
  readonly device: DeviceId
  readonly registration_id: RegistrationId
  readonly key: string
}

const { vectors } = JSON.parse(
  readFileSync(
    new URL('../../../../protocol/vectors/idempotency-key.json', import.meta.url),
    'utf8',
  ),
) as { vectors: readonly KeyVector[] }

function keyOf(vector: KeyVector): string {
  const { account, device, registration_id: registrationId } = vector
  return hex(idempotencyKey({ secret: fromHex(vector.secret)!, account, device, registrationId }))
}

test('idempotency keys are those of the vectors', async (t) => {
  t.same(
    vectors.map(keyOf),
    vectors.map(({ key }) => key),
  )
})

test('an idempotency key is another one for another device, set-up, account or sealing', async (t) => {
  const [vector] = vectors
  const others = [
    vector!,
    { ...vector!, device: 2 as DeviceId },
    { ...vector!, registration_id: 1 as RegistrationId },
    { ...vector!, account: vectors[2]!.account },
    { ...vector!, secret: vectors[2]!.secret },
  ]
  t.equal(new Set(others.map(keyOf)).size, 5)
})
