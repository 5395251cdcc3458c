import { UsageError } from '@sotto/protocol'
import type { OpenAccount } from '../open-account.js'

/** Reads one parameter; throws `usage/invalid` naming it. */
export interface Field<Value> {
  readonly optional: boolean
  /** The JSON Schema of what `parse` takes, as `sotto schema rpc` tells it. */
  readonly schema: Readonly<Record<string, unknown>>
  readonly parse: (value: unknown, name: string) => Value
}

export type Fields = Readonly<Record<string, Field<unknown>>>

type Required<F extends Fields> = {
  [Key in keyof F]: undefined extends ReturnType<F[Key]['parse']> ? never : Key
}[keyof F]

/** The parameters that some fields describe. */
export type ParamsOf<F extends Fields> = {
  readonly [Key in Required<F>]: ReturnType<F[Key]['parse']>
} & {
  readonly [Key in Exclude<keyof F, Required<F>>]?: ReturnType<F[Key]['parse']> | undefined
}

/**
 * One thing an open account does. Parameters and result are plain JSON, so that whoever asks over a
 * socket asks for the same as whoever asks in this process; parameters are parsed at either door. An
 * owner that is killed leaves open whether it did what it was asked, and the next one is asked again:
 * twice must come to the same as once.
 */
export interface Method<F extends Fields, Result> {
  readonly fields: F
  readonly run: (open: OpenAccount, params: ParamsOf<F>) => Result | Promise<Result>
  /**
   * Whether it waits for what others do: for the relay, for a receipt. Whoever asks for that is sent
   * on to the next owner when this one leaves; anything else is finished first.
   */
  readonly isWait: (params: ParamsOf<F>) => boolean
}

export function method<F extends Fields, Result>(
  fields: F,
  run: (open: OpenAccount, params: ParamsOf<F>) => Result | Promise<Result>,
  isWait: (params: ParamsOf<F>) => boolean = () => false,
): Method<F, Result> {
  return { fields, run, isWait }
}

/** Throws `usage/invalid` for what is missing, wrong or unknown. Null is the same as left out. */
export function parseParams<F extends Fields>(fields: F, params: unknown): ParamsOf<F> {
  if (typeof params !== 'object' || params === null || Array.isArray(params))
    throw new UsageError('usage/invalid', 'the parameters are not an object')
  const given = params as Readonly<Record<string, unknown>>
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(fields, name))
  if (unknown !== undefined)
    throw new UsageError('usage/invalid', `there is no parameter ${unknown}`, {
      fix: `There are: ${Object.keys(fields).join(', ')}`,
    })
  const parsed: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(fields)) {
    const value = given[name]
    if (value === undefined || value === null) {
      if (!field.optional) throw new UsageError('usage/invalid', `the parameter ${name} is missing`)
    } else parsed[name] = field.parse(value, name)
  }
  return parsed as ParamsOf<F>
}

/** May be left out. */
export function optional<Value>(field: Field<Value>): Field<Value | undefined> {
  return { ...field, optional: true }
}

export const text: Field<string> = {
  optional: false,
  schema: { type: 'string' },
  parse: (value, name) => {
    if (typeof value === 'string') return value
    throw mistyped(name, 'a text')
  },
}

export const flag: Field<boolean> = {
  optional: false,
  schema: { type: 'boolean' },
  parse: (value, name) => {
    if (typeof value === 'boolean') return value
    throw mistyped(name, 'true or false')
  },
}

/** A whole number from 0. */
export const count: Field<number> = {
  optional: false,
  schema: { type: 'integer', minimum: 0 },
  parse: (value, name) => {
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
    throw mistyped(name, 'a whole number from 0')
  },
}

export const texts: Field<readonly string[]> = {
  optional: false,
  schema: { type: 'array', items: { type: 'string' } },
  parse: (value, name) => {
    if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value
    throw mistyped(name, 'a list of texts')
  },
}

/** One of a few words. */
export function oneOf<Choice extends string>(...choices: readonly Choice[]): Field<Choice> {
  return {
    optional: false,
    schema: { enum: choices },
    parse: (value, name) => {
      const choice = choices.find((each) => each === value)
      if (choice !== undefined) return choice
      throw mistyped(name, `one of ${choices.join(', ')}`)
    },
  }
}

function mistyped(name: string, wanted: string): UsageError {
  return new UsageError('usage/invalid', `the parameter ${name} is not ${wanted}`)
}
