import t from 'tap'
import { Scheduler } from './scheduler.js'
import type { Way } from './stream.js'
import { Wire } from './wire.js'

t.test(
  'whoever listens at an end is told once that it has closed, as by a real socket',
  async (t) => {
    const endings: readonly (readonly [string, (wire: Wire) => void])[] = [
      ['the way is cut', (wire) => wire.cut()],
      ['the client closes', (wire) => wire.clientEnd.close()],
      ['the relay closes', (wire) => wire.relayEnd.close(1000)],
      ['the relay ends it at once', (wire) => wire.relayEnd.terminate()],
    ]
    for (const [name, end] of endings) {
      const scheduler = new Scheduler(() => false)
      const way: Way = {
        weather: 'fair',
        soon: (run) => scheduler.after(1, run),
        record: () => undefined,
      }
      const wire = new Wire(way, { scheduler, door: 'identified', gone: () => undefined })
      const told: string[] = []
      for (const listener of ['one', 'other']) {
        wire.relayEnd.onClose(() => told.push(`relay’s ${listener}`))
        wire.clientEnd.onClose(() => told.push(`client’s ${listener}`))
      }

      end(wire)
      await scheduler.pass(10_000)

      t.same(told.sort(), ['client’s one', 'client’s other', 'relay’s one', 'relay’s other'], name)
    }
  },
)
