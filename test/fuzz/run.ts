import { hex, type Bytes } from '@sotto/protocol'
import { parseArguments, type Asked } from './arguments.js'
import type { Blocks } from './blocks.js'
import { readOnceBroken, readReached, writeReached } from './corpus.js'
import { saveFinding } from './finding.js'
import { distilled, fuzz, type FuzzOptions, type Fuzzed } from './fuzzer.js'
import type { Target } from './target.js'
import { TARGETS } from './targets/index.js'
import { Watchdog } from './watchdog.js'

/** `npm run fuzz -- …`. Answers the exit code. */
export async function run(args: readonly string[], blocks: Blocks): Promise<number> {
  let asked: Asked
  let chosen: readonly Target[]
  try {
    asked = parseArguments(args)
    chosen = TARGETS.filter(({ name }) => asked.target === undefined || name === asked.target)
    if (chosen.length === 0)
      throw new Error(`there is no target ${asked.target ?? ''}; there are ${namesOf(TARGETS)}`)
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}
usage: npm run fuzz -- [target] [--seconds N] [--seed N] [--keep]`)
    return 64
  }
  let broken = 0
  for (const target of chosen) {
    const corpus = [
      ...readReached(target.name),
      ...readOnceBroken(target.name).map(({ input }) => input),
    ]
    const dog = new Watchdog(target.name)
    const options: FuzzOptions = {
      ...{ target, blocks, corpus, seed: asked.seed },
      runsMax: Infinity,
      msMax: asked.seconds * 1000,
      begin: (input) => {
        dog.begin(input)
      },
    }
    const fuzzed = await fuzz(options)
    await dog.end()
    console.log(summary(target, fuzzed))
    if (fuzzed.finding !== undefined) {
      broken++
      report(target, asked, fuzzed.finding)
    } else if (asked.keep) writeReached(target.name, await distilled(options, fuzzed.kept))
  }
  return broken > 0 ? 1 : 0
}

function summary({ name }: Target, { runs, tookMs, blocks, kept }: Fuzzed): string {
  const rate = Math.round((runs * 1000) / tookMs)
  return `${name.padEnd(18)} ${String(runs).padStart(9)} inputs ${String(rate).padStart(7)}/s ${String(blocks).padStart(5)} blocks ${String(kept.length).padStart(4)} kept`
}

function report(
  { name }: Target,
  { seed }: Asked,
  { input, what }: { readonly input: Bytes; readonly what: string },
): void {
  const path = saveFinding(name, input)
  console.log(`${name}: ${what}
  input: ${hex(input)}
  saved as ${path}
  again: npm run fuzz -- ${name} --seed ${String(seed)}`)
}

function namesOf(targets: readonly Target[]): string {
  return targets.map(({ name }) => name).join(', ')
}
