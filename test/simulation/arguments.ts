import { parseArgs } from 'node:util'

/** What `npm run sim -- …` was asked for. */
export interface Asked {
  readonly from: number
  /** Included. */
  readonly to: number
  readonly steps: number
  /** In the world of a seed: what was asked for, else by the seed. */
  readonly clientsOf: (seed: number) => number
  /** Runs on after the last seed until something is found. */
  readonly soak: boolean
  /** Prints every step; for one seed. */
  readonly trace: boolean
  readonly jobs: number
}

export const CLIENTS_MAX = 8

/** Throws an Error that says what is wrong with the arguments. */
export function parseArguments(args: readonly string[], cores: number): Asked {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string' },
      seeds: { type: 'string' },
      steps: { type: 'string', default: '200' },
      clients: { type: 'string' },
      jobs: { type: 'string', default: String(cores) },
      soak: { type: 'boolean', default: false },
      trace: { type: 'boolean', default: false },
    },
  })
  const { from, to } = seedsOf(values)
  const clients = values.clients === undefined ? undefined : whole('clients', values.clients)
  if (clients !== undefined && (clients < 2 || clients > CLIENTS_MAX))
    throw new Error(`--clients is a number from 2 to ${String(CLIENTS_MAX)}`)
  return {
    ...{ from, to, soak: values.soak, trace: values.trace },
    clientsOf: (seed) => clients ?? usualClients(seed),
    steps: whole('steps', values.steps),
    jobs: Math.max(1, whole('jobs', values.jobs)),
  }
}

/**
 * Two people find most of it, three the rest, and cost a third as much again; now and then there are
 * four. Seven has nothing in common with ten, by which it goes who lies and whose accounts are new:
 * there are both with three people, too.
 */
function usualClients(seed: number): number {
  if (seed % 50 === 0) return 4
  return seed % 7 === 0 ? 3 : 2
}

function seedsOf({ seed, seeds }: { readonly seed?: string; readonly seeds?: string }) {
  if (seed !== undefined && seeds !== undefined) throw new Error('either --seed or --seeds')
  if (seed !== undefined) return { from: whole('seed', seed), to: whole('seed', seed) }
  const [, from = '', to = ''] = /^(\d+)\.\.(\d+)$/.exec(seeds ?? '1..100') ?? []
  if (from === '') throw new Error('--seeds is written FROM..TO, as in 1..2000')
  return { from: whole('seeds', from), to: whole('seeds', to) }
}

function whole(name: string, written: string): number {
  const number = Number(written)
  if (/^\d+$/.test(written) && Number.isSafeInteger(number)) return number
  throw new Error(`--${name} is a whole number`)
}
