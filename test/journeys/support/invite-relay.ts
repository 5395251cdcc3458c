import { randomBytes } from 'node:crypto'
import { join } from 'node:path'

import { SILENT_LOG, startRelay, type Relay, type RelayOptions } from '@sotto/relay'
import { ownBytes } from '@sotto/protocol'

import { tempDir, type Scope } from '../../harness/index.js'

const HOUR_MS = 3_600_000

/** A relay in this process that takes nobody without a sign-up code, and who makes its codes. */
export async function startInviteRelay(
  scope: Scope,
): Promise<{ readonly relay: Relay; code(uses: number): Promise<string> }> {
  const relay = await startJoinedRelay(scope, { registration: 'invite' })
  const code = (uses: number): Promise<string> =>
    relay.createSignupCode({ uses, expiresMs: Date.now() + HOUR_MS })
  return { relay, code }
}

/** A relay in this process that is joined in some way. */
export async function startJoinedRelay(
  scope: Scope,
  joining: Pick<RelayOptions, 'registration' | 'limits'>,
): Promise<Relay> {
  const relay = await startRelay({
    dataFolder: join(tempDir(scope), 'data'),
    listen: { host: '127.0.0.1', port: 0 },
    ...joining,
    clock: {
      nowMs: () => Date.now(),
      after: (delayMs, wake) => {
        const timer = setTimeout(wake, delayMs).unref()
        return () => clearTimeout(timer)
      },
    },
    random: (bytes) => ownBytes(randomBytes(bytes)),
    log: SILENT_LOG,
  })
  scope.teardown(() => relay.close())
  return relay
}
