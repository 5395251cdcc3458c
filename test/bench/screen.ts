import { join } from 'node:path'
import { isolatedEnvironment, tempDir, type Scope } from '../harness/index.js'
import { peakMiB, turnAbout, wallMs, type Subject } from './commands.js'
import type { Figure, RunOptions } from './figure.js'
import { longConversation, type LongConversation } from './screen/conversation.js'
import { floodReceive, floodScreen, type Flood, type ShownFlood } from './screen/flood.js'
import { pagesUp, session, startMs, type Session } from './screen/measures.js'
import { measurePeers, type PeerMeasures } from './screen/peers.js'
import { chatScreen, rowPainter, type ScreenProgram } from './screen/programs.js'
import { soakScreen } from './screen/soak.js'
import { withScope } from '../harness/scope.js'
import { median, quantile } from './statistics.js'

/** Starts are short and noisy: each round of the bench is this many of each. */
const STARTS_A_ROUND = 7
/** 140 MB. */
const RESIDENT_MIB_MAX = 133.5
/** A minute, while messages pour in. */
const GROWTH_MIB_MAX = 0.5
const FEW_MESSAGES = 100
const MANY_MESSAGES = 100_000
/** As far as one can go back in the few; the same of the many, for the first pages of a process are slow. */
const PAGES_BACK = 4
const BACK_SESSIONS = 3

/**
 * docs: the budgets of the chat screen on a terminal of 120 × 40, with 10,000 messages in the open
 * conversation: start, keys, pages and memory beside `node -e 0` and a bare row painter, a flood beside
 * the same without a screen.
 */
export function run(options: RunOptions): Promise<readonly Figure[]> {
  return withScope((scope) => measure(options, scope))
}

interface Compared {
  readonly screen: ScreenProgram
  readonly painter: ScreenProgram
  readonly node: Subject
}

async function measure(options: RunOptions, scope: Scope): Promise<readonly Figure[]> {
  const dir = tempDir(scope)
  if (options.soakMinutes !== undefined) return soak(options, scope, options.soakMinutes)
  const conversation = await longConversation(scope, dir)
  const compared: Compared = {
    screen: chatScreen(conversation),
    painter: rowPainter(dir),
    node: { args: ['-e', '0'], env: isolatedEnvironment(join(dir, 'node')) },
  }
  const peers = await measurePeers(dir, { runs: STARTS_A_ROUND, note: options.note })
  return [
    ...(await starts(options, compared, peers)),
    ...(await sessions(options, compared, conversation, peers)),
    await pagesOfMany(options, scope),
  ]
}

async function soak({ note }: RunOptions, scope: Scope, minutes: number) {
  const conversation = await longConversation(scope, tempDir(scope))
  note(`a flood of ${String(minutes)} minutes`)
  const { late, growth, rate } = await soakScreen(conversation, chatScreen(conversation), minutes)
  note(`messages a second: ${rate.toFixed(1)}`)
  const bench = `screen.rss after ${String(minutes)} min of flood`
  return [
    { bench, value: late, unit: 'MiB', goal: { valueAtMost: RESIDENT_MIB_MAX } },
    {
      bench: 'screen.rss growth in the second half',
      ...{ value: growth, unit: 'MiB/min', goal: { valueAtMost: GROWTH_MIB_MAX } },
    },
  ]
}

/** Pages are read from the store, which has an index of them: how much it holds is of no matter. */
async function pagesOfMany({ rounds, note }: RunOptions, scope: Scope): Promise<Figure> {
  const held = []
  for (const messages of [FEW_MESSAGES, MANY_MESSAGES]) {
    note(`a conversation of ${String(messages)} messages`)
    const conversation = await longConversation(scope, tempDir(scope), messages)
    held.push({ screen: chatScreen(conversation), took: [] as number[] })
  }
  for (let round = 0; round < rounds * BACK_SESSIONS; round++) {
    for (const { screen, took } of held) took.push(...(await pagesUp(screen, PAGES_BACK)))
  }
  const [few = NaN, many = NaN] = held.map(({ took }) => median(took))
  return {
    ...{ bench: `screen.page.p50 of ${String(MANY_MESSAGES)}`, value: many, unit: 'ms' },
    floor: { name: `of ${String(FEW_MESSAGES)}`, value: few },
    goal: { atMost: 1.25 },
  }
}

