import { randomBytes } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import WebSocket from 'ws'
import { decode, encode, wire, type Bytes } from '@sotto/protocol'
import { startRelay, tempDir, type Scope } from '../../harness/index.js'
import { registerBenchAccount } from './bench-account.js'
import { BODY_BYTES } from './subject.js'
import { opened } from './socket.js'

const PAIRS = 3_000

export interface Refusals {
  /** Milliseconds until the answer, one by one, turn about. */
  readonly unknown: readonly number[]
  readonly wrongKey: readonly number[]
}

/** How long it takes to be refused: for an account that is not there, and for one that is. */
export async function measureRefusals(scope: Scope): Promise<Refusals> {
  const relay = await startRelay(scope, { dir: tempDir(scope) })
  const response = await fetch(`${relay.url}/v1/parameters`)
  const parameters = new Uint8Array(await response.arrayBuffer())
  const rootKey = decode(wire.SignedParametersSchema, parameters).rootKey as Bytes
  const account = await registerBenchAccount({ url: relay.url, rootKey })
  const socket = await opened(new WebSocket(`${relay.url.replace('http', 'ws')}/v1/anonymous`))
  const unknown: number[] = []
  const wrongKey: number[] = []
  for (let pair = 0; pair < PAIRS; pair++) {
    const askUnknown = async (): Promise<void> => {
      unknown.push(await refuse(socket, new Uint8Array(randomBytes(16))))
    }
    const askWrongKey = async (): Promise<void> => {
      wrongKey.push(await refuse(socket, new Uint8Array(account.route)))
    }
    // Each as often first as second: the second of two finds everything a little warmer.
    const inTurn = pair % 2 === 0 ? [askUnknown, askWrongKey] : [askWrongKey, askUnknown]
    for (const ask of inTurn) await ask()
  }
  socket.close()
  await relay.stop()
  return { unknown, wrongKey }
}

async function refuse(socket: WebSocket, route: Bytes): Promise<number> {
  const random = (bytes: number): Bytes => new Uint8Array(randomBytes(bytes))
  const frame = encode(wire.ClientFrameSchema, {
    kind: {
      case: 'request',
      value: {
        id: 1,
        method: {
          case: 'submit',
          value: {
            route,
            leave: { kind: { case: 'accessKey', value: random(16) } },
            envelopes: [
              {
                device: 1,
                registrationId: 300,
                idempotencyKey: random(16),
                body: random(BODY_BYTES),
              },
            ],
          },
        },
      },
    },
  })
  const begunMs = performance.now()
  socket.send(frame)
  await new Promise((resolve) => socket.once('message', resolve))
  return performance.now() - begunMs
}
