import { openClient } from '@sotto/client-core'

/** A program that owns the account of a home, connected, and does nothing else: something to kill. */
const [home = ''] = process.argv.slice(2)

const client = await openClient({ home: { dataDir: home }, command: 'owner' })
await client.call('relay.connect', { timeoutMs: 30_000 })
process.stdout.write('owns\n')
setInterval(() => undefined, 60_000)
