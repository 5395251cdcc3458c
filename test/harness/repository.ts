import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of this clone. Compiled, this file lies in test/out/harness. */
export const ROOT = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))))

/** The programs people run. */
export const SOTTO = join(ROOT, 'cli/dist/sotto.js')
export const SOTTO_RELAY = join(ROOT, 'relay/dist/sotto-relay.js')
