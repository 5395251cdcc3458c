/** The public door of this package: the command table and what is made of it. */
export { COMMANDS } from './commands/table.js'
export { EXITS } from './help/exits.js'
export { renderCommandDocs } from './help/docs.js'
export { VERSION } from './version.js'
