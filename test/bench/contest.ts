import { tempDir, type Scope } from '../harness/index.js'
import type { Figure, Goal, Peer, RunOptions } from './figure.js'
import { FLOOR } from './relay/floor-subject.js'
import { SOTTO } from './relay/sotto-subject.js'
import type { PeerSubject, Running, Subject } from './relay/subject.js'
import { withScope } from '../harness/scope.js'

/** What is measured of each; `folder` is new and gone afterwards. */
export type Measure<Value> = (subject: Subject, folder: string, scope: Scope) => Promise<Value>

/** What was measured of each, a value for each round. */
export interface Contest<Value> {
  readonly sotto: readonly Value[]
  readonly floor: { readonly name: string; readonly values: readonly Value[] }
  readonly peers: readonly PeerValues<Value>[]
}

type PeerValues<Value> =
  | { readonly peer: PeerSubject; readonly values: readonly Value[] }
  | { readonly peer: PeerSubject; readonly skipped: string }

export interface ContestOptions<Value> {
  /** For whoever waits. */
  readonly name: string
  readonly measure: Measure<Value>
  readonly peers?: readonly PeerSubject[]
  /** The floor relay unless given. */
  readonly floor?: Subject
}

/**
 * The same measure on the sotto relay and on its floor, turn about, as often as asked; on each peer
 * that is there in the first round only, since some are a hundred times slower.
 */
export async function contest<Value>(
  { rounds, note }: RunOptions,
  { name, measure, peers = [], floor = FLOOR }: ContestOptions<Value>,
): Promise<Contest<Value>> {
  const take = (subject: Subject): Promise<Value> =>
    withScope((scope) => measure(subject, tempDir(scope), scope))
  const values = new Map<Subject, Value[]>([
    [SOTTO, []],
    [floor, []],
  ])
  const peerValues: PeerValues<Value>[] = []
  for (let round = 1; round <= rounds; round++) {
    note(`${name}, round ${round} of ${rounds}`)
    const order = round % 2 === 0 ? [SOTTO, floor] : [floor, SOTTO]
    for (const subject of order) values.get(subject)?.push(await take(subject))
    if (round > 1) continue
    for (const peer of peers) peerValues.push(await takePeer(peer, take, note))
  }
  return {
    sotto: values.get(SOTTO) ?? [],
    floor: { name: floor.name, values: values.get(floor) ?? [] },
    peers: peerValues,
  }
}

/** A peer that is not there, or not as its adapter knows it, is named and left out. */
async function takePeer<Value>(
  peer: PeerSubject,
  take: (subject: Subject) => Promise<Value>,
  note: (line: string) => void,
): Promise<PeerValues<Value>> {
  if (!peer.isInstalled()) {
    note(`${peer.name} is skipped: it is not installed`)
    return { peer, skipped: 'not installed' }
  }
  try {
    return { peer, values: [await take(peer)] }
  } catch (fault) {
    const [reason = ''] = (fault instanceof Error ? fault.message : String(fault)).split('\n')
    note(`${peer.name} is skipped: ${String(fault)}`)
    return { peer, skipped: reason }
  }
}

export function running<Value>(measure: (running: Running) => Promise<Value>): Measure<Value> {
  return async (subject, folder, scope) => measure(await subject.start(scope, folder))
}

export interface FigureOptions<Value> {
  readonly bench: string
  readonly unit: string
  /** One number of all rounds. */
  readonly summary: (values: readonly Value[]) => number
  readonly goal?: Goal
  /** By the name of the peer. */
  readonly peerGoals?: Readonly<Record<string, Goal>>
}

export function figureOf<Value>(
  { sotto, floor, peers }: Contest<Value>,
  { bench, unit, summary, goal, peerGoals = {} }: FigureOptions<Value>,
): Figure {
  const peerFigures = peers.map((each): Peer => {
    const { name, durability } = each.peer
    if ('skipped' in each) return { name, skipped: each.skipped }
    const asked = peerGoals[name]
    const value = summary(each.values)
    return { name, value, durability, ...(asked !== undefined && { goal: asked }) }
  })
  return {
    bench,
    value: summary(sotto),
    unit,
    floor: { name: floor.name, value: summary(floor.values) },
    ...(peerFigures.length > 0 && { peers: peerFigures }),
    ...(goal !== undefined && { goal }),
  }
}
