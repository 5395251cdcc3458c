import { setTimeout as wait } from 'node:timers/promises'
import { openClient } from '@sotto/client-core'

/**
 * A program that writes `message FROM` to `message TO`, one after the other with a pause of PACE ms,
 * and prints the number of each once the relay has it: something to kill. Started again from the last number it printed, it
 * sends nothing twice, because every message has its own send key.
 */
const [home = '', to = '', from = '1', until = '1', paceMs = '0'] = process.argv.slice(2)

const client = await openClient({ home: { dataDir: home }, command: 'sender' })
for (let number = Number(from); number <= Number(until);) {
  const { exitCode } = await client.call('message.send', {
    ...{ to: [to], text: `message ${String(number)}`, id: `number ${String(number)}` },
    timeoutMs: 60_000,
  })
  if (exitCode !== 0) continue
  process.stdout.write(`${String(number)}\n`)
  number += 1
  await wait(Number(paceMs))
}
await client.call('relay.flush', { timeoutMs: 10_000 })
await client.close()
