import type { ErrorObject, SendOutcome } from '@sotto/client-core'
import { errorObject, PartialError, UnavailableError, type SottoError } from '@sotto/protocol'

const OK = 0
const QUEUED = 79
const PARTIAL = 81
const UNSEEN = 85

/** What stderr says of a send that did not get as far as was asked for; undefined when it did. */
export function errorOfOutcome(
  { result, exitCode }: SendOutcome,
  what: 'message' | 'change' = 'message',
): ErrorObject | undefined {
  if (exitCode === OK) return undefined
  if (exitCode === PARTIAL) return errorObject(partial(result))
  const own = result.results.find(({ error }) => error?.exit === exitCode)?.error
  if (own !== undefined) return own
  if (exitCode === UNSEEN) return errorObject(unseen())
  if (exitCode === QUEUED) return errorObject(queued(what))
  throw new Error(`no recipient explains exit code ${String(exitCode)}`)
}

/** What stderr says beside it: who got it though somebody else has the username now. */
export function notesOfOutcome({ result }: SendOutcome): readonly string[] {
  return result.results
    .filter(({ changed, status }) => changed === true && status !== 'failed')
    .map(
      ({ recipient }) =>
        `${recipient} is another account now; this went to the one you know. See: sotto verify show ${recipient}`,
    )
}

function queued(what: 'message' | 'change'): SottoError {
  const fix = {
    message: 'It will be sent; do not send it again. See: sotto outbox list',
    change: 'It is kept, and will be sent by whichever sotto runs next.',
  }
  return new UnavailableError('message/queued', 'queued, not yet accepted by the relay', {
    fix: fix[what],
  })
}

function unseen(): SottoError {
  return new UnavailableError('message/unseen', 'accepted, but not seen in time', {
    fix: 'It is on its way; they may be offline, or send no receipts.',
  })
}

function partial({ results }: SendOutcome['result']): SottoError {
  const failed = results.filter(({ status }) => status === 'failed')
  const names = failed.map(({ recipient, error }) => `${recipient}: ${error?.message ?? ''}`)
  for (const { recipient } of results.filter(({ status }) => status === 'queued'))
    names.push(`${recipient}: queued; it will be sent, do not send it again`)
  return new PartialError(
    'recipients/partial',
    `${String(failed.length)} of ${String(results.length)} recipients failed`,
    { fix: names.join('\n') },
  )
}
