/**
 * The door for those who try parsers out: whatever reads what others wrote and has no other door.
 * Nothing of sotto comes through here.
 */
export { parseSafetyNumber, parseScanned } from './conversation/verification.js'
export { parseAlias } from './conversation/recipient.js'
export { OPERATORS, parseSearchQuery, type SearchQuery } from './conversation/search-query.js'
export { Frames } from './daemon/frames.js'
export {
  errorOfFault,
  faultLine,
  notificationLine,
  parseAnswer,
  parseQuestion,
  questionLine,
  resultLine,
} from './daemon/rpc.js'
export { parseLabel } from './home/label.js'
export { isLocked } from './home/locked-key.js'
export { parseOwnerNote, type OwnerNote } from './home/owner-note.js'
export { parseParams } from './methods/method.js'
export { METHODS } from './methods/table.js'
export { AnonymousDoor } from './net/anonymous-door.js'
export { IdentifiedConnection } from './net/identified-connection.js'
export { fetchParameters, register } from './net/registration.js'
export { RelayClock } from './net/relay-clock.js'
export { open as openEnvelope } from './session/open.js'
export { loadOwnDevice } from './session/own-device.js'
export { Stage } from './session/stage.js'
export { ENVELOPE_INFO, envelopeContext } from './session/wrap.js'
