import {
  DonationPermitDerivedKeyPair,
  DonationPermitRequestContext,
} from '@signalapp/libsignal-client/dist/zkgroup/DonationPermit.js'
import t from 'tap'
import { equalBytes, ownBytes, permitExpiryMs, wire, type Bytes } from '@sotto/protocol'
import type { Context } from '../../src/context.js'
import { admit } from '../../src/mailbox/leave.js'
import { DECOY, type Destination } from '../../src/store/port.js'
import { memoryRelay } from '../harness/memory-relay.js'
import { random } from '../harness/test-account.js'

const ORIGIN = { kind: 'network', address: '192.0.2.4' } as const

/** One permit, as its owner has it. */
function permitOf({ keys, clock }: Context): Bytes {
  const context = DonationPermitRequestContext.forCount(1)
  const expires = new Date(permitExpiryMs(clock.nowMs()))
  const pair = DonationPermitDerivedKeyPair.forExpiration(expires, keys.permits)
  const response = context.request().issue(pair)
  const [permit] = context.receive(response, keys.permits.getPublicParams(), new Date())
  if (permit === undefined) throw new Error('there is no permit')
  return ownBytes(permit.serialize())
}

function accountWith(account: Bytes): Destination {
  return {
    account,
    route: account,
    accessKey: random(16),
    previousAccessKey: random(16),
    devices: [],
  }
}

t.test('whoever is refused, one row that is there is looked up, and one that is not', async (t) => {
  const { context } = await memoryRelay(t)
  const account = accountWith(random(16))
  const other = accountWith(random(16))
  const permit = permitOf(context)
  const attempt = async (id: Bytes, leave: Parameters<typeof admit>[1]['leave']) => {
    const looked: boolean[] = []
    const find = async (wanted: Bytes): Promise<Destination | undefined> => {
      const there = [account, other, accountWith(DECOY)]
      const found = there.find((each) => equalBytes(each.account, wanted))
      looked.push(found !== undefined)
      return found
    }
    const admission = await admit(context, { origin: ORIGIN, leave, id, find })
    const code = admission.admitted ? undefined : admission.answer.value.code
    return { code, looked: looked.sort() }
  }
  const spent = { kind: 'permit', permit } as const
  const wrongKey = { kind: 'access-key', key: random(16) } as const
  t.equal((await attempt(other.account, spent)).code, undefined, 'it is spent')

  const refused = { code: wire.ErrorCode.REFUSED, looked: [false, true] }
  t.same(await attempt(account.account, wrongKey), refused)
  t.same(await attempt(random(16), wrongKey), refused)
  t.same(await attempt(DECOY, wrongKey), refused)
  const noInvite = { kind: 'invite', key: random(32), errand: random(16) } as const
  t.same(await attempt(account.account, noInvite), refused)
  t.same(await attempt(random(16), noInvite), refused)
  const unpaid = { code: wire.ErrorCode.PERMIT, looked: [false, true] }
  t.same(await attempt(account.account, spent), unpaid)
  t.same(await attempt(random(16), spent), unpaid)
})
