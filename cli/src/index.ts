/** The public door of this package: the command table and what is made of it. */
export type { CommandSpec } from './commands/command.js'
export { COMMANDS } from './commands/table.js'
export { GLOBAL_FLAGS } from './flags/flag.js'
export { EXITS } from './help/exits.js'
export { COLUMNS_MAX, COLUMNS_MIN } from './help/layout.js'
export { renderCommandDocs } from './help/docs.js'
export { helpOf } from './program.js'
export { VERSION } from './version.js'
