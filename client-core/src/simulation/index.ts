/**
 * The door for simulations: an account whose disk is in memory and whose network, clock and faults
 * are whoever's that opens it. Nothing of sotto comes through here.
 */
export { MemoryDisk } from './memory-disk.js'
export { createAccountOn, openAccountOn, type SimulatedClient } from './account.js'
