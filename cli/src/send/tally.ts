import type { ErrorObject, SendObject } from '@sotto/client-core'
import { errorObject, PartialError, SottoError } from '@sotto/protocol'

import { renderSent } from '../print/lines.js'
import { errorOfOutcome } from '../print/outcome.js'
import type { Output } from '../print/output.js'
import type { LineOutcome } from './line-request.js'

const QUEUED = 79
const UNSEEN = 85
/** Ends that the next line would meet, too. */
const FATAL_EXITS: ReadonlySet<number> = new Set([70, 74, 83, 84, 86])

/** Prints what became of each line, and knows what became of all. */
export class Tally {
  readonly #output: Output
  #lines = 0
  #skipped = 0
  #failed = 0
  /** The first error of each exit code. */
  readonly #errors = new Map<number, ErrorObject>()

  constructor(output: Output) {
    this.#output = output
  }

  /** An empty line is no message. */
  skip(): void {
    this.#skipped += 1
  }

  /** Throws what no line can get past. */
  async tell({ request, outcome }: LineOutcome): Promise<void> {
    this.#lines += 1
    const { line } = request
    if (outcome instanceof SottoError) {
      if (isFatal(outcome)) throw outcome
      this.#tellUnsent(request, errorObject(outcome))
    } else {
      const requestId = idOf(request)
      this.#print({ line, ...(requestId === undefined ? {} : { requestId }), ...outcome.result })
      const error = errorOfOutcome(outcome)
      if (error !== undefined) this.#count(line, error, outcome.exitCode)
    }
    await this.#output.flush() // A slow reader is waited for.
  }

  /** Tells what became of all, and answers the exit code. */
  end(): number {
    if (this.#skipped > 0) this.#output.note(`${plural(this.#skipped, 'empty line')} skipped`)
    const error = this.#summary()
    if (error === undefined) return 0
    this.#output.error(error)
    return error.exit
  }

  #summary(): ErrorObject | undefined {
    const [only, another] = [...this.#errors.keys()].filter(isFailure)
    if (this.#failed === 0) return this.#errors.get(QUEUED) ?? this.#errors.get(UNSEEN)
    if (this.#failed === this.#lines && another === undefined) return this.#errors.get(only ?? 0)
    return errorObject(
      new PartialError(
        'lines/partial',
        `${String(this.#failed)} of ${plural(this.#lines, 'line')} failed`,
        { fix: 'What was printed for each tells which, and why; the others were sent.' },
      ),
    )
  }

  #tellUnsent(request: LineOutcome['request'], error: ErrorObject): void {
    const { line } = request
    const requestId = idOf(request)
    const to = request.kind === 'send' ? request.params.to : []
    this.#print({
      ...{ line, ...(requestId === undefined ? {} : { requestId }), status: 'failed' },
      ...{ results: to.map((recipient) => ({ recipient, status: 'failed', error })), error },
    })
    this.#count(line, error, error.exit)
  }

  #print(sent: SentLine): void {
    const output = this.#output
    output.result(sent, (look) => {
      const shown = output.watched
        ? sent.results.map((each) => renderSent(each, look))
        : sent.results.flatMap(({ id }) => id ?? [])
      return shown.length === 0 ? undefined : shown.join('\n')
    })
  }

  #count(line: number, error: ErrorObject, exitCode: number): void {
    if (!this.#errors.has(exitCode)) this.#errors.set(exitCode, error)
    if (!isFailure(exitCode)) return
    this.#failed += 1
    // With --json it stands in the line's own object.
    if (this.#output.json) return
    this.#output.error({ ...error, message: `line ${String(line)}: ${error.message}` })
  }
}

/** A line of `send --lines --json`. */
interface SentLine extends SendObject {
  readonly line: number
  readonly requestId?: string
  readonly error?: ErrorObject
}

function isFailure(exitCode: number): boolean {
  return exitCode !== QUEUED && exitCode !== UNSEEN
}

function isFatal({ code, exitCode }: SottoError): boolean {
  return FATAL_EXITS.has(exitCode) || code === 'temporary/interrupted'
}

function idOf(request: LineOutcome['request']): string | undefined {
  return request.kind === 'send' ? request.params.id : request.id
}

function plural(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`
}
