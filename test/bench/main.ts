import { isMet, ratioOf, type Figure, type Run } from './figure.js'

/** The benchmarks by name: `npm run bench relay`. A new file is a new line here. */
const BENCHES: Readonly<Record<string, () => Promise<{ readonly run: Run }>>> = {
  backlog: () => import('./backlog.js'),
  cli: () => import('./cli.js'),
  history: () => import('./history.js'),
  lines: () => import('./lines.js'),
  relay: () => import('./relay.js'),
  search: () => import('./search.js'),
}

const ROUNDS = 5
const MESSAGES = 1_000_000

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  const asked = args.filter((arg) => !arg.startsWith('--'))
  const unknown = asked.filter((name) => !Object.hasOwn(BENCHES, name))
  if (unknown.length > 0) {
    console.error(`no benchmark is called ${unknown.join(', ')}; there are: ${names().join(', ')}`)
    return 64
  }
  const json = args.includes('--json')
  const rounds = numberOf(args, 'rounds') ?? ROUNDS
  const messages = numberOf(args, 'messages') ?? MESSAGES
  const figures: Figure[] = []
  for (const name of asked.length > 0 ? asked : names()) {
    const bench = await BENCHES[name]?.()
    const note = (line: string): void => console.error(`${name}: ${line}`)
    figures.push(...((await bench?.run({ rounds, messages, note })) ?? []))
  }
  for (const line of json ? figures.map(jsonLine) : table(figures)) console.log(line)
  return 0
}

/** `--rounds=3`. */
function numberOf(args: readonly string[], name: string): number | undefined {
  const typed = args.map((arg) => new RegExp(`^--${name}=(\\d+)$`).exec(arg)?.[1])
  const number = typed.find((each) => each !== undefined)
  return number === undefined ? undefined : Number(number)
}

function names(): string[] {
  return Object.keys(BENCHES)
}

function jsonLine(figure: Figure): string {
  const { goal, ...measured } = figure
  return JSON.stringify({
    ...measured,
    ratio: ratioOf(figure),
    goal: goal === undefined ? undefined : goalText(goal),
    met: isMet(figure),
  })
}

function table(figures: readonly Figure[]): string[] {
  const rows = figures.map((figure) => [
    figure.bench,
    `${round(figure.value)} ${figure.unit}`,
    figure.floor === undefined ? '' : `${figure.floor.name} ${round(figure.floor.value)}`,
    ratioOf(figure)?.toFixed(2) ?? '',
    figure.goal === undefined ? '' : goalText(figure.goal),
    { true: 'met', false: 'missed', undefined: '' }[String(isMet(figure))] ?? '',
  ])
  const all = [['figure', 'value', 'floor', 'ratio', 'goal', ''], ...rows]
  const widths = [0, 1, 2, 3, 4, 5].map((column) =>
    Math.max(...all.map((row) => row[column]?.length ?? 0)),
  )
  return all.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
}

function goalText(goal: NonNullable<Figure['goal']>): string {
  if ('valueAtMost' in goal) return `≤ ${goal.valueAtMost}`
  return 'atLeast' in goal ? `≥ ${goal.atLeast} ×` : `≤ ${goal.atMost} ×`
}

function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3)
}
