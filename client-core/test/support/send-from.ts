import type { MessageId } from '@sotto/protocol'
import { send, type SendRequest } from '../../src/outbox/send.js'
import { Turns } from '../../src/outbox/turns.js'
import type { Desk } from './desk.js'

const TURNS = new WeakMap<Desk, Turns>()

function turnsOf(desk: Desk): Turns {
  const turns = TURNS.get(desk) ?? new Turns()
  TURNS.set(desk, turns)
  return turns
}

/** `send` as the client calls it. */
export function sendFrom(
  desk: Desk,
  request: SendRequest,
  options: Omit<SendRequest, 'to' | 'text'> = {},
  parts: {
    readonly reach?: () => Promise<void>
    readonly approach?: () => Promise<void>
    readonly isAccepted?: (message: MessageId) => boolean
  } = {},
) {
  const { worker, changed, network } = desk
  const { reach = () => Promise.resolve(), isAccepted = () => false } = parts
  const { approach = network.door.approach } = parts
  const door = { ...network.door, reach, approach }
  const connection = { start: () => undefined, storedCertificate: () => desk.person.certificate }
  const check = () => undefined
  const { core } = desk.person
  const ports = { worker, changed, check, turns: turnsOf(desk), isAccepted }
  const open = { core, ...ports, anonymous: door, connection }
  return send(open, { ...request, ...options })
}
