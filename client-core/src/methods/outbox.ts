import { readOutbox } from '../conversation/reading.js'
import { method } from './method.js'

export const outboxMethods = {
  'outbox.list': method({}, ({ core }) => readOutbox(core)),
}
