import {
  DonationPermitRequestContext,
  DonationPermitResponse,
  type DonationPermit,
} from '@signalapp/libsignal-client/dist/zkgroup/DonationPermit.js'
import ServerPublicParams from '@signalapp/libsignal-client/dist/zkgroup/ServerPublicParams.js'
import { decode, ownBytes, wire, type Bytes } from '@sotto/protocol'
import { TestDoor } from './test-door.js'
import type { TestAccount } from './test-account.js'
import type { TestRelay } from './test-relay.js'

/** What the relay publishes of how permits are drawn. */
export async function permitParameters(relay: Pick<TestRelay, 'url'>) {
  const response = await fetch(`${relay.url}/v1/parameters`)
  const signed = decode(wire.SignedParametersSchema, new Uint8Array(await response.arrayBuffer()))
  const { permitBatch, permitParameters: bytes } = decode(wire.ParametersSchema, signed.parameters)
  return { batch: permitBatch, parameters: new ServerPublicParams(ownBytes(bytes)) }
}

/** A blinded request for a day's permits. */
export async function permitRequest(relay: Pick<TestRelay, 'url'>) {
  const { batch } = await permitParameters(relay)
  return DonationPermitRequestContext.forCount(batch)
}

/** Asks for the permits of `context`; the answer is to be unblinded. */
export async function drawn(
  relay: TestRelay,
  context: DonationPermitRequestContext,
  response: Uint8Array,
): Promise<readonly DonationPermit[]> {
  const { parameters } = await permitParameters(relay)
  const now = new Date(relay.clock.nowMs())
  return context.receive(new DonationPermitResponse(ownBytes(response)), parameters, now)
}

/** The day's permits of an account, as its client would draw them. */
export async function permitsOf(relay: TestRelay, account: TestAccount): Promise<Bytes[]> {
  const context = await permitRequest(relay)
  const door = await TestDoor.login(relay.url, account)
  const request = {
    case: 'drawPermits',
    value: { request: context.request().serialize() },
  } as const
  const { response } = await door.expect(request, 'permits')
  door.socket.terminate()
  return (await drawn(relay, context, response)).map((permit) => permit.serialize())
}

/** The leave of a stranger who has a permit. */
export function permitLeave(permit: Bytes) {
  return { kind: { case: 'permit', value: permit } } as const
}
