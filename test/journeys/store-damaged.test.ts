import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { test } from 'tap'

import { succeed, type Person } from '../harness/index.js'
import { beginPair, textsOf, type EventLine } from './support/pair.js'

/** The log of the only account in a home. */
function logOf({ home }: Person): string {
  const accounts = join(home, 'accounts')
  const name = readdirSync(accounts).find((each) => each !== 'default') ?? ''
  return join(accounts, name, 'store.db-wal')
}

const LOG_BYTES_MAX = 256 * 1024
const LONG = 'long '.repeat(12_000)

function bytesOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

async function eventsOf(person: Person): Promise<readonly EventLine[]> {
  const { stdout } = await succeed(person.run(['receive', '--json']))
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as EventLine)
}

test('a store whose log is damaged in the middle does not go back without a word', async (t) => {
  const { alice, bob } = await beginPair(t)
  await succeed(alice.run(['send', bob.handle, 'before']))
  t.strictSame(textsOf(await eventsOf(bob)), ['before'])
  await succeed(bob.run(['send', alice.handle, 'answer']))
  await eventsOf(alice)
  const log = logOf(alice)
  // What follows has to fit into it: whoever leaves a long one moves it into the database.
  while (bytesOf(log) > LOG_BYTES_MAX) await succeed(alice.run(['send', 'me', LONG]))
  const place = bytesOf(log) + 1_000
  for (const text of ['one', 'two', 'three']) await succeed(alice.run(['send', bob.handle, text]))
  writeFileSync(log, readFileSync(log).fill(0x5a, place, place + 512))

  const refused = await alice.run(['send', bob.handle, 'not sent'])
  t.equal(refused.code, 74)
  t.match(refused.stderr, /the store is damaged: its log is, in the middle {2}\[store\/damaged\]/)
  t.match(refused.stderr, /sotto doctor --fix/)
  const looked = await alice.run(['doctor'])
  t.match(looked.stdout, /what was stored last is damaged/)
  t.equal((await alice.run(['history', bob.handle])).code, 74, 'looking changes nothing')

  t.match(
    (await alice.run(['doctor', '--fix'])).stdout,
    /what was stored last is given up, as it was damaged; they open again/,
  )
  const afterwards = await eventsOf(alice)
  t.match(
    afterwards.find(({ type }) => type === 'gap'),
    { reason: 'store-damaged' },
  )
  await succeed(alice.run(['send', bob.handle, 'afterwards']))
  t.strictSame(textsOf(await eventsOf(bob)), ['one', 'two', 'three', 'afterwards'])
  await succeed(bob.run(['send', alice.handle, 'I read you']))
  t.strictSame(textsOf(await eventsOf(alice)), ['I read you'])
})
