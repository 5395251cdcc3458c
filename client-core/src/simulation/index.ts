/**
 * The door for simulations: an account whose disk is in memory and whose network, clock and faults
 * are whoever's that opens it; and for tests of a face, answers without an account. Nothing of sotto
 * comes through here.
 */
export { answering, type Answers } from './answers.js'
export { MemoryDisk } from './memory-disk.js'
export { createAccountOn, openAccountOn, type SimulatedClient } from './account.js'
