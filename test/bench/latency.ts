import { contest, figureOf, running } from './contest.js'
import type { Figure, RunOptions } from './figure.js'
import { CARRIERS } from './peers/index.js'
import { measureLatency, PAIRS } from './relay/measures.js'
import { median, quantile } from './statistics.js'

interface Latencies {
  readonly at100: readonly number[]
  readonly at400: readonly number[]
}

/** docs: submit to deliver over 20 pairs, at a rate that is not the relay's. */
export async function run(options: RunOptions): Promise<readonly Figure[]> {
  const measure = running(async (relay): Promise<Latencies> => {
    await relay.prepare(PAIRS)
    const at100 = await measureLatency(relay, { perSecond: 100, messages: 500 })
    const at400 = await measureLatency(relay, { perSecond: 400, messages: 1_600 })
    return { at100, at400 }
  })
  const taken = await contest(options, { name: 'latency', measure, peers: CARRIERS })
  const share = (rate: keyof Latencies, of: number) => (rounds: readonly Latencies[]) =>
    median(rounds.map((round) => quantile(round[rate], of)))
  const figure = (rate: keyof Latencies, percent: number, atMost: number): Figure =>
    figureOf(taken, {
      bench: `latency.${rate}.p${percent}`,
      unit: 'ms',
      summary: share(rate, percent / 100),
      goal: { atMost },
    })
  return [
    figure('at100', 50, 1.3),
    figure('at100', 99, 1.5),
    figure('at400', 50, 1.5),
    figure('at400', 99, 1.5),
  ]
}
