import type { PeerSubject } from '../relay/subject.js'
import { EJABBERD } from './ejabberd.js'
import { MOSQUITTO } from './mosquitto.js'
import { PROSODY } from './prosody.js'

/** Whoever carries messages for others and is in Debian. Measured where they are installed. */
export const PEERS: readonly PeerSubject[] = [PROSODY, EJABBERD, MOSQUITTO]
