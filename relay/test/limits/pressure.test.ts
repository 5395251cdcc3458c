import t from 'tap'
import { wire } from '@sotto/protocol'
import { DEFAULT_LIMITS } from '../../src/limits/limits.js'
import { Pressure, type Readings, type Work } from '../../src/limits/pressure.js'
import { SILENT_LOG } from '../../src/log.js'
import {
  keyLeave,
  postRegistration,
  random,
  registeredAccount,
  STRANGER,
  submission,
  TestAccount,
} from '../harness/test-account.js'
import { TestDoor } from '../harness/test-door.js'
import { recordingLog, testRelay } from '../harness/test-relay.js'

const MIB = 2 ** 20
const LIMITS = {
  ...DEFAULT_LIMITS,
  diskReserveBytes: 800 * MIB,
  memoryBytes: 1000 * MIB,
  loopDelayMs: 100,
}
const CALM: Readings = {
  diskFreeBytes: 10_000 * MIB,
  diskBytes: 100_000 * MIB,
  memoryBytes: 100 * MIB,
  loopDelayMs: 1,
}
const ALL: readonly Work[] = [
  'ephemeral',
  'account',
  'stranger',
  'anonymous',
  'change',
  'submission',
  'identified',
]

/** A machine that is as it is told, read once for each `look`. */
function watched(limits = LIMITS) {
  let readings = CALM
  let wake = (): void => undefined
  const told: unknown[] = []
  const log = { ...SILENT_LOG, warn: (...line: unknown[]) => void told.push(line) }
  const pressure = new Pressure({
    clock: { nowMs: () => 0, after: (_, wakeUp) => ((wake = wakeUp), () => undefined) },
    log,
    limits,
    machine: { read: () => Promise.resolve(readings), stop: () => undefined },
  })
  let shorts = 0
  pressure.start(() => shorts++)
  const look = async (changed: Partial<Readings>) => {
    readings = { ...CALM, ...changed }
    wake()
    await new Promise((resolve) => setImmediate(resolve))
    return pressure.level
  }
  return { pressure, look, told, shorts: () => shorts }
}

function refusedBy(pressure: Pressure): readonly Work[] {
  return ALL.filter((work) => pressure.refuses(work))
}

t.test('a calm machine refuses nothing', async (t) => {
  const { pressure, look } = watched()

  t.equal(await look({}), 0)
  t.same(refusedBy(pressure), [])
})

t.test(
  'less and less room on the disk refuses more and more, but nobody who fetches',
  async (t) => {
    const { pressure, look } = watched()
    const at = async (mib: number) => {
      await look({ diskFreeBytes: mib * MIB })
      return refusedBy(pressure)
    }

    t.same(await at(801), [])
    t.same(await at(800), ['ephemeral', 'account', 'stranger'])
    t.same(await at(500), ['ephemeral', 'account', 'stranger', 'anonymous'])
    t.same(await at(200), ['ephemeral', 'account', 'stranger', 'anonymous', 'change', 'submission'])
    t.same(await at(0), ['ephemeral', 'account', 'stranger', 'anonymous', 'change', 'submission'])
  },
)

t.test('memory and a late event loop refuse everything new in the end', async (t) => {
  const memory = watched()
  const loop = watched()

  const byMemory = [
    await memory.look({ memoryBytes: 799 * MIB }),
    await memory.look({ memoryBytes: 801 * MIB }),
    await memory.look({ memoryBytes: 901 * MIB }),
    await memory.look({ memoryBytes: 1001 * MIB }),
  ]
  const byLoop = [
    await loop.look({ loopDelayMs: 99 }),
    await loop.look({ loopDelayMs: 100 }),
    await loop.look({ loopDelayMs: 200 }),
    await loop.look({ loopDelayMs: 5_000 }),
  ]

  t.same(byMemory, [0, 1, 2, 3])
  t.same(byLoop, [0, 1, 2, 3])
  t.same(refusedBy(memory.pressure), ALL)
  t.same(
    refusedBy(loop.pressure),
    ALL.filter((work) => work !== 'identified'),
    'whoever is turned away comes again, and that takes as long',
  )
})

