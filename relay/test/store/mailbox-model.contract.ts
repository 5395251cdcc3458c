import fc from 'fast-check'
import type { Test } from 'tap'
import type { Bytes } from '@sotto/protocol'
import type { Waiting } from '../../src/store/port.js'
import { FORGET_DAY, list, QUOTA, register, type Opened, type StoreScene } from './store-scene.js'

const KEYS = 8

/** What a mailbox must be like, said as plainly as can be. */
interface Model {
  head: number
  acknowledged: number
  rows: ModelRow[]
  /** Key → when its envelope came; 0: it is gone. */
  readonly known: Map<number, number>
  /** Refused, and counted in a gap. */
  readonly refused: Set<number>
}

type ModelRow =
  | {
      readonly kind: 'envelope'
      readonly seq: number
      readonly arrivalMs: number
      readonly stranger: boolean
      readonly key: number
      readonly bytes: number
    }
  | {
      readonly kind: 'gap'
      readonly seq: number
      readonly reason: 'quota' | 'expired'
      readonly count: number
      readonly closed: boolean
    }

interface Real extends Opened {
  readonly mailbox: Bytes
}

class Submit implements fc.AsyncCommand<Model, Real> {
  readonly what: SubmitOf

  constructor(what: SubmitOf) {
    this.what = what
  }

  check(): boolean {
    return true
  }

  async run(model: Model, { commits, store, mailbox }: Real): Promise<void> {
    const { key, bytes, stranger, arrivalMs } = this.what
    const outcome = await commits.change('submit', {
      envelopes: [{ mailbox, key: new Uint8Array(16).fill(key), body: new Uint8Array(bytes) }],
      ...{ stranger, arrivalMs, forgetDay: FORGET_DAY, quota: QUOTA },
    })
    const { kind, answeredMs } = this.#expect(model)
    equal(outcome.kind, kind)
    if (outcome.kind === 'stored') equal(outcome.arrivalMs, answeredMs)
    await compare(model, { store, mailbox })
  }

  #expect(model: Model): { readonly kind: 'stored' | 'full'; readonly answeredMs: number } {
    const { key, stranger, arrivalMs, bytes } = this.what
    const came = model.known.get(key)
    if (came !== undefined) return { kind: 'stored', answeredMs: came }
    if (this.#isFull(model)) {
      if (!model.refused.has(key)) lose(model)
      model.refused.add(key)
      // A stranger is not told.
      return { kind: stranger ? 'stored' : 'full', answeredMs: arrivalMs }
    }
    model.head++
    model.rows.push({ kind: 'envelope', seq: model.head, arrivalMs, stranger, key, bytes })
    model.known.set(key, arrivalMs)
    return { kind: 'stored', answeredMs: arrivalMs }
  }

  #isFull({ rows }: Model): boolean {
    const { bytes, stranger } = this.what
    const envelopes = rows.filter((row) => row.kind === 'envelope')
    const strangers = envelopes.filter((row) => row.stranger)
    const sum = (of: typeof envelopes) => of.reduce((total, row) => total + row.bytes, 0)
    if (rows.length >= QUOTA.envelopes || sum(envelopes) + bytes > QUOTA.bytes) return true
    return (
      stranger &&
      (strangers.length >= QUOTA.strangerEnvelopes || sum(strangers) + bytes > QUOTA.strangerBytes)
    )
  }

  toString(): string {
    return `submit ${JSON.stringify(this.what)}`
  }
}

interface SubmitOf {
  readonly key: number
  readonly bytes: number
  readonly stranger: boolean
  readonly arrivalMs: number
}

/** Anything else that is done to a mailbox: a part of what was given, counted from the end. */
class Change implements fc.AsyncCommand<Model, Real> {
  readonly name: 'acknowledge' | 'close-gaps' | 'sweep'
  readonly back: number

  constructor(name: Change['name'], back: number) {
    this.name = name
    this.back = back
  }

  check(model: Model): boolean {
    return this.name === 'sweep' || model.head >= this.back
  }

  async run(model: Model, { commits, store, mailbox }: Real): Promise<void> {
    const seq = model.head - this.back
    if (this.name === 'acknowledge') {
      await commits.change('acknowledge', { mailbox, seq })
      acknowledge(model, seq)
    } else if (this.name === 'close-gaps') {
      await commits.change('close-gaps', { mailbox, seq })
      model.rows = model.rows.map((row) =>
        row.kind === 'gap' && row.seq <= seq ? { ...row, closed: true } : row,
      )
    } else {
      const beforeMs = this.back * 100
      const { expired } = await commits.change('sweep', { mailbox, beforeMs })
      equal(expired, sweep(model, beforeMs))
    }
    await compare(model, { store, mailbox })
  }

