/**
 * The door for commands that only ask: whatever is behind it loads neither libsignal nor the
 * database nor the keyring, so that asking the owner of an account costs next to nothing.
 */
export { findOwner, isNamed, type Found } from './find-owner.js'
export { knock, type Knock, type RemoteClient } from './remote-client.js'
export { OwnerLeft } from './rpc.js'
export { accountBusy } from '../home/owner-note.js'
export { homeWarnings } from '../home/home.js'
