import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'

import type { Scope } from './temp-dir.js'

/** Below those that systems give out by themselves, so that nobody is given one of these by chance. */
const PORT_MIN = 12_000
const PORTS = 20_000

/**
 * A port of loopback that is the scope's alone until it ends, also while nobody listens there: what
 * was stopped finds it free when it comes back.
 */
export async function holdPort(scope: Scope): Promise<number> {
  for (;;) {
    const port = PORT_MIN + Math.floor(Math.random() * PORTS)
    if (await tryHoldPort(scope, port)) return port
  }
}

/**
 * The same with a port that was held before; false where somebody else has it now. All tests that
 * run on this machine agree on who holds a TCP port by who is bound to the UDP port of that number:
 * nobody needs it, and the system takes it back however a test ends.
 */
export async function tryHoldPort(scope: Scope, port: number): Promise<boolean> {
  const hold = createSocket('udp4').unref()
  const isHeld = await happens(hold, 'listening', () => hold.bind(port, '127.0.0.1'))
  if (!isHeld) {
    hold.close()
    return false
  }
  scope.teardown(() => hold.close())
  return isFree(port)
}

/** Whether no program of this machine, whatever it may be, listens there. */
async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  const isListening = await happens(server, 'listening', () => server.listen(port, '127.0.0.1'))
  if (!isListening) return false
  server.close()
  await once(server, 'close')
  return true
}

/** False where there is an error instead. */
async function happens(
  emitter: NodeJS.EventEmitter,
  event: string,
  begin: () => unknown,
): Promise<boolean> {
  begin()
  try {
    await once(emitter, event)
    return true
  } catch {
    return false // In use.
  }
}