async function starts(
  { rounds, note }: RunOptions,
  { screen, painter, node }: Compared,
  { starts: peers }: PeerMeasures,
): Promise<readonly Figure[]> {
  const runs = rounds * STARTS_A_ROUND
  note(`${String(runs)} starts of each, turn about`)
  const take = (each: ScreenProgram | Subject): Promise<number> =>
    'isWhole' in each ? startMs(each) : wallMs(each)
  const [ours = [], bare = [], nothing = []] = await turnAbout([screen, painter, node], runs, take)
  const start = { value: median(ours), unit: 'ms' }
  return [
    {
      bench: 'screen.start',
      ...start,
      floor: { name: 'node -e 0', value: median(nothing) },
      goal: { atMost: 4.5 },
      peers,
    },
    {
      bench: 'screen.start beside a bare row painter',
      ...start,
      floor: { name: 'bare row painter', value: median(bare) },
    },
  ]
}

async function sessions(
  { rounds, note }: RunOptions,
  { screen, painter, node }: Compared,
  conversation: LongConversation,
  peers: PeerMeasures,
): Promise<readonly Figure[]> {
  const ours: Session[] = []
  const bare: Session[] = []
  const floods: ShownFlood[] = []
  const unseen: Flood[] = []
  for (let round = 1; round <= rounds; round++) {
    note(`keys, pages and floods, round ${String(round)} of ${String(rounds)}`)
    bare.push(await session(painter))
    ours.push(await session(screen))
    unseen.push(await floodReceive(conversation))
    floods.push(await floodScreen(conversation, screen))
  }
  note(`messages a second: ${floods.map(({ rate }) => rate.toFixed(1)).join(' ')}`)
  const [nodeMiB = []] = await turnAbout([node], rounds, peakMiB)
  const beside = (of: (each: Session) => number) => ({
    value: median(ours.map(of)),
    floor: { name: 'bare row painter', value: median(bare.map(of)) },
  })
  const clears = Math.max(...[...ours, ...floods].map((each) => each.clears))
  const resident = (of: readonly (Session | ShownFlood)[]) => ({
    value: median(of.map(({ residentMiB }) => residentMiB)),
    ...{ unit: 'MiB', floor: { name: 'node -e 0', value: median(nodeMiB) } },
  })
  return [
    {
      bench: 'screen.key.p50',
      ...beside(({ keys }) => median(keys)),
      unit: 'ms',
      goal: { valueAtMost: 8 },
      peers: peers.keys,
    },
    {
      bench: 'screen.key.p99',
      ...beside(({ keys }) => quantile(keys, 0.99)),
      unit: 'ms',
      goal: { valueAtMost: 33 },
    },
    {
      bench: 'screen.page.p50',
      ...beside(({ pages }) => median(pages)),
      unit: 'ms',
      goal: { valueAtMost: 33 },
    },
    {
      bench: 'screen.bytes',
      ...beside(({ bytesAKey }) => bytesAKey),
      unit: 'B/key',
      goal: { valueAtMost: 512 },
    },
    { bench: 'screen.clears', value: clears, unit: '', goal: { valueAtMost: 0 } },
    {
      bench: 'screen.flood',
      value: median(floods.map(({ share }) => share)),
      unit: '% of a core',
      floor: { name: 'receive --follow', value: median(unseen.map(({ share }) => share)) },
      goal: { valueAtMost: 25 },
    },
    {
      bench: 'screen.rss',
      ...resident(ours),
      goal: { valueAtMost: RESIDENT_MIB_MAX },
      peers: peers.resident,
    },
    { bench: 'screen.rss.flood', ...resident(floods), goal: { valueAtMost: RESIDENT_MIB_MAX } },
  ]
}
