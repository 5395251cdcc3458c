import { join } from 'node:path'
import { sotto, type Outcome } from './sotto-process.js'
import type { RelayProcess } from './relay-process.js'

/** Somebody with a home of their own and one account. */
export interface Person {
  readonly home: string
  readonly handle: string
  run(args: readonly string[], options?: Parameters<typeof sotto>[2]): Promise<Outcome>
}

/** Makes an account the way a person does. */
export async function makePerson(
  relay: Pick<RelayProcess, 'url'>,
  dir: string,
  name: string,
): Promise<Person> {
  const person = personAt(join(dir, name), name)
  const created = await person.run([
    'account',
    'create',
    '--relay',
    relay.url,
    '--username',
    `${name}.42`,
    '--json',
  ])
  if (created.code !== 0) throw new Error(`account create failed\n${created.stderr}`)
  return person
}

export function personAt(home: string, name: string): Person {
  return { home, handle: `@${name}.42`, run: (args, options) => sotto(home, args, options) }
}

/** Alice and Bob, who have each other as contacts. */
export async function makePair(
  relay: Pick<RelayProcess, 'url'>,
  dir: string,
): Promise<{ readonly alice: Person; readonly bob: Person }> {
  const [alice, bob] = await Promise.all([
    makePerson(relay, dir, 'alice'),
    makePerson(relay, dir, 'bob'),
  ])
  await Promise.all([
    succeed(alice.run(['contact', 'add', bob.handle])),
    succeed(bob.run(['contact', 'add', alice.handle])),
  ])
  return { alice, bob }
}

export async function succeed(running: Promise<Outcome>): Promise<Outcome> {
  const outcome = await running
  if (outcome.code !== 0)
    throw new Error(`exit ${String(outcome.code)}\n${outcome.stdout}\n${outcome.stderr}`)
  return outcome
}

interface HistoryLine {
  readonly message: { readonly id: string; readonly text: string; readonly status?: string }
}

/** The texts of a conversation, oldest first. */
export async function historyOf(
  person: Person,
  conversation: string,
  limit = 1000,
): Promise<readonly HistoryLine[]> {
  const outcome = await succeed(
    person.run(['history', conversation, '-n', String(limit), '--json']),
  )
  return outcome.jsonLines<HistoryLine>()
}
