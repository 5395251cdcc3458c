import type { ColorDepth } from '../rows/colors.js'

/** How many colours a terminal has, by what its environment says of it. */
export function colorDepth(env: Readonly<Record<string, string | undefined>>): ColorDepth {
  const { COLORTERM = '', TERM = '' } = env
  if (/^(?:truecolor|24bit)$/i.test(COLORTERM) || /-direct$/.test(TERM)) return 'truecolor'
  return /256/.test(TERM) ? '256' : '16'
}
