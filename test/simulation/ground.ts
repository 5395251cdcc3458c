import { PrivateKey } from '@signalapp/libsignal-client'
import { MemoryDisk } from '@sotto/client-core/simulation'
import { MemoryDisk as RelayDisk, passingKeys } from '@sotto/relay'
import { Prng } from './prng.js'
import { World, type Ground } from './world.js'

/** One for all worlds, since account ids follow from it: they decide who comes first in any order. */
const KEYS = passingKeys(PrivateKey.deserialize(new Prng(0, 'relay root').bytes(32)))

const EPOCH_MS = Date.UTC(2026, 0, 5, 9)
/** Until then everybody has made an account. */
const SETTLING_MS = 10 * 60_000
/** Every so many seeds the accounts are made anew, under whatever faults come first. */
const SEEDS_PER_FRESH = 10

/** Grounds that were made once in this process, by how many clients: what brings them back. */
type Grounds = Map<number, () => Ground>

const empty: Grounds = new Map()
/** Accounts were made on these. */
const settled: Grounds = new Map()

/** What the world of a seed stands on. One world at a time: the next takes back what this one does. */
export async function groundOf(seed: number, clients: number): Promise<Ground> {
  const isFresh = seed % SEEDS_PER_FRESH === 0
  const grounds = isFresh ? empty : settled
  const again =
    grounds.get(clients) ?? (isFresh ? taken(emptyGround(clients)) : await settle(clients))
  grounds.set(clients, again)
  return again()
}

function emptyGround(clients: number): Ground {
  return {
    keys: KEYS,
    epochMs: EPOCH_MS,
    relay: new RelayDisk(),
    records: [],
    clients: Array.from({ length: clients }, () => new MemoryDisk()),
    registered: false,
  }
}

/** Lets everybody make an account, and answers what brings the disks back to that. */
async function settle(clients: number): Promise<() => Ground> {
  const ground = emptyGround(clients)
  const world = new World(0, ground)
  await world.begin()
  world.end()
  const records = [...world.relay.records]
  return taken({ ...ground, epochMs: EPOCH_MS + SETTLING_MS, records, registered: true })
}

/** What brings the disks of a ground back to what is on them now. */
function taken(ground: Ground): () => Ground {
  for (const disk of ground.clients) disk.mark()
  const backup = ground.relay.backUp()
  return () => {
    for (const disk of ground.clients) disk.takeBack()
    ground.relay.restore(backup)
    return ground
  }
}
