import type { MethodParams, SendOutcome, WaitLevel } from '@sotto/client-core'
import { asSottoError, InputError, type SottoError } from '@sotto/protocol'

import { parseChoice } from '../flags/values.js'
import type { Line } from '../lines.js'
import { requireRecipient } from '../recipients.js'

export const WAIT_LEVELS: readonly WaitLevel[] = ['queued', 'accepted', 'delivered', 'read']

export type SendParams = MethodParams<'message.send'>

/** What a line of stdin asks for. An empty one asks for nothing. */
export type LineRequest =
  | { readonly kind: 'send'; readonly line: number; readonly params: SendParams }
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'wrong'
      readonly line: number
      readonly id: string | undefined
      readonly error: SottoError
    }

/** What became of one line. */
export interface LineOutcome {
  readonly request: Exclude<LineRequest, { readonly kind: 'nothing' }>
  readonly outcome: SendOutcome | SottoError
}

/** What holds for a line that does not say otherwise. */
export interface LineDefaults extends Omit<SendParams, 'text'> {
  /** Each line is a request rather than a text. */
  readonly ndjson: boolean
}

/**
 * With `--id KEY` the key of a line is `KEY:` and its number, so that running the same lines again
 * sends none of them twice.
 */
export function readRequest(line: Line, { ndjson, ...defaults }: LineDefaults): LineRequest {
  const { number } = line
  const id = defaults.id === undefined ? undefined : `${defaults.id}:${String(number)}`
  if ('error' in line) return { kind: 'wrong', line: number, id, error: line.error }
  if (line.text === '' || (ndjson && line.text.trim() === '')) return { kind: 'nothing' }
  if (!ndjson) {
    return { kind: 'send', line: number, params: { ...defaults, id, text: line.text } }
  }
  let fields: Fields = {}
  try {
    fields = parseFields(line.text)
    const params = { ...defaults, id, ...paramsOf(fields) }
    if (params.to.length === 0) throw invalid('there is no recipient', 'Add "to":["@bob.42"].')
    return { kind: 'send', line: number, params }
  } catch (thrown) {
    const own = typeof fields['id'] === 'string' ? fields['id'] : id
    return { kind: 'wrong', line: number, id: own, error: asSottoError(thrown) }
  }
}

type Fields = Readonly<Record<string, unknown>>

function parseFields(text: string): Fields {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new InputError('content/invalid', 'the line is not JSON', { cause, fix: EXAMPLE })
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw invalid('the line is not a JSON object', EXAMPLE)
}

const EXAMPLE = 'One request a line: {"to":["@bob.42"],"text":"hello","id":"k1"}'

const FIELDS: Readonly<Record<string, (value: unknown) => Partial<SendParams>>> = {
  to: (value) => ({ to: recipients(value) }),
  text: (value) => ({ text: string('text', value) }),
  id: (value) => ({ id: key(string('id', value)) }),
  replyTo: (value) => ({ replyTo: string('replyTo', value) }),
  silent: (value) => {
    if (typeof value === 'boolean') return { silent: value }
    throw invalid('"silent" is not true or false', EXAMPLE)
  },
  wait: (value) => ({ wait: parseWait(string('wait', value)) }),
}

function paramsOf(fields: Fields): Partial<SendParams> & Pick<SendParams, 'text'> {
  const params: Partial<SendParams> = {}
  for (const [name, value] of Object.entries(fields)) {
    const parse = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined
    if (parse === undefined) {
      throw invalid(`there is no field "${name}"`, `There are: ${Object.keys(FIELDS).join(' ')}`)
    }
    if (value !== null) Object.assign(params, parse(value))
  }
  const { text } = params
  if (text === undefined) throw invalid('there is no "text"', EXAMPLE)
  return { ...params, text }
}

function recipients(value: unknown): readonly string[] {
  const written: unknown = typeof value === 'string' ? [value] : value
  if (!Array.isArray(written)) throw invalid('"to" is not a list of recipients', EXAMPLE)
  return written.map((each) => requireRecipient(string('to', each)))
}

function string(name: string, value: unknown): string {
  if (typeof value === 'string') return value
  throw invalid(`"${name}" is not a text`, EXAMPLE)
}

function key(id: string): string {
  if (id === '') throw invalid('"id" is empty', 'Give it a key of its own, or leave it out.')
  return id
}

function parseWait(text: string): WaitLevel {
  try {
    return parseChoice(text, WAIT_LEVELS, 'level to wait for')
  } catch (cause) {
    const { message, fix } = asSottoError(cause)
    throw new InputError('content/invalid', message, { cause, fix })
  }
}

function invalid(message: string, fix: string): InputError {
  return new InputError('content/invalid', message, { fix })
}
