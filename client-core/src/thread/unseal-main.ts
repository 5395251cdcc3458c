import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { assert, type Bytes } from '@sotto/protocol'
import { Garbage } from '../garbage.js'
import type { UnsealKeys } from '../ports.js'
import { unsealerOf } from '../session/unseal.js'

/**
 * Answers each list of envelopes with a list of what was inside, in the order in which they came;
 * but first says that it is ready.
 */
function serve(port: MessagePort, keys: UnsealKeys): void {
  const unseal = unsealerOf(keys)
  keys.identityPair.fill(0) // libsignal has its own.
  let last = Promise.resolve()
  const garbage = new Garbage()
  const answer = async (bodies: readonly Bytes[]): Promise<void> => {
    const unsealed: (Bytes | undefined)[] = []
    for (const body of bodies) unsealed.push(await unseal(body))
    port.postMessage(unsealed)
    await garbage.add(bodies.length)
  }
  port.on('message', (bodies: readonly Bytes[]) => {
    last = last.then(() => answer(bodies))
  })
  port.postMessage('ready')
}

assert(parentPort !== null, 'this is a program for a thread')
serve(parentPort, workerData as UnsealKeys)
