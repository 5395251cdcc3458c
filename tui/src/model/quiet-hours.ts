/** Hours of the day in which nothing rings, from 0 to 23; the first may be later than the last. */
export interface QuietHours {
  readonly from: number
  readonly to: number
}

/** `22-7`: from ten in the evening until seven; undefined where it is written another way. */
export function parseQuietHours(text: string): QuietHours | undefined {
  const [, from = '', to = ''] = /^(\d{1,2})-(\d{1,2})$/.exec(text) ?? []
  if (from === '') return undefined
  const hours = { from: Number(from), to: Number(to) }
  return hours.from < 24 && hours.to < 24 && hours.from !== hours.to ? hours : undefined
}

export function writeQuietHours({ from, to }: QuietHours): string {
  return `${String(from)}-${String(to)}`
}

/** By the clock of this machine. The last hour is not in it. */
export function isQuiet(hours: QuietHours | undefined, atMs: number): boolean {
  if (hours === undefined) return false
  const { from, to } = hours
  const hour = new Date(atMs).getHours()
  return from < to ? hour >= from && hour < to : hour >= from || hour < to
}
