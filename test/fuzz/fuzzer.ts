import { ownBytes, utf8, type Bytes } from '@sotto/protocol'
import { Prng } from '../simulation/prng.js'
import type { Blocks } from './blocks.js'
import { mutate } from './mutate.js'
import type { Target } from './target.js'
import { trial } from './trial.js'

export interface FuzzOptions {
  readonly target: Target
  readonly blocks: Blocks
  readonly seed: number
  /** Inputs kept from before. */
  readonly corpus: readonly Bytes[]
  /** Ends after so many inputs … */
  readonly runsMax: number
  /** … or so long, whichever comes first. */
  readonly msMax: number
  /** Told before each input: whoever watches knows which one it was. */
  readonly begin?: (input: Bytes) => void
}

export interface Fuzzed {
  readonly runs: number
  readonly tookMs: number
  readonly blocks: number
  /** Inputs that reached something no other did before them. */
  readonly kept: readonly Bytes[]
  readonly finding: { readonly input: Bytes; readonly what: string } | undefined
}

const BYTES_MAX = 2_048
/** How many of the inputs kept last are tried as often as all others. */
const NEWEST = 16

/**
 * Feeds a parser with mutations of what reached something new before. The same seed and corpus give
 * the same inputs, as far as the parser does the same each time.
 */
export async function fuzz(options: FuzzOptions): Promise<Fuzzed> {
  const { target, blocks, corpus, runsMax, msMax, begin } = options
  const random = new Prng(options.seed, target.name)
  const { tokens = [], bytesMax = BYTES_MAX, isProtobuf = false } = target
  const words = tokens.map(utf8)
  const kept: Bytes[] = []
  const begunMs = performance.now()
  let runs = 0
  let what: string | undefined
  blocks.forget()

  const run = async (input: Bytes): Promise<boolean> => {
    begin?.(input)
    runs++
    blocks.clear()
    what = await trial(target, ownBytes(input))
    if (what !== undefined) return false
    if (blocks.learn()) kept.push(input)
    return true
  }
  const done = (finding: Fuzzed['finding']): Fuzzed => ({
    ...{ runs, kept, finding, blocks: blocks.reachedCount },
    tookMs: performance.now() - begunMs,
  })

  for (const input of [new Uint8Array(0), ...target.seeds, ...corpus])
    if (!(await run(input))) return done({ input, what: what ?? '' })
  const other = (): Bytes => random.pick(kept)
  while (runs < runsMax && performance.now() - begunMs < msMax) {
    const base = random.chance(0.5) ? other() : random.pick(kept.slice(-NEWEST))
    const input = mutate(base, { random, bytesMax, tokens: words, isProtobuf, other })
    if (!(await run(input)))
      return done({ input: await shortened(target, input, random), what: what ?? '' })
  }
  return done(undefined)
}

const SHORTENINGS_MAX = 2_000
/** Of each input that is kept: it need not be the least. */
const TRIMS_MAX = 200

/** The input with as much taken away as still breaks the parser. */
export async function shortened(target: Target, input: Bytes, random: Prng): Promise<Bytes> {
  return shorten(input, { random, triesMax: SHORTENINGS_MAX }, async (candidate) => {
    const wrong = await trial(target, ownBytes(candidate))
    return wrong !== undefined
  })
}

/** Takes away pieces, long ones first, as long as `holds` says that it still does. */
export async function shorten(
  input: Bytes,
  { random, triesMax }: { readonly random: Prng; readonly triesMax: number },
  holds: (candidate: Bytes) => Promise<boolean>,
): Promise<Bytes> {
  let least = input
  let length = Math.ceil(input.length / 2)
  for (let tries = 0; tries < triesMax && least.length > 0; tries++) {
    const at = random.below(least.length)
    const candidate = new Uint8Array([...least.subarray(0, at), ...least.subarray(at + length)])
    if (candidate.length < least.length && (await holds(candidate))) least = candidate
    else length = length > 1 && tries % 8 === 7 ? Math.ceil(length / 2) : length
  }
  return least
}

/**
 * Few and small inputs that run together every block that all of them run; how often, the corpus
 * forgets, or it would be large.
 */
export async function distilled(
  { target, blocks, seed }: Pick<FuzzOptions, 'target' | 'blocks' | 'seed'>,
  inputs: readonly Bytes[],
): Promise<readonly Bytes[]> {
  const random = new Prng(seed, `distil ${target.name}`)
  const known = new Set<number>()
  const ran = async (input: Bytes): Promise<ReadonlySet<number>> => {
    blocks.clear()
    await trial(target, ownBytes(input))
    return blocks.ran()
  }
  const least: Bytes[] = []
  for (const input of [...inputs].sort((a, b) => a.length - b.length)) {
    const news = [...(await ran(input))].filter((block) => !known.has(block))
    if (news.length === 0) continue
    const small = await shorten(input, { random, triesMax: TRIMS_MAX }, async (candidate) => {
      const reached = await ran(candidate)
      return news.every((block) => reached.has(block))
    })
    for (const block of await ran(small)) known.add(block)
    least.push(small)
  }
  return least.sort((a, b) => a.length - b.length)
}
