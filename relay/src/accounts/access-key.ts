import { ACCESS_KEY_BYTES, ownBytes, type wire } from '@sotto/protocol'
import { DONE, INVALID, type Answer } from '../answers.js'
import type { Context, Session } from '../context.js'

/** Sets what contacts show as leave to submit, and what they may still show for a while. */
export async function setAccessKey(
  context: Context,
  session: Session,
  request: wire.SetAccessKey,
): Promise<Answer> {
  const { current, previous } = request
  if (current.length !== ACCESS_KEY_BYTES) return INVALID
  if (previous.length !== 0 && previous.length !== ACCESS_KEY_BYTES) return INVALID
  await context.commits.change('set-access-key', {
    account: session.account,
    current: ownBytes(current),
    previous: ownBytes(previous),
  })
  return DONE
}
