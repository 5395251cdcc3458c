import { assert } from '@sotto/protocol'
import type { OpenAccount } from '../open-account.js'
import { parseParams, type Fields, type Method } from './method.js'
import { METHODS, type MethodName } from './table.js'

export function isMethod(name: string): name is MethodName {
  return Object.hasOwn(METHODS, name)
}

/** Runs a method whose name and parameters came from outside. Throws only SottoErrors. */
export async function runMethod(
  open: OpenAccount,
  name: MethodName,
  params: unknown,
): Promise<unknown> {
  const { fields, run } = methodOf(name)
  return run(open, parseParams(fields, params))
}

/** Whether that call waits for what the world does, and not only for its own work. */
export function isWait(name: string, params: unknown): boolean {
  if (!isMethod(name)) return false
  const { fields, isWait: waits } = methodOf(name)
  try {
    return waits(parseParams(fields, params))
  } catch {
    return false // It is about to be told what is wrong with its parameters.
  }
}

/** As its row says, whatever its parameters are: they are parsed before it sees them. */
function methodOf(name: MethodName): Method<Fields, unknown> {
  const method = METHODS[name] as Method<Fields, unknown> | undefined
  assert(method !== undefined, 'only methods are asked for')
  return method
}
