import type { Figure } from './figure.js'
import type { Machine } from './machine.js'
import { aligned, durabilities, rowsOf } from './print.js'

export interface Measured {
  readonly figures: readonly Figure[]
  readonly machine: Machine
  readonly commit: string
  readonly beganMs: number
  readonly tookMs: number
  /** As it was typed behind `npm run bench`. */
  readonly args: readonly string[]
}

const HOW_TO_READ = `## How to read this

Each row was measured beside its floor and its peers in the same run on the same machine, turn about, so that what slows one slows the other. Absolute figures are this machine's; **the ratio is the figure.** A floor is the least that could do the work at all, on the same parts and with the same durability: it is what the language, the disk and the cryptography cost. A peer is another program that people use for the like. All figures are medians over the rounds; peers take part in the first round only. Where more is better the goal is at least so many times the floor, where less is better at most.

What moves ratios: a machine that does something else meanwhile, or slows down when it gets warm (the load before the run stands above: it should be near 0), and, for whole commands, \`NODE_EXTRA_CA_CERTS\` in the environment: with it Node reads all certificates at each start, 60 to 70 ms here, which hides the rest. The benchmarks unset it; rows that end in \`.certificates\` set it, as it was on the machine where the goals of whole commands were agreed on (its \`node -e 0\` took 101 ms). Without certificates the least that could send at all, the bare sender, takes about twice as long as \`node -e 0\`: decisions/0033 says where the rest goes.

Client and server share the machine, as in every row beside them. Quotas of the relay are raised by flag where a benchmark would meet them; nothing else is configured.`

/** docs/BENCHMARKS.md. */
export function benchmarksDocument(measured: Measured): string {
  const { machine, commit, figures, args } = measured
  const command = ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' ')
  const [head = [], ...rows] = rowsOf(figures)
  const cells = [head, ...rows].map((row) => row.map(escaped))
  const [top = '', ...lines] = aligned(cells, ' | ')
  const rule = head.map((_, at) =>
    '-'.repeat(Math.max(3, ...cells.map((row) => row[at]?.length ?? 0))),
  )
  const stated = durabilities(figures)
  return `# Benchmarks

Written by \`${command}\` in ${(measured.tookMs / 60_000).toFixed(1)} minutes; not by hand.

- date: ${new Date(measured.beganMs).toISOString().slice(0, 10)}
- commit: ${commit}
- machine: ${machine.cores} × ${machine.processor}, ${machine.memoryGiB} GiB
- system: ${machine.system}, Node ${machine.node.slice(1)}
- load before the run: ${machine.loadBefore}

## Figures

${[top, rule.join(' | '), ...lines].map((line) => `| ${line} |`).join('\n')}

${stated.length === 0 ? '' : `## What the peers promise when they say that they have it\n\n${stated.map((each) => `- ${each}`).join('\n')}\n\n`}${HOW_TO_READ}
`
}

function escaped(cell: string): string {
  return cell.replaceAll('|', '\\|')
}
