import { setTimeout } from 'node:timers/promises'

import { UnavailableError } from '@sotto/protocol'
import { DemoClient } from '@sotto/tui/demo'
import { openFirstRun, type FirstRunServices } from '@sotto/tui/first-run'
import { colorDepth, openScreen } from '@sotto/tui/screen'

/**
 * The first run and what it leads to, as a person sees it, with a relay and a disk that are made up:
 * addresses, names and folders are the same in every picture. With the real ones it is played in
 * `screen-first-run.test.ts`.
 */
const NOW_MS = Date.parse('2026-10-31T14:05:00Z')
/** Time enough to see that something is being waited for. */
const RELAY_MS = 20

const services: FirstRunServices = {
  relayFolder: '~/.local/share/sotto/relay',
  greet: async (relay) => {
    await setTimeout(RELAY_MS)
    if (relay.includes('away'))
      throw new UnavailableError('relay/unreachable', `cannot reach ${relay}: connection refused`, {
        fix: 'Check that it runs, and the address.',
      })
    return { address: `${relay}#root=of-its-own`, needsCode: true, needsWork: false }
  },
  startRelay: () => Promise.reject(new Error('no picture goes that way')),
  isFree: async (_relay, username) => username === 'dora.42',
  findKeyPlace: async () => 'file',
  make: async () => undefined,
}

const colors = process.env['NO_COLOR'] === undefined ? colorDepth(process.env) : 'none'
const { signal } = new AbortController()
const terminal = { input: process.stdin, output: process.stdout, outputFd: 1 }

const chosen = await openFirstRun({
  ...{ services, terminal, colors, signal },
  ...{ offered: 'alice.42', begun: undefined, hasPrivateRelay: false },
})
if (chosen !== undefined) {
  const client = new DemoClient(() => NOW_MS)
  await openScreen({ client, terminal, colors, signal, nowMs: () => NOW_MS, isFirst: true })
  client.close()
}
