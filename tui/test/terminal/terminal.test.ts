import { closeSync, openSync } from 'node:fs'
import { PassThrough } from 'node:stream'

import { test } from 'tap'

import type { Size } from '../../src/model/state.js'
import { Terminal } from '../../src/terminal/terminal.js'

test('a size that changes just before the terminal is given away is told when it is taken again, and those after it, too', async (t) => {
  const outputFd = openSync('/dev/null', 'w')
  t.teardown(() => closeSync(outputFd))
  const output = Object.assign(new PassThrough().resume(), { columns: 60, rows: 20 })
  let told: (size: Size) => void = () => undefined
  const next = () => new Promise<Size>((resolve) => (told = resolve))
  const terminal = new Terminal(
    { input: new PassThrough(), output, outputFd },
    {
      resize: (size) => told(size),
      ...{ input: () => undefined, capabilities: () => undefined },
      ...{ drained: () => undefined, gone: () => undefined },
    },
  )
  t.teardown(() => terminal.restore())
  const resize = (columns: number): void => {
    output.columns = columns
    output.emit('resize')
  }

  terminal.take()
  resize(40)
  terminal.restore()
  const taken = next()
  terminal.take()
  const whenTaken = await taken
  const later = next()
  resize(100)

  t.same(whenTaken, { columns: 40, rows: 20 })
  t.same(await later, { columns: 100, rows: 20 })
})
