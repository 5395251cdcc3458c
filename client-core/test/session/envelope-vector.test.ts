import { readFileSync } from 'node:fs'
import { PrivateKey } from '@signalapp/libsignal-client'
import { fromHex, hex, unpad, type AccountId, type DeviceId } from '@sotto/protocol'
import { test } from 'tap'
import { ENVELOPE_INFO, envelopeContext } from '../../src/session/wrap.js'

const {
  vectors: [vector],
} = JSON.parse(
  readFileSync(new URL('../../../../protocol/vectors/envelope.json', import.meta.url), 'utf8'),
) as {
  vectors: [
    {
      identity_secret: string
      account: AccountId
      device: DeviceId
      sealed: string
      body: string
    },
  ]
}

test('the envelope of the vectors opens with the info and the address that we seal with', async (t) => {
  const identity = PrivateKey.deserialize(fromHex(vector.identity_secret)!)
  const padded = identity.open(fromHex(vector.body)!, ENVELOPE_INFO, envelopeContext(vector))
  t.equal(hex(unpad(padded)), vector.sealed)
})
