import type { PeerSubject } from '../relay/subject.js'
import { EJABBERD, EJABBERD_ON_POSTGRES } from './ejabberd.js'
import { MOSQUITTO } from './mosquitto.js'
import { PROSODY } from './prosody.js'

/** Whoever carries messages for others and is in Debian. Measured where they are installed. */
export const PEERS: readonly PeerSubject[] = [PROSODY, EJABBERD, MOSQUITTO]

/** With who keeps what it carries in a database of its own, which is there before it starts. */
export const CARRIERS: readonly PeerSubject[] = [...PEERS, EJABBERD_ON_POSTGRES]
