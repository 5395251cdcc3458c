import type { LogEvents, Log, OpenOptions } from '@sotto/client-core'

import type { Invocation } from './commands/command.js'
import type { Output } from './print/output.js'

/** How a command opens its account: which, where, and what it tells meanwhile. */
export function openOptions({ globals, output, spec, world }: Invocation): OpenOptions {
  return {
    home: { dataDir: globals.dataDir },
    ...(globals.account === undefined ? {} : { account: globals.account }),
    // SOTTO_LOG asks client-core for its own log instead.
    ports: world.env['SOTTO_LOG'] ? {} : { log: logTo(output, globals.verbose) },
    command: spec.path.join(' '),
  }
}

function logTo(output: Output, verbose: boolean): Log {
  const trace = (level: string) =>
    function <Name extends keyof LogEvents>(event: Name, fields: LogEvents[Name]): void {
      if (verbose) output.trace(level, event, fields)
    }
  const warn = trace('warn')
  return {
    debug: trace('debug'),
    info: trace('info'),
    warn: (event, fields) => {
      if (event === 'clock.skewed') {
        output.note('this machine’s clock and the relay’s differ by more than five minutes')
      }
      warn(event, fields)
    },
  }
}
