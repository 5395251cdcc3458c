/**
 * The door for those who try parsers out: whatever reads what others wrote. Nothing of sotto comes
 * through here.
 */
export { CONFIG_KEYS } from './config/keys.js'
export { parseConfig } from './config/parse-config.js'
export { findLine, setLine } from './config/toml-lines.js'
export { nearest, parseChoice, parseCount, splitList } from './flags/values.js'
export { readLines } from './lines.js'
export { asPassphrase } from './passphrase/read.js'
export { parseFields, pickFields } from './print/fields.js'
export { isRecipient, splitAddressed } from './recipients.js'
export { readRequest } from './send/line-request.js'
export { readText } from './text.js'