  toString(): string {
    return `${this.name} ${String(this.back)}`
  }
}

function lose(model: Model): void {
  const last = model.rows.at(-1)
  if (last?.kind === 'gap' && last.seq === model.head && last.reason === 'quota' && !last.closed) {
    model.rows = [...model.rows.slice(0, -1), { ...last, count: last.count + 1 }]
    return
  }
  model.head++
  const gap = { kind: 'gap', seq: model.head, reason: 'quota', count: 1, closed: false } as const
  model.rows.push(gap)
}

function acknowledge(model: Model, seq: number): void {
  if (seq <= model.acknowledged) return
  model.acknowledged = seq
  for (const row of model.rows)
    if (row.kind === 'envelope' && row.seq <= seq) model.known.set(row.key, 0)
  model.rows = model.rows.filter((row) => row.seq > seq)
}

/** The oldest run of what is too old becomes gaps; the first that is young enough ends it. */
function sweep(model: Model, beforeMs: number): number {
  const swept: ModelRow[] = []
  let expired = 0
  let over = false
  for (const row of model.rows) {
    if (row.kind === 'envelope' && row.arrivalMs >= beforeMs) over = true
    if (over || row.kind === 'gap') {
      swept.push(row)
      continue
    }
    expired++
    model.known.set(row.key, 0)
    const before = swept.at(-1)
    const joins = before?.kind === 'gap' && before.reason === 'expired' && !before.closed
    if (joins) swept.pop()
    const count = 1 + (joins ? before.count : 0)
    swept.push({ kind: 'gap', seq: row.seq, reason: 'expired', count, closed: false })
  }
  model.rows = swept
  return expired
}

async function compare(model: Model, { store, mailbox }: Pick<Real, 'store' | 'mailbox'>) {
  const { head, acknowledged } = model
  equal(JSON.stringify(await store.findMailbox(mailbox)), JSON.stringify({ head, acknowledged }))
  const waiting = await list(store, mailbox)
  equal(waiting.map(shown).join('\n'), model.rows.map(modelShown).join('\n'))
}

function shown(row: Waiting): string {
  if (row.kind === 'gap')
    return `${String(row.seq)} gap ${row.reason} ${String(row.count)} ${String(row.closed)}`
  return `${String(row.seq)} ${String(row.arrivalMs)} ${String(row.body.length)} ${String(row.stranger)}`
}

function modelShown(row: ModelRow): string {
  if (row.kind === 'gap')
    return `${String(row.seq)} gap ${row.reason} ${String(row.count)} ${String(row.closed)}`
  return `${String(row.seq)} ${String(row.arrivalMs)} ${String(row.bytes)} ${String(row.stranger)}`
}

function equal(is: unknown, shouldBe: unknown): void {
  if (is !== shouldBe) throw new Error(`is\n${String(is)}\nand should be\n${String(shouldBe)}`)
}

const submit = fc
  .record({
    key: fc.nat({ max: KEYS - 1 }),
    bytes: fc.constantFrom(1024, 4096, 16_384),
    stranger: fc.boolean(),
    arrivalMs: fc.integer({ min: 1, max: 500 }),
  })
  .map((what) => new Submit(what))
const change = fc
  .tuple(fc.constantFrom('acknowledge', 'close-gaps', 'sweep' as const), fc.nat({ max: 5 }))
  .map(([name, back]) => new Change(name, back))

/** Every store is, after every sequence of changes, what the model says. */
export function mailboxModelContract(t: Test, scene: StoreScene): void {
  t.test(
    'a mailbox is what its model says, whatever is done to it in whichever order',
    async (t) => {
      const { store, commits } = scene.begin(t)
      await fc.assert(
        fc.asyncProperty(
          fc.commands([submit, submit, change], { maxCommands: 40 }),
          async (commands) => {
            const { mailbox } = await register(commits)
            const model: Model = {
              ...{ head: 0, acknowledged: 0, rows: [] },
              ...{ known: new Map<number, number>(), refused: new Set<number>() },
            }
            await fc.asyncModelRun(() => ({ model, real: { store, commits, mailbox } }), commands)
          },
        ),
        { numRuns: 60 },
      )
      t.pass('for every sequence that was tried')
    },
  )
}