t.test('a level is left only when it is clearly better, and told once', async (t) => {
  const { look, told, shorts } = watched()

  const levels = [
    await look({ loopDelayMs: 210 }),
    await look({ loopDelayMs: 190 }),
    await look({ loopDelayMs: 210 }),
    await look({ loopDelayMs: 170 }),
    await look({ loopDelayMs: 80 }),
    await look({ loopDelayMs: 70 }),
  ]

  t.same(levels, [2, 2, 2, 1, 1, 0])
  t.equal(told.length, 1, 'of what got worse; what got better is no warning')
  t.equal(shorts(), 0, 'the disk has nothing to do with it')
})

t.test('of a small disk a fifth is kept free, whatever the limit says', async (t) => {
  const { look } = watched()

  t.equal(await look({ diskBytes: 100 * MIB, diskFreeBytes: 21 * MIB }), 0)
  t.equal(await look({ diskBytes: 100 * MIB, diskFreeBytes: 19 * MIB }), 1)
})

t.test('a disk that cannot be asked changes nothing', async (t) => {
  let wake = (): void => undefined
  const pressure = new Pressure({
    clock: { nowMs: () => 0, after: (_, wakeUp) => ((wake = wakeUp), () => undefined) },
    log: SILENT_LOG,
    limits: LIMITS,
    machine: { read: () => Promise.reject(new Error('EIO')), stop: () => undefined },
  })
  pressure.start(() => undefined)
  wake()
  await new Promise((resolve) => setImmediate(resolve))

  t.equal(pressure.level, 0)
})

t.test(
  'under pressure what is stored is still fetched, and what is new is told to come later',
  async (t) => {
    let readings = CALM
    const { log, events } = recordingLog()
    const relay = await testRelay(t, {
      log,
      limits: LIMITS,
      machine: { read: () => Promise.resolve(readings), stop: () => undefined },
    })
    const until = async (text: string): Promise<number> => {
      for (;;) {
        const response = await fetch(`${relay.url}/readyz`)
        if ((await response.text()) === `${text}\n`) return response.status
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    }
    const bob = await registeredAccount(relay)
    const sender = await TestDoor.open(relay.url, 'anonymous')
    await sender.expect(submission(bob, [bob.envelope()]), 'submitted')
    const submit = (leave: Parameters<typeof submission>[2]) =>
      sender.ask(submission(bob, [bob.envelope()], leave))
    const strangerTo = (account: Uint8Array<ArrayBuffer>) =>
      sender.ask({ case: 'fetchBundle', value: { account, leave: STRANGER } })
    const pressed = {
      case: 'error',
      value: { code: wire.ErrorCode.UNAVAILABLE, retryAfterMs: 5_000 },
    }

    readings = { ...CALM, diskFreeBytes: 700 * MIB }
    const first = await until('ready, disk 1')
    const strangers = [
      await strangerTo(bob.idBytes),
      await strangerTo(random(16)),
      await sender.ask({ case: 'lookupUsername', value: { hash: random(32), leave: STRANGER } }),
    ]
    const known = await submit(keyLeave(bob))
    const made = await postRegistration(relay.url, new TestAccount(relay.rootKey).registration())
    readings = { ...CALM, diskFreeBytes: 100 * MIB }
    const last = await until('busy, disk 3')
    const refused = await submit(keyLeave(bob))
    await t.rejects(TestDoor.open(relay.url, 'anonymous'), /503/)
    const receiver = await TestDoor.login(relay.url, bob)
    const delivered = await receiver.take('deliver', 2)
    receiver.acknowledge(delivered[1]?.seq ?? 0)
    readings = CALM
    const again = await until('ready')

    t.same([first, last, again], [200, 503, 200])
    t.match(strangers, [pressed, pressed, pressed], 'the same, whether there is anybody or not')
    t.equal(known.case, 'submitted')
    t.match(made, { status: 503, error: { retryAfterMs: 5_000 } })
    t.match(refused, pressed)
    t.match(await submit(keyLeave(bob)), { case: 'submitted' })
    t.same(
      events
        .filter(({ event }) => event === 'pressure.changed')
        .map(({ fields }) => [fields['from'], fields['to']]),
      [
        [0, 1],
        [1, 3],
        [3, 0],
      ],
    )
  },
)
