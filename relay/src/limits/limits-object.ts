import type { Context } from '../context.js'
import { wireLimits } from './limits.js'

/** Every limit there is, those of Hello and those only an operator cares for. */
export function limitsObject({
  limits,
}: Pick<Context, 'limits'>): Readonly<Record<string, number>> {
  const told = Object.entries<number | bigint>({ ...wireLimits(limits), ...limits })
  return Object.fromEntries(told.map(([name, value]) => [name, Number(value)]))
}
