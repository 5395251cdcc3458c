import { isJsonAsked, type Flags } from '../config/sources.js'

/** Whether a command is to print JSON. */
export function printsJson(flags: Flags): boolean {
  return isJsonAsked(flags, process.env)
}

/** One line of JSON on stdout. */
export function printObject(object: object): void {
  process.stdout.write(`${JSON.stringify({ v: 1, ...object })}\n`)
}

/** A line for each field, times as times. */
export function printFields(fields: Readonly<Record<string, unknown>>): void {
  const width = Math.max(...Object.keys(fields).map((name) => name.length))
  for (const [name, value] of Object.entries(fields)) {
    const isTime = typeof value === 'number' && name === 'startedMs'
    process.stdout.write(`${name.padEnd(width)}  ${isTime ? timeText(value) : String(value)}\n`)
  }
}

export function timeText(timeMs: number): string {
  return new Date(timeMs).toISOString()
}
