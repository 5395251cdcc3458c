import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { makeMessageId } from '@sotto/protocol'
import { test } from 'tap'
import { friends, type Desk } from '../support/desk.js'
import { NOW_MS } from '../support/world.js'

const ENVELOPES = 1_000
/** Less than one body for each envelope: whoever keeps them keeps more. */
const GROWTH_BYTES_MAX = ENVELOPES * 1_024

setFlagsFromString('--expose-gc')
const collect: unknown = runInNewContext('gc')

/** What is in use when nothing that can be forgotten is left. */
function bytesInUse(): number {
  if (!isCall(collect)) throw new Error('V8 gives no way to collect')
  collect()
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

function isCall(value: unknown): value is () => void {
  return typeof value === 'function'
}

/** Puts texts into the mailbox and forgets them once they are acknowledged. */
async function openBacklog(from: Desk, to: Desk, firstSeq: number): Promise<void> {
  const letters = []
  for (let index = 0; index < ENVELOPES; index++) {
    const message = makeMessageId({
      nowMs: NOW_MS + firstSeq + index,
      random: to.person.core.ports.random.bytes(10),
    })
    const text = { message, body: 'one of many', replyTo: undefined, silent: false }
    const { body } = await from.person.seal(to.person, { kind: 'text', text })
    const seq = firstSeq + index
    letters.push({ seq, arrivalMs: NOW_MS, body, stranger: false })
  }
  await to.deliver(letters)
}

test('a backlog leaves nothing in memory, however long it is', { timeout: 0 }, async (t) => {
  const { alice, bob } = await friends(t)
  const first = (bob.read.inbox.cursor()?.seq ?? 0) + 1
  await openBacklog(alice, bob, first)
  const before = bytesInUse()
  await openBacklog(alice, bob, first + ENVELOPES)
  const growth = bytesInUse() - before
  t.equal(
    bob.read.messages.page({ conversation: bob.conversation(alice)[0]!.conversation, limit: 5_000 })
      .length,
    2 * ENVELOPES + 2,
  )
  t.ok(growth < GROWTH_BYTES_MAX, `${growth} bytes more after as many again`)
})
