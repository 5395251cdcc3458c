import { tempDir } from '../harness/index.js'
import { contest, figureOf, running } from './contest.js'
import type { Figure, Peer, RunOptions } from './figure.js'
import { EJABBERD_ON_POSTGRES } from './peers/ejabberd.js'
import { CARRIERS } from './peers/index.js'
import { batchedInsertRate } from './relay/batched-insert.js'
import { ECHO } from './relay/floor-subject.js'
import { measureAccept, measureDrain, measureOnline } from './relay/measures.js'
import { measureRefusals } from './relay/refusals.js'
import { withScope } from '../harness/scope.js'
import { median } from './statistics.js'

/** docs: what the relay carries in a second, beside the floor relay and the peers; and its refusals. */
export async function run(options: RunOptions): Promise<readonly Figure[]> {
  const rate = (name: string, measure: typeof measureAccept) =>
    contest(options, { name, measure: running(measure), peers: CARRIERS })
  const summary = { unit: 'msg/s', summary: median }
  const accept = figureOf(await rate('accept', measureAccept), {
    ...summary,
    bench: 'relay.accept',
    goal: { atLeast: 0.8 },
    peerGoals: { [EJABBERD_ON_POSTGRES.name]: { atLeast: 25 } },
  })
  return [
    { ...accept, peers: [...(await parts(options)), ...(accept.peers ?? [])] },
    figureOf(await rate('online', measureOnline), {
      ...summary,
      bench: 'relay.online',
      goal: { atLeast: 0.7 },
      peerGoals: { prosody: { atLeast: 6 } },
    }),
    figureOf(await rate('drain', measureDrain), {
      ...summary,
      bench: 'relay.drain',
      goal: { atLeast: 0.7 },
    }),
    ...(await withScope(measureRefusals(options.note))),
  ]
}

/** What the floor relay is made of, each alone. */
async function parts(options: RunOptions): Promise<readonly Peer[]> {
  options.note('accept: bare ws alone, and SQLite alone')
  const echoed = await withScope((scope) => running(measureAccept)(ECHO, tempDir(scope), scope))
  const inserted = await withScope(batchedInsertRate)
  return [
    {
      name: ECHO.name,
      value: echoed,
      durability: 'none: the frame goes back, nothing is kept',
    },
    {
      name: 'batched insert',
      value: inserted,
      durability: 'SQLite with synchronous=FULL, 64 in a commit, no network',
    },
  ]
}
