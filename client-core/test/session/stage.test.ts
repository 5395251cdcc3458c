import fc from 'fast-check'
import { parseDeviceId } from '@sotto/protocol'
import { test } from 'tap'
import { Stage } from '../../src/session/stage.js'
import type { Store } from '../../src/store/store.js'
import { ALICE, beginStore, BOB } from '../store/scene.js'

const PLACES = [
  { account: ALICE, device: parseDeviceId(1) },
  { account: ALICE, device: parseDeviceId(2) },
  { account: BOB, device: parseDeviceId(1) },
] as const

/** Sessions by place: what each layer says of them, `undefined` where it removed one. */
type Layer = ReadonlyMap<number, number | undefined>

interface Model {
  committed: Layer
  /** The stage, and the fork on top of it where there is one. */
  layers: readonly Layer[]
}

interface Real {
  readonly store: Store
  lowest: Stage
  fork: Stage | undefined
}

function seen({ committed, layers }: Model, place: number): number | undefined {
  const layer = layers.findLast((each) => each.has(place)) ?? committed
  return layer.get(place)
}

function changed(model: Model, place: number, value: number | undefined): void {
  model.layers = model.layers.with(-1, new Map(model.layers.at(-1)).set(place, value))
}

function compare(model: Model, { store, lowest, fork }: Real): void {
  for (const [place, { account, device }] of PLACES.entries()) {
    const staged = (fork ?? lowest).session(account, device)?.manifestSent
    if (staged !== seen(model, place)) throw new Error('a stage does not say what was staged')
    const stored = store.read.peers.session(account, device)?.manifestSent
    if (stored !== model.committed.get(place))
      throw new Error('the store does not say what was committed')
  }
}

class Step implements fc.Command<Model, Real> {
  readonly name: string
  readonly isPossible: (model: Model) => boolean
  readonly act: (model: Model, real: Real) => void

  constructor(
    name: string,
    isPossible: (model: Model) => boolean,
    act: (model: Model, real: Real) => void,
  ) {
    this.name = name
    this.isPossible = isPossible
    this.act = act
  }

  check(model: Readonly<Model>): boolean {
    return this.isPossible(model)
  }

  run(model: Model, real: Real): void {
    this.act(model, real)
    compare(model, real)
  }

  toString(): string {
    return this.name
  }
}

const isForked = ({ layers }: Model): boolean => layers.length === 2
const isAlone = ({ layers }: Model): boolean => layers.length === 1
const place = fc.nat({ max: PLACES.length - 1 })

const save = fc.tuple(place, fc.nat({ max: 99 })).map(
  ([at, manifestSent]) =>
    new Step(
      `save ${String(at)} ${String(manifestSent)}`,
      () => true,
      (model, { lowest, fork }) => {
        const record = new Uint8Array(4)
        ;(fork ?? lowest).saveSession({ ...PLACES[at]!, record, confirmed: true, manifestSent })
        changed(model, at, manifestSent)
      },
    ),
)
const remove = place.map(
  (at) =>
    new Step(
      `remove ${String(at)}`,
      () => true,
      (model, { lowest, fork }) => {
        const { account, device } = PLACES[at]!
        ;(fork ?? lowest).removeSession(account, device)
        changed(model, at, undefined)
      },
    ),
)
const fork = new Step('fork', isAlone, (model, real) => {
  real.fork = real.lowest.fork()
  model.layers = [...model.layers, new Map()]
})
const adopt = new Step('adopt', isForked, (model, real) => {
  real.lowest.adopt(real.fork!)
  real.fork = undefined
  model.layers = [new Map(model.layers.flatMap((layer) => [...layer]))]
})
const forget = new Step('forget', isForked, (model, real) => {
  real.fork = undefined
  model.layers = model.layers.slice(0, 1)
})
const commit = new Step('commit', isAlone, (model, real) => {
  real.store.transact((tx) => {
    real.lowest.commit(tx, 0)
  })
  real.lowest = new Stage(real.store.read)
  const now = new Map([...model.committed, ...model.layers.flatMap((layer) => [...layer])])
  model.committed = now
  model.layers = [new Map()]
})
const crash = new Step(
  'crash',
  () => true,
  (model, real) => {
    real.lowest = new Stage(real.store.read)
    real.fork = undefined
    model.layers = [new Map()]
  },
)
const rest = fc.constantFrom(fork, adopt, forget, commit, crash)

test('a stage shows what was staged over what is committed, and only a commit changes that', async (t) => {
  fc.assert(
    fc.property(fc.commands([save, remove, rest], { maxCommands: 40 }), (commands) => {
      const { store } = beginStore(t)
      fc.modelRun(
        () => ({
          model: { committed: new Map(), layers: [new Map()] },
          real: { store, lowest: new Stage(store.read), fork: undefined },
        }),
        commands,
      )
    }),
    { numRuns: 25 },
  )
  t.pass('for every sequence that was tried')
})
