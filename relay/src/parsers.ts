/**
 * The door for those who try parsers out: whatever reads what others wrote and is not reached through
 * an open relay. Nothing of sotto comes through here.
 */
export { parseConfig, type ConfigInput } from './config/parse-config.js'
export { parseProxy } from './limits/trusted-proxies.js'
export { originOf, plainAddress } from './limits/network-address.js'
export { parseFast } from './socket/fast-frames.js'
export { parseClientFrame, parseReflective } from './socket/frames.js'
