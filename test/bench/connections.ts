import { readFileSync } from 'node:fs'
import type { Scope } from '../harness/index.js'
import { contest, figureOf } from './contest.js'
import type { Figure, RunOptions } from './figure.js'
import { EJABBERD } from './peers/ejabberd.js'
import { PROSODY } from './peers/prosody.js'
import { ECHO } from './relay/floor-subject.js'
import { measureIdle } from './relay/idle.js'
import { measureStorm, type Storm } from './relay/storm.js'
import type { PeerSubject, Subject } from './relay/subject.js'
import { median } from './statistics.js'

const COUNTS = [5_000, 10_000] as const
/** What either end has open beside its connections. */
const OTHER_FILES = 500
/** Those of XMPP log in a hundred times slower: fewer are enough to say what one costs. */
const FEW = 1_000
const XMPP = [PROSODY, EJABBERD].map((peer) => ({ ...peer, name: `${peer.name}, ${String(FEW)}` }))
const BARE_WS: PeerSubject = {
  ...ECHO,
  durability: 'none: nobody logs in and nothing is kept',
  isInstalled: () => true,
}

interface Connected {
  /** KiB a connection, for each count. */
  readonly idleKiB: readonly number[]
  readonly storm: Storm | undefined
}

/**
 * docs: what a connection costs that is logged in and does nothing, beside bare ws, the floor relay
 * and the peers; and how long it takes until all are back that lost their relay at the same moment.
 * Memory hardly differs from one round to the next, so that there is one.
 */
export async function run(options: RunOptions): Promise<readonly Figure[]> {
  const counts = COUNTS.filter((count) => count + OTHER_FILES <= openFilesMax())
  for (const count of COUNTS.filter((each) => !counts.includes(each)))
    options.note(`${String(count)} are skipped: ulimit -Hn is ${String(openFilesMax())}`)
  if (counts.length === 0) return []
  const peers = [BARE_WS, ...XMPP]
  const measure = async (subject: Subject, folder: string, scope: Scope): Promise<Connected> => {
    options.note(`idle: ${subject.name}`)
    const relay = await subject.start(scope, folder, { weighed: true })
    const isXmpp = XMPP.some(({ name }) => name === subject.name)
    const idleKiB = await measureIdle(relay, isXmpp ? [FEW] : counts)
    if (peers.some(({ name }) => name === subject.name)) return { idleKiB, storm: undefined }
    options.note(`storm: ${subject.name}`)
    const count = counts.at(-1) ?? 0
    const restart = () => subject.start(scope, folder, { port: relay.port })
    return { idleKiB, storm: await measureStorm(relay, { count, restart }) }
  }
  const name = 'connections'
  const taken = await contest({ ...options, rounds: 1 }, { name, measure, peers })
  const ofStorm = (pick: (storm: Storm) => number) => (values: readonly Connected[]) =>
    median(values.flatMap(({ storm }) => (storm === undefined ? [] : [pick(storm)])))
  return [
    ...counts.map((count, at) =>
      figureOf(at === 0 ? taken : { ...taken, peers: taken.peers.filter(isBare) }, {
        bench: `connections.idle.${String(count)}`,
        unit: 'KiB',
        summary: (values) => median(values.map(({ idleKiB }) => idleKiB[at] ?? NaN)),
        goal: { valueAtMost: 16 },
      }),
    ),
    figureOf(
      { ...taken, peers: [] },
      {
        bench: 'connections.storm',
        unit: 's',
        summary: ofStorm(({ tookMs }) => tookMs / 1000),
        goal: { valueAtMost: 10 },
      },
    ),
    {
      bench: 'connections.storm.lost',
      value: ofStorm(({ lost }) => lost)(taken.sotto),
      unit: 'messages',
      goal: { valueAtMost: 0 },
    },
  ]
}

function isBare({ peer }: { readonly peer: PeerSubject }): boolean {
  return peer === BARE_WS
}

/** The limit up to which Node raises its own. */
function openFilesMax(): number {
  const limits = readFileSync('/proc/self/limits', 'utf8')
  const [, hard = ''] = /^Max open files +\S+ +(\S+)/m.exec(limits) ?? []
  return hard === 'unlimited' ? Infinity : Number(hard)
}
