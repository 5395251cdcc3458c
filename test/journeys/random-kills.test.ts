import { join } from 'node:path'
import { test } from 'tap'
import {
  historyOf,
  makePair,
  personAt,
  ProgramProcess,
  isolatedEnvironment,
  ROOT,
  startRelay,
  startSotto,
  tempDir,
  type RelayProcess,
  type Scope,
} from '../harness/index.js'
import { seeded } from '../harness/random.js'

const MESSAGES = 300
const KILLS = 100
/** Between two messages, so that most kills come while messages are under way. */
const PACE_MS = 60
const KILLS_UNDER_WAY_MIN = 50
const LAST_KILL_MS = 240_000
/** When nothing has been accepted or received for so long, nothing will be. */
const STALLED_MS = 120_000

interface Event {
  readonly seq: number
  readonly id: string
  readonly type: string
  readonly message?: { readonly id: string; readonly text: string }
}

/** A sender, a receiver and a relay, each started again when it has been killed. */
class Stage {
  readonly #scope: Scope
  readonly #dir: string
  readonly #homes: { readonly alice: string; readonly bob: string }
  readonly events: Event[] = []
  relay: RelayProcess
  #sender: ProgramProcess | undefined
  #receiver: ProgramProcess | undefined
  #accepted = 0
  #receiverLines = 0

  constructor(
    scope: Scope,
    dir: string,
    relay: RelayProcess,
    homes: { readonly alice: string; readonly bob: string },
  ) {
    this.#scope = scope
    this.#dir = dir
    this.relay = relay
    this.#homes = homes
  }

  get isDone(): boolean {
    return this.progress === 2 * MESSAGES
  }

  /** How many messages the relay accepted, and how many the receiver printed. */
  get progress(): number {
    this.#read()
    const texts = new Set(
      this.events
        .filter((event) => event.type === 'message.received')
        .map((event) => event.message?.text),
    )
    return this.#accepted + texts.size
  }

  startSender(): void {
    this.#sender = new ProgramProcess(this.#scope, {
      program: join(ROOT, 'test/out/harness/sender.js'),
      args: [
        this.#homes.alice,
        '@bob.42',
        String(this.#accepted + 1),
        String(MESSAGES),
        String(PACE_MS),
      ],
      env: isolatedEnvironment(this.#homes.alice),
    })
  }

  startReceiver(): void {
    this.#receiverLines = 0
    this.#receiver = startSotto(this.#scope, this.#homes.bob, ['receive', '--follow', '--json'])
  }

  async killSender(): Promise<void> {
    await this.#sender?.kill()
    this.#read()
    if (this.#accepted < MESSAGES) this.startSender()
  }

  async killReceiver(): Promise<void> {
    await this.#receiver?.kill()
    this.#read()
    this.startReceiver()
  }

  async killRelay(): Promise<void> {
    await this.relay.kill()
    this.relay = await startRelay(this.#scope, { dir: this.#dir, port: this.relay.port })
  }

  async stop(): Promise<void> {
    await this.#sender?.kill()
    await this.#receiver?.stop()
  }

  /** What the programs printed: a killed process may print an event again, never leave one out. */
  #read(): void {
    for (const line of this.#sender?.lines ?? [])
      this.#accepted = Math.max(this.#accepted, Number(line))
    const lines = this.#receiver?.lines ?? []
    for (const line of lines.slice(this.#receiverLines)) this.events.push(JSON.parse(line) as Event)
    this.#receiverLines = lines.length
  }
}

async function wait(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms))
}

interface Kills {
  readonly all: number
  /** While messages were still to be sent or received. */
  readonly underWay: number
}

async function killAtRandom(stage: Stage, random: () => number): Promise<Kills> {
  const startMs = Date.now()
  let [kills, underWay] = [0, 0]
  for (; kills < KILLS && Date.now() - startMs < LAST_KILL_MS; kills++) {
    await wait(20 + random() * 250)
    if (!stage.isDone) underWay += 1
    const victim = Math.floor(random() * 3)
    if (victim === 0) await stage.killSender()
    else if (victim === 1) await stage.killReceiver()
    else await stage.killRelay()
  }
  return { all: kills, underWay }
}

/** Until all is there, however slow the machine is, or nothing moves any more. */
async function settle(stage: Stage): Promise<void> {
  let [progress, sinceMs] = [stage.progress, Date.now()]
  while (!stage.isDone && Date.now() - sinceMs < STALLED_MS) {
    await wait(100)
    if (stage.progress > progress) [progress, sinceMs] = [stage.progress, Date.now()]
  }
}

test('300 messages arrive once and in order while sender, receiver and relay are killed 100 times', async (t) => {
  const seed = Number(process.env['SOTTO_SEED'] ?? Date.now() % 2 ** 31)
  t.comment(`seed ${String(seed)} (SOTTO_SEED plays it again)`)
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  await makePair(relay, dir)
  const homes = { alice: join(dir, 'alice'), bob: join(dir, 'bob') }
  const stage = new Stage(t, dir, relay, homes)
  stage.startReceiver()
  stage.startSender()

  const kills = await killAtRandom(stage, seeded(seed))
  await settle(stage)
  await stage.stop()

  const wanted = Array.from({ length: MESSAGES }, (_, index) => `message ${String(index + 1)}`)
  const received = await historyOf(personAt(homes.bob, 'bob'), '@alice.42')
  const sent = await historyOf(personAt(homes.alice, 'alice'), '@bob.42')
  const printed = new Map(
    stage.events
      .filter((event) => event.type === 'message.received')
      .map((event) => [event.id, event]),
  )
  const inOrder = [...printed.values()]
    .sort((a, b) => a.seq - b.seq)
    .map((event) => event.message?.text)
  t.equal(kills.all, KILLS)
  t.ok(
    kills.underWay >= KILLS_UNDER_WAY_MIN,
    `${String(kills.underWay)} kills came while messages were under way`,
  )
  t.same(
    received.map((line) => line.message.text),
    wanted,
  )
  t.same(
    sent.map((line) => line.message.text),
    wanted,
  )
  t.same(inOrder, wanted)
  t.same(
    stage.events.filter((event) => event.type === 'message.undecryptable' || event.type === 'gap'),
    [],
  )
})
