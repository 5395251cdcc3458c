import { AutomaticPrinter } from './automatic.js'
import { ManualPrinter } from './manual.js'
import type { ReceiveOptions } from './options.js'
import { Watch } from './watch.js'

/**
 * Prints what the consumer has not seen: first what is on disk, then what the relay brings, until
 * the wait is over. The cursor follows only what was handed over or, by hand, what was
 * acknowledged, so that a reader that goes away, or a death at any point, leads to the same events
 * again and never to a lost one. Answers how many were printed. Throws what the wait ended with,
 * after printing what there was.
 */
export async function receive(options: ReceiveOptions): Promise<number> {
  const watch = new Watch(options)
  const { acknowledgements } = options
  const printer =
    acknowledgements === undefined
      ? new AutomaticPrinter(options)
      : new ManualPrinter({ ...options, acknowledgements, bell: watch.bell })
  try {
    for (;;) {
      const { isOver } = watch // Before printing: what was committed by then is printed.
      if (await printer.printStored()) return printer.printed
      if (printer.printPassing(watch.takePassing())) return printer.printed
      if (isOver && printer.isAtRest) break
      await watch.bell.wait()
    }
    await watch.waited
    return printer.printed
  } finally {
    watch.leave()
  }
}
